// Sends a request again, as the same user; what the log hides is filled in by whoever replays.
import { api } from "./api.js";
import { badge, h, json, sending } from "./dom.js";
import { frontDoorPath } from "./curl.js";
import { tone } from "./format.js";

const random = (count) => [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A trace of our own choice, by which the log can be asked for the request that we are about to send. */
const newTraceId = () => `1-${Math.floor(Date.now() / 1000).toString(16).padStart(8, "0")}-${random(12)}`;

export function replayForm(one) {
  const span = one.spans.api ?? {};
  const result = h("div", { "aria-live": "polite" });
  const body = span.body ? h("textarea", { id: "replay-body", rows: Math.min(12, JSON.stringify(span.body, null, 2).split("\n").length), spellcheck: false, value: JSON.stringify(span.body, null, 2) }) : null;
  const isHidden = body?.value.includes("[hidden]");
  return h("form", { class: "replay", onsubmit: sending(async () => result.replaceChildren(await send(one, span, body?.value))) },
    body ? h("label", { htmlFor: "replay-body" }, isHidden ? "Body: fill in what is hidden" : "Body") : null, body,
    h("p", { class: "faint" }, one.userId ? `Sent as ${one.userEmail || one.userId}, with a fresh token.` : "Sent without a token."),
    h("button", { class: "primary" }, "Replay"), result);
}

async function send(one, span, body) {
  const traceId = newTraceId();
  const headers = { ...span.headers, "x-amzn-trace-id": `Root=${traceId}` };
  delete headers.origin;
  if (one.userId) headers.authorization = `Bearer ${await api.accessToken(one.userId)}`;
  const answer = await fetch(frontDoorPath(one), { method: one.method, headers, body: body || undefined });
  const text = await answer.text();
  let shown = h("pre", { tabIndex: 0 }, text || "(no body)");
  try {
    shown = json(JSON.parse(text));
  } catch {
    // It is shown as it came.
  }
  return h("div", { class: "replayed" },
    h("p", {}, badge(answer.status, tone(answer.status)), " ", h("a", { href: `#/requests?id=${traceId}` }, "Show the replayed request")), shown);
}
