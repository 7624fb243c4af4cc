/** Pages that wait, are empty, or could not be loaded. */

import { ApiError, ConnectionError, SessionLostError } from "../api.js";
import { h, icon } from "../dom.js";
import { notify } from "./notices.js";

/** A page whose content is on its way. */
export function loading() {
    return h(
        "section",
        { class: "state", "aria-busy": "true" },
        h("div", { class: "strings", "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"), h("i"), h("i")),
        h("h1", { class: "quiet" }, "Tuning up …"),
    );
}

/** Nothing to show yet, and what to do about it.
 * @param {{title: string, text: string, picture?: Node, level?: string}} content
 * @param {...Node} actions */
export function empty({ title, text, picture, level = "h2" }, ...actions) {
    return h(
        "section",
        { class: "state" },
        picture ?? null,
        h(level, {}, title),
        h("p", {}, text),
        actions.length ? h("div", { class: "actions" }, actions) : null,
    );
}

/** Why something could not be loaded, in the words of a person, and a way to try again.
 * @param {unknown} error
 * @param {() => void} retry */
export function failure(error, retry) {
    const { picture, title, text, canRetry } = explain(error);
    const wait = (error instanceof ApiError && error.retryAfterSeconds) || 0;
    const button = h("button", { class: "button primary", type: "button", on: { click: retry } }, "Try again");
    const hint = h("p", { class: "quiet", role: "status" });
    if (wait) {
        countDown(wait, button, hint);
    }
    return h(
        "section",
        { class: "state" },
        h("span", { class: "emblem" }, icon(picture)),
        h("h1", {}, title),
        h("p", {}, text),
        h("div", { class: "actions" }, canRetry ? button : h("a", { class: "button", href: "/guitars" }, "To the collection")),
        hint,
    );
}

/** Say in passing what went wrong. That the session has ended is said by who leads to signing in.
 * @param {unknown} error */
export function tell(error) {
    if (!(error instanceof SessionLostError)) {
        notify(explain(error).text);
    }
}

/** What went wrong, for a form or a page.
 * @param {unknown} error
 * @returns {{picture: any, title: string, text: string, canRetry: boolean}} */
export function explain(error) {
    if (error instanceof ConnectionError) {
        const text = "The server cannot be reached. Check your connection; nothing that you saved is lost.";
        return { picture: "cloud", title: "No connection", text, canRetry: true };
    }
    if (!(error instanceof ApiError)) {
        console.error(error);
        const text = "This page has made a mistake. Loading it again may help.";
        return { picture: "warning", title: "Something went wrong", text, canRetry: true };
    }
    if (error.status === 404) {
        const text = "It may have been deleted, or it belongs to somebody else's collection.";
        return { picture: "search", title: "There is no such guitar", text, canRetry: false };
    }
    if (error.status === 429) {
        const text = "There were too many requests in a short time. Wait a little, then try again.";
        return { picture: "clock", title: "A short rest", text, canRetry: true };
    }
    if (error.status >= 500) {
        const text = "A part of the service is not available. It usually comes back within moments.";
        return { picture: "clock", title: "Back in a moment", text, canRetry: true };
    }
    return { picture: "warning", title: "That did not work", text: error.message, canRetry: true };
}

function countDown(seconds, button, hint) {
    button.disabled = true;
    const until = Date.now() + seconds * 1000;
    const tick = () => {
        const left = Math.ceil((until - Date.now()) / 1000);
        button.disabled = left > 0;
        hint.textContent = left > 0 ? `The service asks to wait: ${left} s` : "";
        if (left > 0 && (hint.isConnected || left === seconds)) {
            setTimeout(tick, 250);
        }
    };
    tick();
}
