import { api } from "./api.js";
import { action, empty, h, head, say, sending } from "./dom.js";
import { duration, moment } from "./format.js";

// Seconds, and what they are good for.
const STEPS = [
  [5 * 60, "5 minutes", "upload addresses and the authorizer's decisions run out"],
  [61 * 60, "61 minutes", "access tokens expire"],
  [86400, "a day", "codes, links and unclaimed uploads run out"],
  [8 * 86400, "8 days", "what was deleted is gone for good"],
];

export async function showClock(page) {
  const events = h("ol", { class: "list" });
  const sum = h("p", { class: "big" });
  const render = (found) => {
    const total = found.reduce((all, event) => all + event.seconds, 0);
    sum.textContent = total ? `Everything older is aged by up to ${duration(total)}.` : "The clock shows the real time.";
    events.replaceChildren(...(found.length ? found.map((event) => h("li", { class: "row" },
      h("span", { class: "row-title" }, `${duration(event.seconds)} passed`), h("time", { class: "faint", dateTime: event.at }, moment(event.at)))).reverse()
      : [h("li", {}, empty("Nothing was advanced", "What was issued before an advance is older from then on; what comes after is fresh."))]));
  };
  const change = async (act, done) => {
    await act();
    render(await api.clock());
    document.dispatchEvent(new Event("clock"));
    say(done);
  };
  const minutes = h("input", { type: "number", min: "1", value: "90", id: "minutes", required: true });
  render(await api.clock());
  page.append(
    head("Clock", "Let time pass without waiting: for tokens, codes, links, cached decisions and lifecycle rules.",
      action("Forget all", () => change(api.forgetClock, "The clock shows the real time"))),
    sum,
    h("div", { class: "cards" }, STEPS.map(([seconds, label, why]) => h("section", { class: "card" },
      action(`Advance by ${label}`, () => change(() => api.advanceClock(seconds), `${duration(seconds)} have passed`), { class: "primary" }),
      h("p", { class: "faint" }, why)))),
    h("form", { class: "filters", onsubmit: sending(() =>
      change(() => api.advanceClock(Math.round(Number(minutes.value) * 60)), `${minutes.value} minutes have passed`)) }, h("label", { htmlFor: "minutes" }, "Minutes"), minutes, h("button", {}, "Advance")),
    h("h2", {}, "Advances"), events);
}
