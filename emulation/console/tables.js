import { api } from "./api.js";
import { action, empty, h, head, json, say } from "./dom.js";
import { count, short } from "./format.js";

/** A value of DynamoDB's JSON as plain JSON; numbers keep every digit, as texts where JavaScript would lose some. */
export function plain(value) {
  const [[type, inner]] = Object.entries(value);
  switch (type) {
    case "M": return item(inner);
    case "L": return inner.map(plain);
    case "N": return String(Number(inner)) === inner ? Number(inner) : inner;
    case "NULL": return null;
    default: return inner;
  }
}

const item = (attributes) => Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plain(value)]));

export async function showTables(page, params) {
  const tables = await api.tables();
  const lead = "Every item of the tables. Query by key, or look through all of them.";
  if (!tables.length) {
    page.append(head("Tables", lead), empty("No tables", "The stack is not there yet."));
    return;
  }
  const table = tables.find((one) => one.name === params.get("table")) ?? tables[0];
  const index = table.indexes.find((one) => one.name === params.get("index"));
  const key = (index ?? table).key;
  const items = h("ul", { class: "rows items" });
  const status = h("p", { class: "faint", "aria-live": "polite" });
  const more = h("div", { class: "actions start" });
  const question = { table: table.name, index: index?.name, hash: params.get("hash"), range: params.get("range") };
  let shown = 0;
  const load = async (start) => {
    const answer = await api.items({ ...question, start: start && JSON.stringify(start) });
    shown += answer.items.length;
    items.append(...answer.items.map((one) => row(item(one), table)));
    status.textContent = `${count(shown, "item")}${answer.next ? " so far" : ""}`;
    more.replaceChildren(...(answer.next ? [action("Show more", () => load(answer.next))] : []));
  };
  try {
    await load(null);
    if (!shown) items.append(h("li", {}, empty("No items", question.hash ? "None has this key." : "The table is empty.")));
  } catch (error) {
    say(error.message, "bad");
    items.append(h("li", {}, empty("This cannot be asked", error.message)));
  }
  page.append(
    head("Tables", lead),
    h("nav", { class: "tabs", "aria-label": "Tables" }, tables.map((one) => h("a", { href: `#/tables?table=${encodeURIComponent(one.name)}`, "aria-current": one === table ? "page" : null }, short(one.name), h("small", {}, String(one.itemCount))))),
    form(table, index, key, question), status, items, more);
}

function form(table, index, key, question) {
  const element = h("form", { class: "filters", role: "search", onsubmit: (event) => {
    event.preventDefault();
    const given = [...new FormData(element)].filter(([, value]) => value);
    location.hash = `#/tables?${new URLSearchParams([["table", table.name], ...given])}`;
  } },
    h("label", {}, h("span", { class: "hidden" }, "Index"), h("select", { name: "index", "aria-label": "Index", onchange: () => element.requestSubmit() },
      h("option", { value: "" }, "Table itself"), table.indexes.map((one) => h("option", { value: one.name, selected: one === index }, one.name)))),
    ["hash", "range"].slice(0, key.length).map((role, place) => h("input", { name: role, type: "search", value: question[role] ?? "", autocomplete: "off",
      placeholder: `${key[place].name}${role === "range" && key[place].type === "S" ? " begins with" : ""}`, "aria-label": `${key[place].name} (${role} key)` })),
    h("button", {}, "Query"));
  return element;
}

function row(attributes, table) {
  const title = table.key.map(({ name }) => String(attributes[name])).join(" · ");
  const words = ["brand", "model", "year", "name", "email"].map((name) => attributes[name]).filter((value) => value !== undefined && typeof value !== "object");
  return h("li", {}, h("details", { class: "card" },
    h("summary", {}, h("span", { class: "row-title" }, words.join(" ") || title), h("code", { class: "faint" }, title)),
    json(attributes)));
}
