/** The pictures of a guitar: looking at them, and keeping them in order. */

import { h, icon, redraw, silhouette } from "../dom.js";
import { nameOf } from "../ui/format.js";
import { confirm } from "../ui/notices.js";
import { uploads } from "../ui/uploads.js";
import { keep } from "./guitar-patch.js";

const PICTURES = "image/jpeg,image/png,image/webp,image/heic,.heic";

/** @param {import("./guitar.js").Subject} subject */
export function photos(subject) {
    const viewer = h("div", { class: "viewer" });
    const order = h("ol", { class: "arrange" });
    const captions = new Map();
    let isDrawn = false;
    let seen = "";

    const adding = uploads({
        label: "Add photos",
        hint: "JPEG, PNG, WebP or HEIC, up to 10 MB each. You can drop them here.",
        accept: PICTURES,
        many: true,
        send: (file, onProgress) => subject.upload(file, { onProgress }),
    });

    function draw() {
        const { images } = subject.guitar;
        const shown = images.find((image) => image.id === seen) ?? images.find((image) => image.isPrimary);
        viewer.replaceChildren(...(shown ? [large(shown), strip(images, shown)] : [nothing()]));
        isDrawn = false;
        redraw(order, () => images.map((image, place) => row(image, place, images.length)));
        order.hidden = !images.length;
        isDrawn = true;
    }

    function large(image) {
        const alt = image.caption || nameOf(subject.guitar);
        const picture = h("img", { src: image.url, alt, width: image.width, height: image.height, decoding: "async" });
        return h("figure", { class: "large" }, picture, image.caption ? h("figcaption", {}, image.caption) : null);
    }

    function strip(images, shown) {
        if (images.length < 2) {
            return "";
        }
        const select = (id) => {
            seen = id;
            draw();
            viewer.querySelector("[aria-pressed=true]")?.focus();
        };
        const buttons = images.map((image, place) =>
            h(
                "button",
                { type: "button", "aria-pressed": String(image === shown), "aria-label": `Photo ${place + 1}${image.caption ? `: ${image.caption}` : ""}`, on: { click: () => select(image.id) } },
                h("img", { src: image.thumbnailUrl, alt: "", width: 80, height: 60 }),
            ),
        );
        return h("div", { class: "strip", role: "group", "aria-label": "Photos" }, buttons);
    }

    function row(image, place, count) {
        const what = image.caption || `photo ${place + 1}`;
        const button = (name, text, action, disabled = false) =>
            h("button", { class: "button icon-only", type: "button", title: text, "aria-label": `${text}: ${what}`, disabled, on: { click: action } }, icon(name));
        return h(
            "li",
            {},
            h("img", { src: image.thumbnailUrl, alt: "", width: 80, height: 60 }),
            captionOf(image, what),
            h(
                "div",
                { class: "actions" },
                image.isPrimary
                    ? h("span", { class: "badge" }, "Cover")
                    : button("star", "Make it the cover", () => changeImage(image, { isPrimary: true })),
                button("up", "Move up", () => move(image, -1), place === 0),
                button("down", "Move down", () => move(image, 1), place === count - 1),
                button("trash", "Delete", () => remove(image, what)),
            ),
        );
    }

    /** Of an image always the same input, so that what is being written in it stays when a photo comes in meanwhile. */
    function captionOf(image, what) {
        const input = captions.get(image.id) ?? writeCaption(image);
        captions.set(image.id, input);
        input.setAttribute("aria-label", `Caption of ${what}`);
        if (input !== document.activeElement) {
            input.value = image.caption ?? "";
        }
        return input;
    }

    function writeCaption({ id }) {
        const save = () => {
            const caption = input.value.trim();
            const known = subject.guitar.images.find((one) => one.id === id)?.caption ?? "";
            // Who is taken out and put back by `draw` has not left it.
            return isDrawn && caption !== known && changeImage({ id }, { caption: caption || null });
        };
        const on = { blur: save, keydown: (pressed) => pressed.key === "Enter" && save() };
        const input = h("input", { type: "text", placeholder: "Caption", maxlength: 256, on });
        return input;
    }

    function changeImage({ id }, change) {
        return subject.change(({ images }) => ({ images: images.map((one) => (one.id === id ? { id, ...change } : keep(one))) }));
    }

    async function move({ id }, step) {
        const place = () => subject.guitar.images.findIndex((one) => one.id === id);
        await subject.change(({ images }) => {
            const moved = images.map((one) => one.id);
            const taken = moved.splice(place(), place() < 0 ? 0 : 1);
            moved.splice(Math.max(place() + step, 0), 0, ...taken);
            return { images: moved.map((one, index) => ({ id: one, order: index })) };
        });
        // The list was drawn anew: the focus goes along with the picture.
        const buttons = order.children[place()]?.querySelectorAll("button:not([disabled])") ?? [];
        ([...buttons].find((one) => one.title === (step < 0 ? "Move up" : "Move down")) ?? buttons[0])?.focus();
    }

    async function remove({ id }, what) {
        const question = { title: "Delete this photo?", text: `“${what}” is removed for good.`, action: "Delete the photo" };
        if (await confirm(question)) {
            await subject.change(({ images }) => ({ images: images.filter((one) => one.id !== id).map(keep) }));
        }
    }

    function nothing() {
        return h("div", { class: "large blank" }, silhouette(), h("p", { class: "quiet" }, "No photo yet"));
    }

    const manage = h(
        "details",
        { class: "manage" },
        h("summary", {}, icon("camera"), "Add and arrange photos"),
        adding.element,
        order,
    );
    return { element: h("section", { class: "photos", "aria-label": "Photos" }, viewer, manage), draw };
}
