/** The second factor: a secret for an authenticator app, as a QR code and as text. */

import { h, icon, svg } from "../dom.js";
import { generate } from "../../vendor/lean-qr/nano.mjs";
import { link } from "../router.js";
import { field, form } from "../ui/forms.js";
import { notify } from "../ui/notices.js";

export function showMfa(site) {
    const place = h("div", { class: "sheet" });

    function offer() {
        place.replaceChildren(
            h("p", {}, "You need an app that makes codes on your phone, such as the one that your password manager has."),
            form({ action: "Set it up", submit: start, class: "form bare" }),
        );
    }

    async function start() {
        const { secret, otpauthUri } = await site.api.startMfa();
        place.replaceChildren(
            h("h2", {}, "Scan this with the app"),
            h("div", { class: "enrol" }, qrCode(otpauthUri), h("div", {}, h("p", {}, "Or type this secret:"), h("p", {}, h("code", { class: "secret" }, grouped(secret))), h("p", { class: "hint uri" }, otpauthUri))),
            form(
                { action: "Turn it on", submit: enable, beside: h("button", { class: "button", type: "button", on: { click: offer } }, "Cancel") },
                field({ name: "code", label: "Code", class: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6, required: true, hint: "The six digits that the app shows now." }),
            ),
        );
        place.querySelector("input").focus();
    }

    async function enable({ code }) {
        await site.api.enableMfa(code.trim());
        place.replaceChildren(h("p", { role: "status" }, h("strong", {}, "Two-step sign-in is on."), " From now on you are asked for a code."));
    }

    async function disable() {
        await site.api.disableMfa();
        offer();
        notify("Two-step sign-in is off.");
    }

    offer();
    return h(
        "section",
        { class: "account" },
        link("/account", { class: "back" }, icon("back"), "Account"),
        h("h1", {}, "Two-step sign-in"),
        place,
        h(
            "div",
            { class: "sheet" },
            h("h2", {}, "Turn it off"),
            h("p", { class: "quiet" }, "If it is on, the password alone will be enough again."),
            form({ action: "Turn it off", submit: disable, class: "form bare", kind: "" }),
        ),
    );
}

/** Drawn here, so that the secret goes nowhere. */
function qrCode(text) {
    const code = generate(text);
    const quiet = 4;
    const dots = [];
    for (let y = 0; y < code.size; y++) {
        for (let x = 0; x < code.size; x++) {
            if (code.get(x, y)) {
                dots.push(`M${x + quiet} ${y + quiet}h1v1h-1z`);
            }
        }
    }
    const size = code.size + 2 * quiet;
    return svg(
        "svg",
        { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": "QR code of the secret", "shape-rendering": "crispEdges" },
        svg("path", { d: dots.join("") }),
    );
}

function grouped(secret) {
    return secret.replace(/(.{4})(?=.)/g, "$1 ");
}
