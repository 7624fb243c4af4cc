/** The pictures of a guitar: looking at them, and keeping them in order. */

import { h, icon, silhouette } from "../dom.js";
import { nameOf } from "../ui/format.js";
import { confirm } from "../ui/notices.js";
import { uploads } from "../ui/uploads.js";

const PICTURES = "image/jpeg,image/png,image/webp,image/heic,.heic";

/** @param {import("./guitar.js").Subject} subject */
export function photos(subject) {
    const viewer = h("div", { class: "viewer" });
    const order = h("ol", { class: "arrange" });
    let seen = "";

    const adding = uploads({
        label: "Add photos",
        hint: "JPEG, PNG, WebP or HEIC, up to 10 MB each. You can drop them here.",
        accept: PICTURES,
        many: true,
        send: (file, onProgress) => subject.site.api.uploadFile(file, { guitarId: subject.guitar.guitarId, onProgress }),
        done: () => subject.refresh(),
    });

    function draw() {
        const { images } = subject.guitar;
        const shown = images.find((image) => image.id === seen) ?? images.find((image) => image.isPrimary);
        viewer.replaceChildren(...(shown ? [large(shown), strip(images, shown)] : [nothing()]));
        order.replaceChildren(...images.map((image, place) => row(image, place, images)));
        order.hidden = !images.length;
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

    function row(image, place, images) {
        const what = image.caption || `photo ${place + 1}`;
        const button = (name, text, action, disabled = false) =>
            h("button", { class: "button icon-only", type: "button", title: text, "aria-label": `${text}: ${what}`, disabled, on: { click: action } }, icon(name));
        const caption = h("input", { type: "text", value: image.caption ?? "", "aria-label": `Caption of ${what}`, placeholder: "Caption", maxlength: 256 });
        caption.addEventListener("change", () => changeImages(images, image, { caption: caption.value.trim() || null }));
        return h(
            "li",
            {},
            h("img", { src: image.thumbnailUrl, alt: "", width: 80, height: 60 }),
            caption,
            h(
                "div",
                { class: "actions" },
                image.isPrimary
                    ? h("span", { class: "badge" }, "Cover")
                    : button("star", "Make it the cover", () => changeImages(images, image, { isPrimary: true })),
                button("up", "Move up", () => move(images, place, -1), place === 0),
                button("down", "Move down", () => move(images, place, 1), place === images.length - 1),
                button("trash", "Delete", () => remove(images, image, what)),
            ),
        );
    }

    function changeImages(images, changed, change) {
        return subject.change({ images: images.map(({ id }) => (id === changed.id ? { id, ...change } : { id })) });
    }

    async function move(images, place, step) {
        const moved = images.map(({ id }) => id);
        moved.splice(place + step, 0, ...moved.splice(place, 1));
        await subject.change({ images: moved.map((id, index) => ({ id, order: index })) });
        // The list was drawn anew: the focus goes along with the picture.
        const buttons = order.children[place + step]?.querySelectorAll("button:not([disabled])") ?? [];
        ([...buttons].find((one) => one.title === (step < 0 ? "Move up" : "Move down")) ?? buttons[0])?.focus();
    }

    async function remove(images, image, what) {
        const question = { title: "Delete this photo?", text: `“${what}” is removed for good.`, action: "Delete the photo" };
        if (await confirm(question)) {
            await subject.change({ images: images.filter(({ id }) => id !== image.id).map(({ id }) => ({ id })) });
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
