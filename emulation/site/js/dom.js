/** Building elements. Text is always set as text, never parsed, so nothing that a user wrote becomes markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element: `on` holds listeners, true and false switch attributes, null and undefined leave them away.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | number | null | undefined | false | (Node | string)[])} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
    return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
    return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, { on = {}, value, ...attributes }, children) {
    for (const [name, set] of Object.entries(attributes)) {
        if (set === true) {
            element.setAttribute(name, "");
        } else if (set !== false && set !== null && set !== undefined) {
            element.setAttribute(name, String(set));
        }
    }
    for (const [event, listener] of Object.entries(on)) {
        element.addEventListener(event, listener);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    // After the children: a select has no value before it has options.
    if (value !== undefined && value !== null) {
        element.value = value;
    }
    return element;
}

/** Have other children. What stays among them keeps the focus, which the browser takes from whatever is moved: where
 * it is has to be known before they are built of what was there.
 * @param {Element} element
 * @param {() => Node[]} build */
export function redraw(element, build) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    element.replaceChildren(...build());
    if (element.contains(focused)) {
        focused?.focus();
    }
}

// 24 by 24, drawn as strokes.
const ICONS = {
    add: "M12 5v14M5 12h14",
    back: "M15 5l-7 7 7 7",
    camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z",
    cloud: "M3 3l18 18M9 6.2A5.5 5.5 0 0 1 17 10a4 4 0 0 1 3.2 6M17.5 18H7a4.5 4.5 0 0 1-1-8.9",
    clock: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 7.5V12l3 2",
    down: "M5 9l7 7 7-7",
    edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
    file: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    mail: "M3.5 6h17v12h-17zM4 7l8 6 8-6",
    search: "M10.5 4.5a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM15 15l5 5",
    star: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z",
    trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
    up: "M5 15l7-7 7 7",
    warning: "M12 4l9.5 16h-19zM12 10v4.5M12 17.2v.3",
};

/** A decorative icon; what it means stands beside it as text.
 * @param {keyof typeof ICONS} name */
export function icon(name) {
    return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
}

/** What stands for a guitar without a photo. */
export function silhouette() {
    const body =
        "M60 96c-14 0-22 9-22 20 0 8 5 11 5 18 0 8-9 13-9 27 0 17 12 27 26 27s26-10 26-27c0-14-9-19-9-27 0-7 5-10 5-18 0-11-8-20-22-20z";
    return svg(
        "svg",
        { class: "silhouette", viewBox: "0 0 120 200", "aria-hidden": "true" },
        svg("path", { d: body }),
        svg("path", { d: "M57 96V34h6v62M55 34l2-20h6l2 20zM60 34v126M51 160h18" }),
        svg("circle", { cx: 60, cy: 138, r: 8 }),
    );
}
