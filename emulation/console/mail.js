import { api } from "./api.js";
import { action, agree, copy, empty, h, head, say } from "./dom.js";
import { count, moment } from "./format.js";
import { keepFresh, onChange } from "./live.js";

export async function showMail(page, params, signal) {
  const list = h("ul", { class: "list", "aria-label": "Mails" });
  const reader = h("section", { class: "reader", "aria-label": "Mail" });
  const status = h("p", { class: "faint", "aria-live": "polite" });
  let mails = [];
  let chosen = params.get("n") === null ? null : Number(params.get("n"));

  const choose = (number) => {
    chosen = number;
    for (const button of list.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.number === number));
    reader.replaceChildren(mails[number] ? mail(mails[number]) : empty("No mail chosen", "Choose one of the list."));
  };
  const show = onChange((found) => {
    const isFirst = found.length > mails.length && (chosen === null || chosen === mails.length - 1);
    mails = found;
    status.textContent = count(mails.length, "mail");
    const rows = mails.map(row).reverse();
    list.replaceChildren(...(rows.length ? rows : [h("li", {}, empty("No mail yet", "What Cognito would mail arrives here by itself. Register an account, for instance."))]));
    // A new mail is opened when nobody reads an older one.
    choose(isFirst ? mails.length - 1 : Math.min(chosen ?? 0, mails.length - 1));
  });
  const row = (one, number) => {
    const button = h("button", { type: "button", class: "row", onclick: () => choose(number) },
      h("span", { class: "row-title" }, one.subject), h("span", { class: "faint" }, one.to), h("time", { class: "faint", dateTime: one.sentAt }, moment(one.sentAt)));
    button.number = number;
    return h("li", {}, button);
  };
  const refresh = async () => show(await api.mails());
  await refresh();
  keepFresh(signal, refresh);
  page.append(
    head("Mailbox", "What Cognito would have mailed. New mail arrives by itself.", action("Delete all", async () => {
      if (!await agree("Delete all mails?", "Their links and codes stay good.", "Delete all")) return;
      await api.clearMails();
      chosen = null;
      await refresh();
      say("The mailbox is empty");
    })),
    status, h("div", { class: "split" }, list, reader));
}

function mail(one) {
  const frame = h("iframe", { title: `The mail “${one.subject}”`, sandbox: "" });
  frame.srcdoc = one.html || `<pre>${one.text.replace(/[<&]/g, (sign) => ({ "<": "&lt;", "&": "&amp;" })[sign])}</pre>`;
  return h("article", {},
    h("h2", {}, one.subject),
    h("p", { class: "faint" }, `to ${one.to}, ${moment(one.sentAt)}`),
    h("div", { class: "actions start" },
      one.links.map((link) => h("a", { class: "button primary", href: link, target: "_blank", rel: "noopener" }, "Open the link")),
      one.codes.map((code) => action(`Copy ${code}`, () => copy(code, "Code"), { class: "code" }))),
    frame,
    h("details", {}, h("summary", {}, "As text"), h("pre", { tabIndex: 0 }, one.text)));
}
