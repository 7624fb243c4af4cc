// When each step of a request began, and how long it took. Every bar is also said in words.
import { h } from "./dom.js";
import { milliseconds } from "./format.js";

/** The steps: `{ label, kind, start, ms }`, the start in milliseconds after the request's. */
export function steps(one) {
  const since = (seconds) => (seconds - one.startedAt) * 1000;
  const { edge, api, function: run } = one.spans;
  const found = [];
  if (edge) found.push({ label: `Edge ${edge.behaviour}`, kind: "edge", start: since(edge.startedAt), ms: edge.ms });
  if (api) {
    const start = since(api.startedAt);
    found.push({ label: "API", kind: "api", start, ms: api.ms });
    const authorizer = api.authorizer;
    if (authorizer?.ms !== undefined) found.push({ label: `Authorizer, ${authorizer.result}`, kind: "authorizer", start, ms: authorizer.ms });
    const handler = api.functions?.[api.function];
    // It is the last step of the API.
    if (handler !== undefined) found.push({ label: api.operation, kind: "handler", start: start + Math.max(0, api.ms - handler), ms: handler });
  }
  if (run) found.push({ label: run.target, kind: "handler", start: since(run.startedAt), ms: run.ms });
  for (const call of one.calls) found.push({ label: `${call.service} ${call.action}`, kind: call.status >= 400 ? "call failed" : "call", start: since(call.startedAt), ms: call.ms });
  return found;
}

export function waterfall(one) {
  const found = steps(one);
  const whole = Math.max(1, ...found.map((step) => step.start + step.ms));
  return h("ol", { class: "waterfall" }, found.map((step) => {
    const bar = h("span", { class: `bar ${step.kind}` });
    bar.style.left = `${Math.min(99, (Math.max(0, step.start) / whole) * 100)}%`;
    bar.style.width = `${Math.max(0.6, (step.ms / whole) * 100)}%`;
    return h("li", {},
      h("span", { class: "step" }, step.label),
      h("span", { class: "track", "aria-hidden": "true" }, bar),
      h("span", { class: "took" }, milliseconds(step.ms)));
  }));
}
