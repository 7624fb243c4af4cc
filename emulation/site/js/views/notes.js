/** The notes of a guitar: set-ups, strings, stories. */

import { h, icon, redraw } from "../dom.js";
import { moment } from "../ui/format.js";
import { field, form } from "../ui/forms.js";
import { confirm } from "../ui/notices.js";
import { keep } from "./guitar-patch.js";

/** @param {import("./guitar.js").Subject} subject */
export function notes(subject) {
    const list = h("ol", { class: "note-list" });
    /** @type {{id: string, element: HTMLElement} | null} */
    let edited = null;

    const adding = form(
        {
            action: "Add the note",
            label: "A new note",
            kind: "",
            async submit({ content }, element) {
                const isAdded = await subject.change(({ notes }) => ({ notes: [...notes.map(keep), { content: content.trim() }] }));
                // What was written meanwhile is not sent yet.
                if (isAdded && element.elements.content.value === content) {
                    element.reset();
                }
            },
        },
        field({ name: "content", label: "A new note", type: "textarea", rows: 2, maxlength: 10000, required: true }),
    );

    function draw() {
        // The form of the note that is being written stays as it is.
        redraw(list, () => subject.guitar.notes.map((note) => (note.id === edited?.id ? edited.element : entry(note))));
        list.hidden = !subject.guitar.notes.length;
    }

    function entry(note) {
        const button = (name, text, action) =>
            h("button", { class: "button icon-only", type: "button", title: text, "aria-label": `${text}: ${note.content.slice(0, 40)}`, on: { click: action } }, icon(name));
        return h(
            "li",
            {},
            h("p", { class: "note-text" }, note.content),
            h(
                "div",
                { class: "note-foot" },
                h("time", { class: "quiet", datetime: note.createdAt }, moment(note.createdAt)),
                h("div", { class: "actions" }, button("edit", "Edit the note", () => edit(note)), button("trash", "Delete the note", () => remove(note))),
            ),
        );
    }

    function editor(note) {
        const cancel = h("button", { class: "button", type: "button", on: { click: () => edit(null) } }, "Cancel");
        const save = async ({ content }) => {
            const change = (one) => (one.id === note.id ? { id: one.id, content: content.trim() } : keep(one));
            const isSaved = await subject.change(({ notes }) => ({ notes: notes.map(change) }));
            // Another one may be written by now.
            if (isSaved && edited?.id === note.id) {
                edit(null);
            }
        };
        const text = field({ name: "content", label: "The note", type: "textarea", rows: 3, value: note.content, maxlength: 10000, required: true });
        return h("li", {}, form({ action: "Save", label: "Edit a note", submit: save, beside: cancel, kind: "" }, text));
    }

    function edit(note) {
        edited = note && { id: note.id, element: editor(note) };
        draw();
        edited?.element.querySelector("textarea")?.focus();
    }

    async function remove(note) {
        const question = { title: "Delete this note?", text: `“${note.content.slice(0, 80)}”`, action: "Delete the note" };
        if (await confirm(question)) {
            await subject.change(({ notes }) => ({ notes: notes.filter(({ id }) => id !== note.id).map(keep) }));
        }
    }

    const title = h("h2", { id: "notes-title" }, "Notes");
    return { element: h("section", { class: "notes sheet", "aria-labelledby": "notes-title" }, title, list, adding), draw };
}
