import { api } from "./api.js";
import { action, agree, badge, empty, h, head, say } from "./dom.js";
import { count, milliseconds, short, time, tone } from "./format.js";
import { keepFresh, onChange } from "./live.js";
import { showRequest } from "./request.js";

// A page of the site is a dozen files: they are listed when they are asked for.
const KINDS = [["", "All but the site"], ["api", "API"], ["edge", "Images, mailed links"], ["function", "Functions"], ["aws", "Straight to AWS"], ["site", "The site's files"]];
const STATUSES = [["", "Any status"], ["2xx", "2xx"], ["3xx", "3xx"], ["4xx", "4xx"], ["5xx", "5xx"]];
const KEPT = 200;

export async function showRequests(page, params, signal) {
  const filters = { path: params.get("path") ?? "", status: params.get("status") ?? "", user: params.get("user") ?? "", kind: params.get("kind") ?? "" };
  const list = h("ul", { class: "list timeline", "aria-label": "Requests" });
  const detail = h("section", { class: "reader", "aria-label": "Request" });
  const status = h("p", { class: "faint", "aria-live": "off" });
  const chosen = params.get("id");
  let known = new Map();
  let revision = 0;

  const address = (id) => `#/requests?${new URLSearchParams(Object.entries({ ...filters, id }).filter(([, value]) => value))}`;
  const showList = onChange((found) => {
    status.textContent = found.length ? `${count(found.length, "request")}, the newest first` : "";
    list.replaceChildren(...(found.length ? found.map((one) => row(one, address(one.id), one.id === chosen)) : [h("li", {},
      Object.values(filters).some(Boolean) ? empty("Nothing fits", "No request of the last 1,000 has what the filters ask for.")
        : empty("No requests yet", "Call the API, open a picture, or use an AWS tool: each request appears here by itself."))]));
  });
  const showDetail = onChange((one) => showRequest(detail, one));
  const refresh = async () => {
    const before = known;
    const told = await api.requests({ ...filters, since: revision, limit: KEPT });
    // Cleared meanwhile.
    if (known !== before) return;
    // Another start of the local AWS begins anew.
    if (told.revision < revision) known = new Map();
    revision = told.revision;
    for (const one of told.requests) known.set(one.id, one);
    const isShown = (one) => one.kind !== "site" || filters.kind === "site" || one.id === chosen;
    const found = [...known.values()].filter(isShown).sort((a, b) => b.startedAt - a.startedAt).slice(0, KEPT);
    known = new Map(found.map((one) => [one.id, one]));
    showList(found);
    if (chosen && (known.has(chosen) || !detail.childElementCount)) {
      showDetail(known.get(chosen) ?? (await api.requests({ id: chosen })).requests[0] ?? null);
    }
  };
  await refresh();
  if (!chosen) detail.append(empty("No request chosen", "Choose one of the list to see where it went and what each step took."));
  keepFresh(signal, refresh, 1000);
  page.append(
    head("Requests", "From the edge to the table: what came in, who decided, what was asked of AWS.",
      action("Clear", async () => {
        if (!await agree("Forget all requests?", "The meter stays.", "Clear")) return;
        await api.clearRequests();
        known = new Map();
        showList([]);
        say("The log is empty");
      })),
    filterForm(filters),
    status,
    h("div", { class: `split ${chosen ? "chosen" : ""}` }, list,
      h("div", {}, chosen ? h("p", { class: "back" }, h("a", { href: address("") }, "← All requests")) : null, detail)));
}

function row(one, href, isChosen) {
  return h("li", {}, h("a", { class: "row request", href, "aria-current": isChosen ? "true" : null },
    h("time", { class: "faint" }, time(one.startedAt)),
    h("span", { class: "method" }, one.method || "…"),
    h("span", { class: "target" }, one.kind === "aws" ? short(one.target) : one.target || "under way"),
    badge(one.status ?? "…", tone(one.status)),
    h("span", { class: "faint about" }, about(one)),
    h("span", { class: "faint took" }, milliseconds(one.ms))));
}

/** What a request was about, in a few words: why it was refused, whose it was. */
function about(one) {
  const { api, function: run } = one.spans;
  const error = api?.errorCode ?? run?.errorCode ?? (one.kind === "aws" ? one.calls[0]?.errorCode : "");
  const who = one.userEmail || (one.kind === "aws" ? one.calls[0]?.caller : "");
  return [error, run?.source ?? api?.operation, who].filter(Boolean).join(" · ");
}

function filterForm(filters) {
  const choice = (name, label, options) => h("label", {}, h("span", { class: "hidden" }, label),
    h("select", { name, "aria-label": label }, options.map(([value, text]) => h("option", { value, selected: value === filters[name] }, text))));
  const form = h("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault(), onchange: () => {
    location.hash = `#/requests?${new URLSearchParams([...new FormData(form)].filter(([, value]) => value))}`;
  } },
    h("input", { type: "search", name: "path", value: filters.path, placeholder: "Path", "aria-label": "Part of the path", autocomplete: "off" }),
    choice("status", "Status", STATUSES),
    choice("kind", "Kind", KINDS),
    h("input", { type: "search", name: "user", value: filters.user, placeholder: "User", "aria-label": "User's id or address", autocomplete: "off" }));
  return form;
}
