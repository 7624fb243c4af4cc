import { api } from "./api.js";
import { action, agree, badge, empty, h, head, say, sending } from "./dom.js";
import { bytes, count, moment } from "./format.js";

export async function showSnapshots(page) {
  const list = h("ul", { class: "rows" });
  const refresh = async () => {
    const found = await api.snapshots();
    list.replaceChildren(...(found.length ? found.map((one) => row(one, refresh)) : [h("li", {}, empty("No snapshots yet", "One keeps all data: users, tables, buckets, mail and the clock."))]));
  };
  const name = h("input", { id: "name", required: true, pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}", placeholder: "before-the-demo", autocomplete: "off" });
  const form = h("form", { class: "filters", onsubmit: sending(async () => {
    await api.takeSnapshot(name.value);
    say(`Snapshot ${name.value} is taken`);
    form.reset();
    await refresh();
  }) }, h("label", { htmlFor: "name" }, "Name"), name, h("button", { class: "primary" }, "Take a snapshot"));
  await refresh();
  page.append(head("Snapshots", "All data under a name, as one file that can be shared."), form, list);
}

function row(one, refresh) {
  const counts = one.counts ? [count(one.counts.users, "user"), count(one.counts.items, "item"), count(one.counts.objects, "object")].join(", ") : one.problem;
  return h("li", { class: "card user" },
    h("div", {},
      h("h2", {}, one.name),
      h("p", { class: "faint" }, one.created ? `${moment(one.created)} · ` : "", bytes(one.bytes), " · ", counts),
      one.problem ? badge("cannot be restored", "bad") : null),
    h("div", { class: "actions" },
      one.problem ? null : action("Restore", async () => {
        if (!await agree(`Restore ${one.name}?`, "All data there is now is replaced.", "Restore")) return;
        await api.restoreSnapshot(one.name);
        document.dispatchEvent(new Event("clock"));
        say(`All data is that of ${one.name}`);
      }, { "aria-label": `Restore ${one.name}` }),
      action("Delete", async () => {
        if (!await agree(`Delete the snapshot ${one.name}?`, "The file is removed.", "Delete")) return;
        await api.deleteSnapshot(one.name);
        await refresh();
        say(`Snapshot ${one.name} is deleted`);
      }, { class: "danger", "aria-label": `Delete ${one.name}` })));
}
