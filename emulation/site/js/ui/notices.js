/** What is said beside the page: to screen readers, in passing, or as a question. */

import { h } from "../dom.js";

const SHOWN_MILLISECONDS = 6000;

/** Say something to a screen reader.
 * @param {string} text */
export function announce(text) {
    const announcer = document.getElementById("announcer");
    if (announcer) {
        announcer.textContent = text;
    }
}

/** Show something for a while; it is read out as well.
 * @param {string} text */
export function notify(text) {
    const notice = h("p", { class: "notice" }, text);
    document.getElementById("notices")?.append(notice);
    setTimeout(() => notice.remove(), SHOWN_MILLISECONDS);
}

/** Ask before something is done that cannot be undone.
 * @param {{title: string, text: string, action: string}} question
 * @returns {Promise<boolean>} */
export function confirm({ title, text, action }) {
    const dialog = h(
        "dialog",
        { class: "dialog", "aria-labelledby": "dialog-title", "aria-describedby": "dialog-text" },
        h(
            "form",
            { method: "dialog" },
            h("h2", { id: "dialog-title" }, title),
            h("p", { id: "dialog-text" }, text),
            h(
                "div",
                { class: "actions" },
                h("button", { class: "button", value: "no" }, "Keep it"),
                h("button", { class: "button danger", value: "yes" }, action),
            ),
        ),
    );
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
        dialog.addEventListener("close", () => {
            dialog.remove();
            resolve(dialog.returnValue === "yes");
        });
    });
}
