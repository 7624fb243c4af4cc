/** What only makes sense when the site runs on the machine in front of you: nobody else will ever see this. */

import { h } from "../dom.js";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** @param {() => Node} make
 * @returns {Node | null} */
export function onlyLocally(make) {
    return LOOPBACK.includes(location.hostname) ? make() : null;
}

/** A page of the local tools, beside the site. */
export function tool(path, text) {
    return h("a", { href: `/_local/${path}`, target: "_blank", rel: "noopener" }, text);
}
