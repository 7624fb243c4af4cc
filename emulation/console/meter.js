import { api } from "./api.js";
import { action, agree, empty, h, head, say } from "./dom.js";
import { bytes, milliseconds, units } from "./format.js";
import { keepFresh, onChange } from "./live.js";

const COLUMNS = ["Route", "Service", "Action", "Count", "Average", "Read units", "Write units", "In / out"];

export async function showMeter(page, _params, signal) {
  const place = h("div");
  const show = onChange((usage) => place.replaceChildren(usage.length ? table(usage)
    : empty("Nothing was used yet", "Each request adds to the meter what it used of AWS.")));
  const refresh = async () => show(await api.meter());
  await refresh();
  keepFresh(signal, refresh, 3000);
  page.append(head("Meter", "What was used of AWS since the meter was set to zero, by route. It forgets nothing.",
    action("Set to zero", async () => {
      if (!await agree("Set the meter to zero?", "The requests stay in the log.", "Set to zero")) return;
      await api.clearMeter();
      await refresh();
      say("The meter is at zero");
    })), place);
}

const lines = (counted) => units(counted).map((text) => h("div", {}, text));

function table(usage) {
  let last = "";
  return h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Usage" }, h("table", {},
    h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, usage.map((row) => {
      const isFirst = row.route !== last;
      last = row.route;
      return h("tr", { class: isFirst ? "first" : "" },
        h("th", { scope: "row" }, isFirst ? row.route : h("span", { class: "hidden" }, row.route)),
        h("td", {}, row.service), h("td", {}, row.action, row.tier ? h("span", { class: "faint" }, ` ${row.tier}`) : null),
        h("td", { class: "number" }, String(row.count)), h("td", { class: "number" }, milliseconds(row.ms / row.count)),
        h("td", { class: "units" }, lines(row.readUnits)), h("td", { class: "units" }, lines(row.writeUnits)),
        h("td", { class: "number" }, `${bytes(row.requestBytes)} / ${bytes(row.responseBytes)}`));
    }))));
}
