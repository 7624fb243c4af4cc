import { api } from "./api.js";
import { action, badge, empty, h, head, say, sending } from "./dom.js";
import { count, milliseconds as time } from "./format.js";
import { keepFresh, onChange } from "./live.js";

const KINDS = {
  throttle: "Throttled: slow down",
  error: "Failed: a 5xx",
  latency: "Slow: answered late",
  drop: "Cut off: nothing is done",
  lost: "Answer lost: done, and cut off",
  conflict: "Conflict: another transaction",
  "in-progress": "In progress: the same again",
};
const SERVICES = { "*": "Every service", "cognito-idp": "Cognito", dynamodb: "DynamoDB", s3: "S3" };
const TONES = { latency: "warn" };

export async function showFaults(page, _params, signal) {
  const list = h("ul", { class: "rows" });
  const show = onChange((faults) => list.replaceChildren(...(faults.length ? faults.map((fault) => row(fault, refresh)) : [
    h("li", {}, empty("No faults", "Every call of AWS is answered as it should be."))])));
  const refresh = async () => show(await api.faults());
  await refresh();
  keepFresh(signal, refresh, 2000);
  page.append(
    head("Faults", "Let calls of AWS fail as they fail on AWS, and see what the API and a frontend make of it.",
      action("End all", async () => {
        await api.endFaults();
        await refresh();
        say("No fault is on any more");
      })),
    form(refresh), list);
}

function form(refresh) {
  const kind = select("kind", KINDS, () => { late.hidden = kind.value !== "latency"; });
  const service = select("service", SERVICES);
  const operation = h("input", { id: "action", value: "*", required: true, maxLength: 100, autocomplete: "off" });
  const share = h("input", { id: "share", type: "number", min: "1", max: "100", value: "100", required: true });
  const milliseconds = h("input", { id: "milliseconds", type: "number", min: "1", max: "60000", value: "3000", required: true });
  const late = field("Milliseconds", milliseconds);
  late.hidden = true;
  return h("form", { class: "filters", onsubmit: sending(async () => {
    await api.addFault({
      kind: kind.value, service: service.value, action: operation.value, share: Number(share.value) / 100,
      ...(kind.value === "latency" ? { milliseconds: Number(milliseconds.value) } : {}),
    });
    await refresh();
    say("The fault is on");
  }) },
    field("What happens", kind), field("Service", service), field("Action (* is any)", operation),
    field("Share of the calls in %", share), late, h("button", { class: "primary" }, "Add"));
}

const field = (text, input) => h("span", { class: "field" }, h("label", { htmlFor: input.id }, text), input);

function select(id, options, onchange = () => {}) {
  return h("select", { id, onchange }, Object.entries(options).map(([value, text]) => h("option", { value }, text)));
}

function row(fault, refresh) {
  const what = `${SERVICES[fault.service]}, ${fault.action === "*" ? "every action" : fault.action}`;
  return h("li", { class: "card user" },
    h("div", {},
      h("h2", {}, what),
      h("p", { class: "badges" },
        badge(fault.kind, TONES[fault.kind] ?? "bad"), badge(`${Math.round(fault.share * 100)} % of the calls`),
        fault.milliseconds ? badge(time(fault.milliseconds)) : null),
      h("p", { class: "faint" }, `${count(fault.hits, "call")} hit of ${fault.met}`)),
    h("div", { class: "actions" }, action("End", async () => {
      await api.endFault(fault.id);
      await refresh();
      say("The fault has ended");
    }, { "aria-label": `End: ${fault.kind}, ${what}` })));
}
