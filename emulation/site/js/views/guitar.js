/** One guitar: pictures, specifications, private information and notes. */

import { ApiError } from "../api.js";
import { h, icon } from "../dom.js";
import { link } from "../router.js";
import { label, moment, nameOf } from "../ui/format.js";
import { confirm, notify } from "../ui/notices.js";
import { tell } from "../ui/states.js";
import { SPECIFICATION } from "./guitar-fields.js";
import { notes } from "./notes.js";
import { photos } from "./photos.js";
import { privateInfo } from "./private-info.js";

/**
 * What the sections of the page share: the guitar as it was last read, and how it is changed. `change` and `refresh` say
 * what went wrong, and answer whether all went well; `upload` throws. They are carried out one after the other: a change
 * is made from the guitar as the one before it left it, so that nobody who is quick is told of a conflict with
 * themselves.
 * @typedef {{site: any, guitar: any, etag: string, change: (patch: (guitar: any) => object) => Promise<boolean>,
 *            refresh: () => Promise<boolean>, upload: (file: File, options: object) => Promise<unknown>}} Subject
 */

export async function showGuitar(site, { params, signal }) {
    const page = h("article", { class: "guitar" });
    /** @type {Subject} */
    const subject = {
        site,
        ...(await site.api.getGuitar(params.id, signal)),
        change: (patch) => inTurn(() => update(patch)),
        refresh: () => inTurn(read),
        upload: (file, options) =>
            site.api.uploadFile(file, { guitarId: params.id, ...options, complete: (completion) => inTurn(() => complete(completion)) }),
    };
    let earlier = Promise.resolve();

    function inTurn(step) {
        const done = earlier.then(step);
        earlier = done.catch(() => {});
        return done;
    }

    async function update(patch) {
        try {
            Object.assign(subject, await site.api.updateGuitar(params.id, patch(subject.guitar), subject.etag));
            draw();
            return true;
        } catch (error) {
            await tellConflict(error);
            return false;
        }
    }

    async function complete(completion) {
        const completed = await site.api.completeUpload(completion);
        await read();
        return completed;
    }

    async function read() {
        try {
            Object.assign(subject, await site.api.getGuitar(params.id));
            draw();
            return true;
        } catch (error) {
            tell(error);
            return false;
        }
    }

    async function tellConflict(error) {
        if (!(error instanceof ApiError)) {
            return tell(error);
        }
        if (error.code === "PRECONDITION_FAILED") {
            const isNewest = await read();
            return isNewest && notify("This guitar was changed elsewhere meanwhile. You see its newest state: please try again.");
        }
        const said = error.details.map((detail) => detail.message).join("; ");
        return notify(said || error.message);
    }

    async function remove() {
        const name = nameOf(subject.guitar);
        const text = `Its photos, notes and receipt go with it. This cannot be undone.`;
        if (!(await confirm({ title: `Delete ${name}?`, text, action: "Delete the guitar" }))) {
            return;
        }
        try {
            await inTurn(() => site.api.deleteGuitar(params.id, subject.etag));
            notify(`${name} was deleted.`);
            await site.go("/guitars");
        } catch (error) {
            await tellConflict(error);
        }
    }

    const gallery = photos(subject);
    const papers = privateInfo(subject);
    const journal = notes(subject);
    const head = h("div", { class: "guitar-head" });
    const specification = h("section", { class: "specification", "aria-labelledby": "specification-title" });
    const foot = h("p", { class: "quiet" });

    function draw() {
        const { guitar } = subject;
        head.replaceChildren(...headline(guitar));
        specification.replaceChildren(...specifications(guitar));
        foot.replaceChildren(`Added ${moment(guitar.createdAt)}, last changed ${moment(guitar.updatedAt)}`);
        gallery.draw();
        papers.draw();
        journal.draw();
    }

    draw();
    page.append(
        h(
            "div",
            { class: "title-row" },
            link("/guitars", { class: "back" }, icon("back"), "The collection"),
            h(
                "div",
                { class: "actions" },
                link(`/guitars/${params.id}/edit`, { class: "button" }, icon("edit"), "Edit"),
                h("button", { class: "button danger", type: "button", on: { click: remove } }, icon("trash"), "Delete"),
            ),
        ),
        h("div", { class: "guitar-top" }, gallery.element, head),
        h("div", { class: "guitar-rest" }, specification, h("div", {}, papers.element, journal.element)),
        foot,
    );
    return page;
}

function headline(guitar) {
    const facts = [
        ["Type", guitar.type],
        ["Colour", guitar.color],
        ["Made in", guitar.countryOfOrigin],
        ["Pickups", guitar.pickupConfiguration],
        ["Scale", guitar.scaleLength],
    ].filter(([, value]) => value);
    return [
        h("p", { class: "eyebrow" }, guitar.brand),
        h("h1", { "data-title": nameOf(guitar) }, guitar.model),
        guitar.year ? h("p", { class: "lead" }, String(guitar.year)) : null,
        h("dl", { class: "facts" }, facts.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value)))),
    ].filter(Boolean);
}

function specifications(guitar) {
    const groups = SPECIFICATION.map(({ title, attributes }) => {
        const known = attributes.filter(({ name }) => guitar[name] !== undefined);
        return known.length ? group(title, known.map((one) => [one.label, textOf(guitar[one.name])])) : null;
    });
    const details = Object.entries(guitar.detailedSpecs ?? {});
    const more = details.length ? group("Details", details.flatMap(([name, value]) => detail([name], value))) : null;
    const shown = [...groups, more].filter(Boolean);
    return [
        h("h2", { id: "specification-title" }, "Specifications"),
        ...(shown.length ? shown : [h("p", { class: "quiet" }, "Nothing is written down yet.")]),
    ];
}

function group(title, rows) {
    return h(
        "section",
        {},
        h("h3", {}, title),
        h("dl", { class: "rows" }, rows.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value)))),
    );
}

function detail(path, value) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
        return Object.entries(value).flatMap(([name, inner]) => detail([...path, name], inner));
    }
    return [[path.map(label).join(", "), Array.isArray(value) ? value.map(textOf).join(", ") : textOf(value)]];
}

function textOf(value) {
    if (typeof value === "boolean") {
        return value ? "Yes" : "No";
    }
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}
