/** The rows for `detailedSpecs`: any names, any values. What is no text is shown as JSON and stays what it was. */

import { h, icon } from "../dom.js";

/** @param {Record<string, any>} specs
 * @returns {{element: HTMLElement, read: () => Record<string, any>}} */
export function detailRows(specs) {
    const rows = h("div", { class: "detail-rows" }, Object.entries(specs).map(([name, value]) => row(name, value)));
    const add = () => {
        const added = row("", "");
        rows.append(added);
        added.querySelector("input").focus();
    };

    function row(name, value) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        const element = h(
            "div",
            { class: "detail-row" },
            h("input", { type: "text", value: name, "aria-label": "Name of the detail", placeholder: "Name", maxlength: 200 }),
            h("input", { type: "text", value: text, "aria-label": "Value of the detail", placeholder: "Value" }),
            h("button", { class: "button icon-only", type: "button", "aria-label": `Remove ${name || "this detail"}`, title: "Remove", on: { click: () => element.remove() } }, icon("trash")),
        );
        element.original = { text, value };
        return element;
    }

    function read() {
        const pairs = [...rows.children].map((element) => {
            const [name, text] = [...element.querySelectorAll("input")].map((input) => input.value.trim());
            return [name, text === element.original.text ? element.original.value : parse(text)];
        });
        return Object.fromEntries(pairs.filter(([name, value]) => name && value !== ""));
    }

    const element = h(
        "fieldset",
        {},
        h("legend", {}, "Details"),
        h("p", { class: "hint" }, "Whatever else is worth knowing: bracing, neck profile, weight."),
        rows,
        h("button", { class: "button small", type: "button", on: { click: add } }, icon("add"), "Add a detail"),
    );
    return { element, read };
}

/** Maps and lists may be typed as JSON. */
function parse(text) {
    if (/^[[{]/.test(text)) {
        try {
            return JSON.parse(text);
        } catch {
            return text;
        }
    }
    return text;
}
