/** What only the owner should see, and not somebody who looks over their shoulder: hidden until asked for. */

import { h, icon } from "../dom.js";
import { day, money } from "../ui/format.js";
import { confirm } from "../ui/notices.js";
import { uploads } from "../ui/uploads.js";
import { PRIVATE } from "./guitar-fields.js";

const RECEIPTS = "image/jpeg,image/png,image/webp,image/heic,.heic,application/pdf";

/** @param {import("./guitar.js").Subject} subject */
export function privateInfo(subject) {
    const content = h("div", { id: "private-content" });
    const toggle = h("button", { class: "button small", type: "button", "aria-controls": "private-content", on: { click: flip } });
    let isShown = false;

    const adding = uploads({
        label: "Add the receipt",
        hint: "A PDF or a photo of it, up to 10 MB. It replaces the one before.",
        accept: RECEIPTS,
        send: (file, onProgress) => subject.upload(file, { purpose: "receipt", onProgress }),
    });

    async function flip() {
        isShown = !isShown;
        // Read anew: the link to the receipt holds for five minutes only.
        isShown &&= await subject.refresh();
        draw();
    }

    function draw() {
        toggle.setAttribute("aria-expanded", String(isShown));
        toggle.replaceChildren(icon(isShown ? "lock" : "eye"), isShown ? "Hide" : "Show");
        const text = "Serial number, purchase, value and receipt are hidden until you ask for them.";
        content.replaceChildren(...(isShown ? values() : [h("p", { class: "quiet" }, text)]));
    }

    function values() {
        const info = subject.guitar.privateInfo ?? {};
        const known = PRIVATE.filter(({ name }) => info[name] !== undefined && name !== "currency");
        const rows = known.map((one) => h("div", {}, h("dt", {}, one.label), h("dd", {}, textOf(one, info))));
        return [
            rows.length ? h("dl", { class: "rows" }, rows) : h("p", { class: "quiet" }, "Nothing is written down yet: edit the guitar to add it."),
            info.receiptUrl ? receipt(info.receiptUrl) : null,
            adding.element,
        ].filter(Boolean);
    }

    function receipt(url) {
        return h(
            "div",
            { class: "receipt" },
            icon("file"),
            h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "Open the receipt"),
            h("button", { class: "button plain small", type: "button", on: { click: remove } }, "Remove"),
        );
    }

    async function remove() {
        const question = { title: "Remove the receipt?", text: "The file is deleted for good.", action: "Remove it" };
        if (await confirm(question)) {
            await subject.change(() => ({ privateInfo: { receiptUrl: null } }));
        }
    }

    const title = h("h2", { id: "private-title" }, "Private");
    const head = h("div", { class: "title-row" }, title, toggle);
    return { element: h("section", { class: "private sheet", "aria-labelledby": "private-title" }, head, content), draw };
}

function textOf({ name, kind }, info) {
    if (kind === "money") {
        return money(info[name], info.currency);
    }
    return kind === "day" ? day(info[name]) : String(info[name]);
}
