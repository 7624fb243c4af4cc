/** Pages at plain paths by the History API: what the address bar shows can be opened, shared and gone back to. */

import { h } from "./dom.js";
import { SessionLostError } from "./api.js";
import { announce } from "./ui/notices.js";
import { failure, loading } from "./ui/states.js";

const SITE_NAME = "Guitar Collection";

/** @typedef {{params: Record<string, string>, query: URLSearchParams, signal: AbortSignal, reload: () => void}} Visit */
/** @typedef {{path: string, title: string, view: (visit: Visit) => Node | Promise<Node>, access?: "public" | "guest" | "user"}} Page */

export class Router {
    #visit = new AbortController();
    #isFirst = true;

    /**
     * @param {HTMLElement} outlet
     * @param {Page[]} pages in the order in which they are tried; the last one takes every path
     * @param {() => boolean} isSignedIn
     */
    constructor(outlet, pages, isSignedIn) {
        this.outlet = outlet;
        this.isSignedIn = isSignedIn;
        this.pages = pages.map((page) => ({ ...page, pattern: patternOf(page.path) }));
    }

    /** Show the page of the address bar, and follow links and the back button from now on. */
    start() {
        window.addEventListener("popstate", () => this.show());
        document.addEventListener("click", (event) => this.#follow(event));
        this.show();
    }

    /** Go to another page of the site.
     * @param {string} path with its query
     * @param {{replace?: boolean}} [options] */
    go(path, { replace = false } = {}) {
        history[replace ? "replaceState" : "pushState"](null, "", path);
        window.scrollTo(0, 0);
        return this.show();
    }

    /** Sign in first, and come back to where one is now. */
    askToSignIn() {
        const here = location.pathname + location.search;
        const isHome = here === "/" || location.pathname === "/sign-in";
        return this.go(isHome ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`, { replace: true });
    }

    /** Show the page that the address bar names. */
    async show() {
        this.#visit.abort();
        const visit = (this.#visit = new AbortController());
        const [page, params] = this.#find(location.pathname);
        if (page.access === "user" && !this.isSignedIn()) {
            return this.askToSignIn();
        }
        if (page.access === "guest" && this.isSignedIn()) {
            return this.go("/guitars", { replace: true });
        }
        const query = new URLSearchParams(location.search);
        document.body.dataset.page = page.path;
        // A page that is there at once needs no sign of waiting.
        const waiting = setTimeout(() => this.outlet.replaceChildren(loading()), 120);
        visit.signal.addEventListener("abort", () => clearTimeout(waiting));
        this.outlet.setAttribute("aria-busy", "true");
        try {
            const view = await page.view({ params, query, signal: visit.signal, reload: () => this.show() });
            if (!visit.signal.aborted) {
                this.#render(view, page.title);
            }
        } catch (error) {
            if (!visit.signal.aborted && !(error instanceof SessionLostError)) {
                this.#render(failure(error, () => this.show()), "Something went wrong");
            }
        } finally {
            clearTimeout(waiting);
        }
    }

    #render(view, title) {
        this.outlet.replaceChildren(view);
        this.outlet.removeAttribute("aria-busy");
        const heading = this.outlet.querySelector("h1");
        const shown = heading?.dataset.title ?? title;
        document.title = shown === SITE_NAME ? SITE_NAME : `${shown} · ${SITE_NAME}`;
        if (!this.#isFirst) {
            // As a load of a new page would: reading goes on at its heading.
            heading?.setAttribute("tabindex", "-1");
            heading?.focus({ preventScroll: true });
            announce(shown);
        }
        this.#isFirst = false;
        this.outlet.querySelector("[autofocus]")?.focus();
    }

    #find(path) {
        for (const page of this.pages) {
            const match = page.pattern.exec(path);
            if (match) {
                return [page, { ...match.groups }];
            }
        }
        throw new Error(`No page takes ${path}`);
    }

    #follow(event) {
        const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
        const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (!link || !isPlain || event.defaultPrevented || link.target || link.hasAttribute("download")) {
            return;
        }
        const url = new URL(link.href);
        const isOurs = url.origin === location.origin && !/^\/(api|images|_local)\//.test(url.pathname);
        if (isOurs && !(url.hash && url.pathname === location.pathname)) {
            event.preventDefault();
            this.go(url.pathname + url.search);
        }
    }
}

function patternOf(path) {
    return new RegExp(path === "*" ? "" : `^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`);
}

/** A link to another page of the site. */
export function link(href, attributes, ...children) {
    return h("a", { href, ...attributes }, ...children);
}
