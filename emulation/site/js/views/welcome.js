/** What a guest sees first. */

import { h, silhouette } from "../dom.js";
import { link } from "../router.js";

export function showWelcome() {
    return h(
        "section",
        { class: "welcome" },
        h(
            "div",
            {},
            h("p", { class: "eyebrow" }, "For players and collectors"),
            h("h1", { "data-title": "Guitar Collection" }, "Every guitar has a story. Keep it with the guitar."),
            h("p", { class: "lead" }, "Photos, specifications, receipts and the notes of every set-up, in one quiet place that is only yours."),
            h(
                "div",
                { class: "actions" },
                link("/sign-up", { class: "button primary" }, "Start your collection"),
                link("/sign-in", { class: "button" }, "Sign in"),
            ),
        ),
        h("div", { class: "trio", "aria-hidden": "true" }, silhouette(), silhouette(), silhouette()),
    );
}
