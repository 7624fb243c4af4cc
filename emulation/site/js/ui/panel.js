/** The narrow card of the pages around signing in. */

import { h } from "../dom.js";
import { link } from "../router.js";
import { onlyLocally, tool } from "./local.js";

/** @param {{title: string, text?: string | Node}} heading
 * @param {...(Node | null)} content */
export function panel({ title, text }, ...content) {
    return h(
        "section",
        { class: "panel" },
        h("h1", {}, title),
        text ? h("p", { class: "lead" }, text) : null,
        content.filter(Boolean),
    );
}

/** Where mail goes on this machine. */
export function mailboxHint() {
    return onlyLocally(() => h("p", { class: "aside" }, "Running locally: mail arrives in the ", tool("", "local mailbox"), "."));
}

/** A question that leads to another page. */
export function turn(question, href, answer) {
    return h("p", { class: "turn" }, `${question} `, link(href, {}, answer));
}
