import { api } from "./api.js";
import { badge, empty, h, head, json } from "./dom.js";
import { count, moment } from "./format.js";
import { keepFresh, onChange } from "./live.js";

export async function showDeadLetters(page, _params, signal) {
  const list = h("ul", { class: "rows" });
  const show = onChange((letters) => list.replaceChildren(...(letters.length ? letters.map(row).reverse() : [
    h("li", {}, empty("No dead letters", "Every record of the tables' streams was delivered."))])));
  const refresh = async () => show(await api.deadLetters());
  await refresh();
  keepFresh(signal, refresh, 4000);
  page.append(head("Dead letters", "Records of the tables' streams that a function refused until its attempts were used up."), list);
}

function row(letter) {
  return h("li", { class: "card" },
    h("div", { class: "card-head" }, h("h2", {}, letter.entry), badge(count(letter.attempts, "attempt"), "bad")),
    h("p", { class: "problem" }, letter.error),
    h("p", { class: "faint" }, `${count(letter.records.length, "record")} of ${letter.tableName}, ${moment(letter.at)}`),
    h("details", {}, h("summary", {}, "Records"), json(letter.records)));
}
