/** Adding a guitar and changing one. Only what was changed is sent, and never over a change of somebody else. */

import { ApiError } from "../api.js";
import { h, icon } from "../dom.js";
import { link } from "../router.js";
import { nameOf } from "../ui/format.js";
import { field, form, showAlert } from "../ui/forms.js";
import { notify } from "../ui/notices.js";
import { PRIVATE, SPECIFICATION } from "./guitar-fields.js";
import { detailRows } from "./guitar-details.js";
import { changesOf, differences } from "./guitar-patch.js";

export async function showNewForm(site, { signal }) {
    const { preferences } = await site.api.getProfile(signal);
    const draft = { privateInfo: { currency: preferences.currency ?? "USD" } };
    const details = detailRows({});
    const create = async (values) => {
        // Nothing is there that could be removed: a value that was left empty is simply not sent.
        const { guitar } = await site.api.createGuitar(changesOf({}, values, details.read()));
        notify(`${nameOf(guitar)} was added.`);
        await site.go(`/guitars/${guitar.guitarId}`, { replace: true });
    };
    return h(
        "section",
        { class: "edit" },
        link("/guitars", { class: "back" }, icon("back"), "The collection"),
        h("h1", {}, "Add a guitar"),
        h("p", { class: "lead" }, "Brand and model are enough to begin with."),
        form(
            { action: "Add the guitar", submit: create, beside: link("/guitars", { class: "button" }, "Cancel"), class: "form wide" },
            fields(draft, details),
        ),
    );
}

export async function showEditForm(site, { params, signal, reload }) {
    const { guitar, etag } = await site.api.getGuitar(params.id, signal);
    const page = `/guitars/${params.id}`;
    const details = detailRows(guitar.detailedSpecs ?? {});
    let expected = etag;

    async function save(values, element) {
        const patch = changesOf(guitar, values, details.read());
        try {
            await site.api.updateGuitar(params.id, patch, expected);
        } catch (error) {
            if (error instanceof ApiError && error.code === "PRECONDITION_FAILED") {
                return tellConflict(element);
            }
            throw error;
        }
        notify("Your changes were saved.");
        await site.go(page, { replace: true });
    }

    async function tellConflict(element) {
        const newest = await site.api.getGuitar(params.id);
        const keep = () => {
            expected = newest.etag;
            element.requestSubmit();
        };
        const lines = differences(guitar, newest.guitar).map(([name, value]) => h("li", {}, h("strong", {}, name), `: ${value}`));
        showAlert(
            element,
            h("p", {}, h("strong", {}, "This guitar was changed elsewhere while you were writing.")),
            lines.length ? h("p", {}, "It now has:") : null,
            h("ul", {}, lines),
            h(
                "div",
                { class: "actions" },
                h("button", { class: "button small", type: "button", on: { click: keep } }, "Save my changes over it"),
                h("button", { class: "button small", type: "button", on: { click: reload } }, "Drop mine, show the newest"),
            ),
        );
    }

    return h(
        "section",
        { class: "edit" },
        link(page, { class: "back" }, icon("back"), nameOf(guitar)),
        h("h1", {}, `Edit ${nameOf(guitar)}`),
        form(
            { action: "Save", submit: save, beside: link(page, { class: "button" }, "Cancel"), class: "form wide" },
            fields(guitar, details),
        ),
    );
}

function fields(guitar, details) {
    const names = h(
        "fieldset",
        {},
        h("legend", {}, "Name"),
        h(
            "div",
            { class: "grid" },
            field({ name: "brand", label: "Brand", value: guitar.brand, required: true, maxlength: 100, hint: "As it is on the headstock." }),
            field({ name: "model", label: "Model", value: guitar.model, required: true, maxlength: 100 }),
        ),
    );
    const groups = SPECIFICATION.map(({ title, attributes }) =>
        h("fieldset", {}, h("legend", {}, title), h("div", { class: "grid" }, attributes.map((one) => input(one, one.name, guitar[one.name])))),
    );
    const info = guitar.privateInfo ?? {};
    const isPrivate = h(
        "details",
        { class: "sheet" },
        h("summary", {}, icon("lock"), "Private information"),
        h("div", { class: "grid" }, PRIVATE.map((one) => input(one, `privateInfo.${one.name}`, info[one.name]))),
    );
    return [names, ...groups, details.element, isPrivate];
}

function input({ label, kind, suggestions, hint }, name, value) {
    if (kind === "flag") {
        const options = [["", "Not known"], ["true", "Yes"], ["false", "No"]];
        return field({ name, label, options, value: value === undefined ? "" : String(value) });
    }
    if (kind === "long") {
        return field({ name, label, type: "textarea", rows: 3, value, class: "full" });
    }
    if (kind === "day") {
        return field({ name, label, value, placeholder: "2024-05-31", hint: "Year, month and day." });
    }
    const inputmode = kind === "number" ? "numeric" : kind === "money" ? "decimal" : null;
    return field({ name, label, value, suggestions, hint, inputmode, maxlength: 256 });
}
