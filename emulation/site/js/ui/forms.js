/** Forms whose refusals come from the API: each field shows what the answer's `details` say of it. */

import { ApiError, SessionLostError } from "../api.js";
import { h } from "../dom.js";
import { explain } from "./states.js";

let fieldCount = 0;

/**
 * A labelled field. `name` is the API's name of it, nested ones joined by dots, as in `details`.
 * @param {{name: string, label: string, type?: string, hint?: string, options?: [string, string][], suggestions?: string[],
 *          value?: any, rows?: number, [attribute: string]: any}} description
 */
export function field({ name, label, type = "text", hint, options, suggestions, ...attributes }) {
    const id = `field-${++fieldCount}`;
    const described = { id, name, "aria-describedby": hint ? `${id}-hint ${id}-error` : `${id}-error`, ...attributes };
    const error = h("p", { class: "field-error", id: `${id}-error` });
    if (type === "checkbox") {
        const box = h("input", { ...described, type });
        return h("div", { class: "field check" }, box, h("label", { for: id }, label), error);
    }
    return h(
        "div",
        { class: `field ${attributes.class ?? ""}`.trim() },
        h("label", { for: id }, label),
        control(type, described, options, suggestions),
        hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null,
        error,
    );
}

function control(type, attributes, options, suggestions) {
    if (options) {
        return h("select", attributes, options.map(([value, text]) => h("option", { value }, text)));
    }
    if (type === "textarea") {
        return h("textarea", attributes);
    }
    if (!suggestions) {
        return h("input", { ...attributes, type });
    }
    const list = `${attributes.id}-list`;
    const choices = h("datalist", { id: list }, suggestions.map((value) => h("option", { value })));
    return h("span", { class: "with-list" }, h("input", { ...attributes, type, list }), choices);
}

/**
 * A form: `submit` gets its values by name; what it throws is shown.
 * @param {{submit: (values: Record<string, string>, form: HTMLFormElement) => Promise<void>, action: string, label?: string,
 *          beside?: Node | null, class?: string, kind?: string}} description
 * @param {...(Node | null | Node[])} content
 */
export function form({ submit, action, label, beside, class: className = "form", kind = "primary" }, ...content) {
    const alert = h("div", { class: "alert", role: "alert", hidden: true });
    const button = h("button", { class: `button ${kind}`, type: "submit" }, action);
    const element = h(
        "form",
        { class: className, novalidate: true, "aria-label": label, on: { submit: (event) => send(event) } },
        alert,
        content.flat(),
        h("div", { class: "actions" }, button, beside ?? null),
    );

    async function send(event) {
        event.preventDefault();
        clearErrors(element);
        if (!checkRequired(element)) {
            return;
        }
        button.disabled = true;
        element.setAttribute("aria-busy", "true");
        try {
            await submit(/** @type {any} */ (Object.fromEntries(new FormData(element))), element);
        } catch (error) {
            if (!(error instanceof SessionLostError)) {
                showErrors(element, error);
            }
        } finally {
            button.disabled = false;
            element.removeAttribute("aria-busy");
        }
    }
    return element;
}

/** Show an error at the fields that it names, and what is left of it above them.
 * @param {HTMLFormElement} form
 * @param {unknown} error */
export function showErrors(form, error) {
    const details = error instanceof ApiError ? error.details : [];
    const unplaced = details.filter((detail) => !markField(form, detail.field, detail.message));
    const invalid = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid=true]"));
    if (unplaced.length || !details.length) {
        const { title, text } = explain(error);
        const isOwn = error instanceof ApiError && error.code && error.status < 500;
        const said = unplaced.map((detail) => h("p", {}, [detail.field, detail.message].filter(Boolean).join(" ")));
        showAlert(form, ...(said.length ? said : [h("p", {}, isOwn ? error.message : `${title}. ${text}`)]));
    }
    invalid?.focus();
}

/** Say something above the fields.
 * @param {HTMLFormElement} form
 * @param {...Node} content */
export function showAlert(form, ...content) {
    const alert = /** @type {HTMLElement} */ (form.querySelector(".alert"));
    alert.replaceChildren(...content);
    alert.hidden = false;
    alert.scrollIntoView({ block: "nearest" });
}

function clearErrors(form) {
    form.querySelector(".alert").hidden = true;
    for (const control of form.querySelectorAll("[aria-invalid]")) {
        control.removeAttribute("aria-invalid");
        errorOf(control).textContent = "";
    }
}

function checkRequired(form) {
    const missing = [...form.querySelectorAll("[required]")].filter((control) => !control.value.trim());
    missing.forEach((control) => markField(form, control.name, "is required"));
    missing[0]?.focus();
    return !missing.length;
}

function markField(form, name, message) {
    const control = form.elements.namedItem(name);
    if (!control) {
        return false;
    }
    control.setAttribute("aria-invalid", "true");
    errorOf(control).textContent = message.charAt(0).toUpperCase() + message.slice(1);
    return true;
}

function errorOf(control) {
    return control.closest(".field").querySelector(".field-error");
}
