import { api } from "./api.js";
import { action, agree, badge, empty, h, head, say } from "./dom.js";
import { count, moment } from "./format.js";
import { keepFresh, onChange } from "./live.js";

const TONES = { CONFIRMED: "good", UNCONFIRMED: "warn" };

export async function showUsers(page, _params, signal) {
  const list = h("ul", { class: "rows" });
  const tables = await api.tables();
  const guitars = tables.find((table) => table.key.length > 1 && /guitar/i.test(table.name));
  const show = onChange((users) => list.replaceChildren(...(users.length
    ? users.map((user) => row(user, guitars, refresh))
    : [h("li", {}, empty("No users yet", "Register one, or run ", h("code", {}, "uv run just seed"), "."))])));
  const refresh = async () => show(await api.users());
  await refresh();
  keepFresh(signal, refresh, 3000);
  page.append(head("Users", "The user pool. Each action is Cognito's own operation, with what it triggers."), list);
}

function row(user, guitars, refresh) {
  const act = (label, operation, done, properties) => action(label, async () => {
    if (await operation() === false) return;
    await refresh();
    say(done);
  }, { "aria-label": `${label}: ${user.email}`, ...properties });
  return h("li", { class: "card user" },
    h("div", {},
      h("h2", {}, user.email),
      h("p", { class: "faint" }, user.name || "no name", " · since ", moment(user.createdAt)),
      h("p", { class: "badges" },
        badge(user.status.toLowerCase().replaceAll("_", " "), TONES[user.status] ?? "bad"),
        user.enabled ? null : badge("disabled", "bad"),
        badge(user.emailVerified ? "address verified" : "address not verified", user.emailVerified ? "" : "warn"),
        badge(user.mfa ? "MFA on" : "MFA off"),
        badge(count(user.signIns, "sign-in"))),
      h("p", { class: "id" }, h("code", {}, user.id)),
      h("p", { class: "links" },
        guitars ? h("a", { href: `#/tables?table=${encodeURIComponent(guitars.name)}&hash=${user.id}` }, "Guitars") : null,
        h("a", { href: `#/requests?user=${encodeURIComponent(user.email)}` }, "Requests"))),
    h("div", { class: "actions" },
      user.status === "UNCONFIRMED" ? act("Confirm", () => api.confirmUser(user.id), `${user.email} is confirmed`, { class: "primary" }) : null,
      act("Sign out everywhere", () => api.signOutUser(user.id), `All tokens of ${user.email} are revoked`),
      act("Expire tokens", async () => {
        if (!await agree("Let an hour pass?", "Tokens expire by the clock. It is advanced by 61 minutes, for everybody.", "Advance the clock")) return false;
        await api.advanceClock(61 * 60);
        document.dispatchEvent(new Event("clock"));
        return true;
      }, "61 minutes have passed"),
      act("Delete", async () => {
        if (!await agree(`Delete ${user.email}?`, "The account leaves the pool; guitars and pictures stay, as on AWS.", "Delete")) return false;
        await api.deleteUser(user.id);
        return true;
      }, `${user.email} is deleted`, { class: "danger" })));
}
