/** For every path that no page has. */

import { h, silhouette } from "../dom.js";
import { link } from "../router.js";
import { empty } from "../ui/states.js";

export function showNotFound() {
    const home = link("/", { class: "button primary" }, "To the start");
    const text = "Nothing is kept at this address. Perhaps the link was cut off on its way here.";
    const page = empty({ title: "This page is missing", text, picture: silhouette(), level: "h1" }, home);
    return h("div", {}, page);
}
