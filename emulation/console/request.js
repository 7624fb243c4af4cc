// One request: where it went, what each step took, and how to send it again.
import { action, badge, copy, empty, h, json, pair } from "./dom.js";
import { bytes, milliseconds, moment, short, tone, units } from "./format.js";
import { asCurl } from "./curl.js";
import { replayForm } from "./replay.js";
import { waterfall } from "./waterfall.js";

const DECISIONS = {
  "not needed": "this route takes no token",
  "no identity": "there was no Authorization header, so nobody was asked",
  hit: "cached decision",
  miss: "not cached: the authorizer ran",
  failed: "the authorizer failed",
};

export function showRequest(section, one) {
  if (!one) {
    section.replaceChildren(empty("This request is not in the log", "The last 1,000 are kept."));
    return;
  }
  const { edge, api, function: run } = one.spans;
  const canReplay = (edge?.behaviour === "/api/*" || api) && one.method !== "OPTIONS";
  section.replaceChildren(h("article", {},
    h("h2", { class: "target" }, `${one.method || "…"} ${one.target}`),
    h("p", { class: "badges" }, badge(one.status ?? "under way", tone(one.status)), badge(milliseconds(one.ms)),
      one.route && one.route !== one.target ? badge(one.route) : null,
      api?.errorCode ? badge(api.errorCode, "bad") : null),
    api?.errorMessage ? h("p", { class: "problem" }, api.errorMessage, api.errorFields ? ` (${api.errorFields.join(", ")})` : "") : null,
    h("h3", {}, "Timeline"), waterfall(one),
    h("h3", {}, "Steps"),
    h("dl", { class: "facts" },
      pair("Came in", moment(new Date(one.startedAt * 1000).toISOString())),
      edge ? pair("Edge", `behaviour ${edge.behaviour}`, edge.cache ? ` · ${edge.cache}` : "", ` · ${bytes(edge.responseBytes)} out`) : api ? pair("Edge", "not asked: straight to the API") : null,
      api?.authorizer ? pair("Authorizer", ...decision(api.authorizer)) : null,
      one.userId ? pair("User", one.userEmail ? `${one.userEmail} · ` : "", h("code", {}, one.userId)) : null,
      api?.operation ? pair("Handler", h("code", {}, api.operation), ` of ${api.function}`, api.timedOut ? " · timed out" : "") : null,
      run ? pair("Event", run.source || "direct", run.errorCode ? ` · ${run.errorCode}` : "") : null,
      run?.cause ? pair("Cause", h("a", { href: `#/requests?id=${run.cause}` }, "the call that had it run")) : null,
      pair("Trace", h("code", {}, one.id))),
    one.calls.length ? [h("h3", {}, "AWS calls"), calls(one)] : null,
    api?.body ? [h("h3", {}, "Body"), json(api.body)] : null,
    canReplay ? [h("h3", {}, "Again"), again(one)] : null));
}

function decision(authorizer) {
  return [badge(authorizer.result, authorizer.result === "hit" ? "good" : authorizer.result === "failed" ? "bad" : ""), " ",
    DECISIONS[authorizer.result] ?? "", authorizer.errorCode ? ` · refused: ${authorizer.errorCode}` : "",
    authorizer.ms === undefined ? "" : ` · ${milliseconds(authorizer.ms)}`];
}

function calls(one) {
  const rows = one.calls.map((call) => h("tr", {},
    h("td", {}, h("strong", {}, call.action), h("br"), h("span", { class: "faint" }, call.service, call.caller ? ` as ${call.caller}` : "")),
    h("td", { class: "wrap" }, (call.resources ?? []).map(short).join(", ")),
    h("td", {}, badge(call.errorCode || call.status, tone(call.status))),
    h("td", { class: "number" }, milliseconds(call.ms)),
    h("td", {}, units(call.readUnits).map((text) => h("div", { class: "units" }, `read ${text}`)), units(call.writeUnits).map((text) => h("div", { class: "units" }, `write ${text}`)), call.tier ?? null),
    h("td", { class: "number" }, `${bytes(call.requestBytes)} / ${bytes(call.responseBytes)}`)));
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "AWS calls" }, h("table", {},
    h("thead", {}, h("tr", {}, ["Call", "Resource", "Answer", "Took", "Units", "In / out"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows)),
  one.callCount > one.calls.length ? h("p", { class: "faint" }, `and ${one.callCount - one.calls.length} more`) : null);
}

function again(one) {
  const curl = asCurl(one, location.origin);
  return h("div", {},
    h("div", { class: "actions start" }, action("Copy as curl", () => copy(curl, "The command"))),
    h("details", {}, h("summary", {}, "The curl command"), h("pre", { tabIndex: 0 }, curl)),
    replayForm(one));
}
