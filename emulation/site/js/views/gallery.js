/** The collection: filters that live in the address, and pages that follow each other. */

import { SessionLostError } from "../api.js";
import { h, icon, silhouette } from "../dom.js";
import { link } from "../router.js";
import { nameOf } from "../ui/format.js";
import { field } from "../ui/forms.js";
import { announce } from "../ui/notices.js";
import { empty, explain } from "../ui/states.js";
import { TYPES } from "./guitar-fields.js";

const PAGE_SIZE = 9;
const FILTERS = ["brand", "type", "yearFrom", "yearTo"];

export async function showGallery(site, { query, signal }) {
    const chosen = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]));
    const isFiltered = FILTERS.some((name) => chosen[name]);
    const [brands, page] = await Promise.all([
        site.api.listBrands(signal),
        nextPage(site.api, { ...chosen, limit: PAGE_SIZE }, signal).catch((error) => (error.details?.length ? { error } : Promise.reject(error))),
    ]);
    if (!brands.length && !isFiltered) {
        return emptyCollection();
    }
    return h(
        "section",
        { class: "gallery" },
        h(
            "div",
            { class: "title-row" },
            h("h1", {}, "The collection"),
            link("/guitars/new", { class: "button primary" }, icon("add"), "Add a guitar"),
        ),
        filters(site, brands, chosen, isFiltered),
        page.error ? refusedFilter(page.error) : results(site, chosen, page, isFiltered),
    );
}

function emptyCollection() {
    const text = "Add your first guitar. Photos, papers and stories can follow whenever you like.";
    const add = link("/guitars/new", { class: "button primary" }, icon("add"), "Add a guitar");
    return empty({ title: "An empty wall", text, picture: silhouette(), level: "h1" }, add);
}

function filters(site, brands, chosen, isFiltered) {
    const apply = (event) => {
        event.preventDefault();
        const values = new FormData(event.currentTarget);
        const kept = FILTERS.map((name) => [name, String(values.get(name) ?? "").trim()]).filter(([, value]) => value);
        void site.go(kept.length ? `/guitars?${new URLSearchParams(kept)}` : "/guitars");
    };
    const choices = [["", "All brands"], ...brands.map((brand) => [brand, brand])];
    const year = { inputmode: "numeric", maxlength: 4, class: "year" };
    return h(
        "form",
        { class: "filters", role: "search", "aria-label": "Filter the collection", on: { submit: apply } },
        field({ name: "brand", label: "Brand", options: choices, value: chosen.brand }),
        field({ name: "type", label: "Type", suggestions: TYPES, placeholder: "Any", value: chosen.type }),
        field({ name: "yearFrom", label: "From year", value: chosen.yearFrom, placeholder: "Any", ...year }),
        field({ name: "yearTo", label: "To year", value: chosen.yearTo, placeholder: "Any", ...year }),
        h(
            "div",
            { class: "actions" },
            h("button", { class: "button", type: "submit" }, "Filter"),
            isFiltered ? link("/guitars", { class: "button plain" }, "Clear") : null,
        ),
    );
}

function results(site, chosen, first, isFiltered) {
    if (!first.guitars.length) {
        const text = "No guitar of the collection fits all of these. Try with fewer of them.";
        return empty({ title: "Nothing fits", text, picture: silhouette() }, link("/guitars", { class: "button" }, "Show all guitars"));
    }
    const list = h("ul", { class: "cards" }, first.guitars.map(card));
    const count = h("p", { class: "quiet", role: "status", tabindex: -1 });
    const alert = h("p", { class: "alert", role: "alert", hidden: true });
    const more = h("button", { class: "button", type: "button", on: { click: showMore } }, "Show more");
    let nextToken = first.nextToken;

    function tell() {
        const shown = list.children.length;
        count.textContent = `${shown} ${shown === 1 ? "guitar" : "guitars"}${nextToken ? " so far" : isFiltered ? " found" : ""}`;
        more.hidden = !nextToken;
    }

    async function showMore() {
        more.disabled = true;
        alert.hidden = true;
        try {
            const page = await nextPage(site.api, { ...chosen, limit: PAGE_SIZE, nextToken });
            const added = page.guitars.map(card);
            list.append(...added);
            nextToken = page.nextToken;
            tell();
            (added[0]?.querySelector("a") ?? count).focus();
            announce(`${added.length} more guitars`);
        } catch (error) {
            if (!(error instanceof SessionLostError)) {
                alert.textContent = explain(error).text;
                alert.hidden = false;
            }
        } finally {
            more.disabled = false;
        }
    }

    tell();
    return h("div", {}, list, alert, h("div", { class: "more" }, count, more));
}

/** A filter may leave a page empty although there is more behind it: DynamoDB filters after reading. */
async function nextPage(api, query, signal) {
    let page = await api.listGuitars(query, signal);
    while (!page.guitars.length && page.nextToken) {
        page = await api.listGuitars({ ...query, nextToken: page.nextToken }, signal);
    }
    return page;
}

function refusedFilter(error) {
    const lines = error.details.map((detail) => h("p", {}, `${detail.field} ${detail.message}`.trim()));
    return h("div", { class: "alert", role: "alert" }, lines);
}

function card(guitar) {
    const primary = guitar.images.find((image) => image.isPrimary);
    const picture = primary
        ? h("img", { src: primary.thumbnailUrl, alt: "", width: 400, height: 300, loading: "lazy", decoding: "async" })
        : silhouette();
    const line = [guitar.year, guitar.type, guitar.color].filter(Boolean).join(" · ");
    return h(
        "li",
        { class: "card" },
        h("div", { class: "picture" }, picture),
        h(
            "div",
            { class: "caption" },
            h("p", { class: "eyebrow" }, guitar.brand),
            h("h2", {}, link(`/guitars/${guitar.guitarId}`, { "aria-label": nameOf(guitar) }, guitar.model)),
            h("p", { class: "quiet" }, line),
        ),
    );
}
