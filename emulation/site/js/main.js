/** Puts the site together: the client, the pages and the header. */

import { GuitarCollectionApi } from "./api.js";
import { h, svg } from "./dom.js";
import { link, Router } from "./router.js";
import { onlyLocally, tool } from "./ui/local.js";
import { announce, notify } from "./ui/notices.js";
import { showAccount } from "./views/account.js";
import { showGallery } from "./views/gallery.js";
import { showGuitar } from "./views/guitar.js";
import { showEditForm, showNewForm } from "./views/guitar-form.js";
import { showMfa } from "./views/mfa.js";
import { showForgotPassword, showResetPassword } from "./views/password.js";
import { showNotFound } from "./views/not-found.js";
import { showSignIn } from "./views/sign-in.js";
import { showCheckMail, showSignUp } from "./views/sign-up.js";
import { showWelcome } from "./views/welcome.js";

const api = new GuitarCollectionApi({
    onSessionLost() {
        // The call that has met it fails by itself; whoever is here wants to go on where they were.
        queueMicrotask(() => {
            if (location.pathname === "/sign-in") {
                return; // Another call has met it as well.
            }
            drawHeader();
            notify("Your session has ended. Sign in to go on.");
            void router.askToSignIn();
        });
    },
});

const site = { api, go: (path, options) => router.go(path, options), signedInAs: drawHeader };

const router = new Router(
    document.getElementById("page"),
    [
        { path: "/", title: "Guitar Collection", access: "guest", view: () => showWelcome() },
        { path: "/sign-in", title: "Sign in", access: "guest", view: (visit) => showSignIn(site, visit) },
        { path: "/sign-up", title: "Create an account", access: "guest", view: () => showSignUp(site) },
        { path: "/check-mail", title: "Check your mail", access: "guest", view: (visit) => showCheckMail(site, visit) },
        { path: "/forgot-password", title: "Forgot your password", access: "guest", view: () => showForgotPassword(site) },
        { path: "/reset-password", title: "A new password", access: "guest", view: (visit) => showResetPassword(site, visit) },
        { path: "/guitars", title: "The collection", access: "user", view: (visit) => showGallery(site, visit) },
        { path: "/guitars/new", title: "Add a guitar", access: "user", view: (visit) => showNewForm(site, visit) },
        { path: "/guitars/:id", title: "Guitar", access: "user", view: (visit) => showGuitar(site, visit) },
        { path: "/guitars/:id/edit", title: "Edit", access: "user", view: (visit) => showEditForm(site, visit) },
        { path: "/account", title: "Account", access: "user", view: (visit) => showAccount(site, visit) },
        { path: "/account/mfa", title: "Two-step sign-in", access: "user", view: () => showMfa(site) },
        { path: "*", title: "Not found", view: () => showNotFound() },
    ],
    () => api.isSignedIn,
);

function drawHeader() {
    const guest = [
        link("/sign-in", { class: "nav-link" }, "Sign in"),
        link("/sign-up", { class: "button primary small" }, "Create an account"),
    ];
    const user = [
        link("/guitars", { class: "nav-link" }, "Collection"),
        link("/account", { class: "nav-link" }, "Account"),
        h("button", { class: "nav-link", type: "button", on: { click: signOut } }, "Sign out"),
    ];
    document.getElementById("header")?.replaceChildren(
        link("/", { class: "brand" }, mark(), h("span", {}, "Guitar Collection")),
        h("nav", { class: "nav", "aria-label": "Site" }, api.isSignedIn ? user : guest),
    );
}

function drawFooter() {
    const tools = onlyLocally(() => h("p", {}, "On this machine: ", tool("", "console"), " and ", tool("docs", "API docs"), "."));
    document.getElementById("footer")?.append(...(tools ? [tools] : []));
}

function mark() {
    return svg(
        "svg",
        { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
        svg("path", { class: "pick", d: "M16 30C9 25 3 16 3 9c0-4 6-7 13-7s13 3 13 7c0 7-6 16-13 21z" }),
        svg("path", { class: "lines", d: "M11 8v11M16 8v15M21 8v11" }),
    );
}

async function signOut() {
    try {
        await api.logoutUser();
    } catch {
        // Here the session is over in any case; on the server it ends by itself.
    }
    drawHeader();
    await router.go("/");
    announce("Signed out");
}

drawHeader();
drawFooter();
router.start();
