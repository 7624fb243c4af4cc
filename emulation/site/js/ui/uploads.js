/** A place that takes files: chosen or dropped, each with its progress, and with the reason when it is refused. */

import { ApiError, SessionLostError } from "../api.js";
import { h, icon } from "../dom.js";
import { announce } from "./notices.js";
import { explain } from "./states.js";

/**
 * @param {{label: string, hint: string, accept: string, many?: boolean,
 *          send: (file: File, onProgress: (sent: number) => void) => Promise<unknown>}} options
 */
export function uploads({ label, hint, accept, many = false, send }) {
    const list = h("ul", { class: "transfers" });
    const input = h("input", { class: "unseen", type: "file", accept, multiple: many });
    input.addEventListener("change", () => take(input.files));
    const zone = h(
        "label",
        { class: "drop" },
        input,
        h("span", { class: "drop-title" }, icon("add"), label),
        h("span", { class: "hint" }, hint),
    );
    for (const event of ["dragenter", "dragover"]) {
        zone.addEventListener(event, (dragged) => {
            dragged.preventDefault();
            zone.classList.add("over");
        });
    }
    for (const event of ["dragleave", "drop"]) {
        zone.addEventListener(event, () => zone.classList.remove("over"));
    }
    zone.addEventListener("drop", (dropped) => {
        dropped.preventDefault();
        void take(dropped.dataTransfer?.files);
    });

    /** One after the other: each is attached to the guitar before the next. */
    async function take(files) {
        const chosen = [...(files ?? [])].slice(0, many ? undefined : 1);
        input.value = "";
        const waiting = chosen.map((file) => ({ file, row: transfer(file) }));
        list.append(...waiting.map(({ row }) => row.element));
        for (const { file, row } of waiting) {
            try {
                await send(file, row.progress);
                row.element.remove();
                announce(`${file.name} was added`);
            } catch (error) {
                if (error instanceof SessionLostError) {
                    return;
                }
                row.fail(reasonOf(error));
            }
        }
    }

    return { element: h("div", { class: "uploads" }, zone, list) };
}

function transfer(file) {
    const bar = h("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
    const state = h("span", { class: "hint" }, "Waiting");
    const element = h("li", {}, icon("file"), h("span", { class: "file-name" }, file.name), bar, state);

    function progress(sent) {
        bar.value = sent;
        state.textContent = sent < 1 ? `${Math.round(sent * 100)} %` : "Being processed …";
        if (sent >= 1) {
            bar.removeAttribute("value");
        }
    }

    function fail(reason) {
        const close = h("button", { class: "button plain small", type: "button", on: { click: () => element.remove() } }, "Dismiss");
        const name = h("span", { class: "file-name" }, file.name);
        element.className = "failed";
        element.replaceChildren(h("div", { role: "alert" }, icon("warning"), name, h("span", { class: "reason" }, reason)), close);
    }

    return { element, progress, fail };
}

/** The API speaks to programs: what people meet most is said in other words. */
const REASONS = {
    fileType: "Files of this kind are not accepted.",
    fileSize: "The file is empty, or larger than 10 MB.",
};

function reasonOf(error) {
    if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
        const said = error.details.map(({ field, message }) => REASONS[field] ?? message).join(" ") || error.message;
        return said.charAt(0).toUpperCase() + said.slice(1);
    }
    return explain(error).text;
}
