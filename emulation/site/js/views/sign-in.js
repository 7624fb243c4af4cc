/** Signing in, with the second step when the account asks for one, and back to where one wanted to go. */

import { ApiError } from "../api.js";
import { h } from "../dom.js";
import { link } from "../router.js";
import { field, form } from "../ui/forms.js";
import { panel, turn } from "../ui/panel.js";

export function showSignIn(site, { query }) {
    const place = h("div", {});

    function arrive() {
        site.signedInAs();
        return site.go(ownPath(query.get("next")), { replace: true });
    }

    async function signIn({ email, password }) {
        try {
            const challenge = await site.api.loginUser(email.trim(), password);
            return challenge ? askForCode(email.trim(), challenge.session) : await arrive();
        } catch (error) {
            if (error instanceof ApiError && error.code === "AUTH_USER_NOT_CONFIRMED") {
                return site.go(`/check-mail?email=${encodeURIComponent(email.trim())}`);
            }
            throw error;
        }
    }

    function askForCode(email, session) {
        const attributes = { inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6, required: true };
        const code = field({ name: "mfaCode", label: "Code", class: "code", hint: "Six digits; a new one every 30 seconds.", ...attributes });
        place.replaceChildren(
            panel(
                { title: "One more step", text: "Open your authenticator app and type the code that it shows." },
                form(
                    {
                        action: "Sign in",
                        async submit({ mfaCode }) {
                            await site.api.answerChallenge(email, session, mfaCode.trim());
                            await arrive();
                        },
                        beside: h("button", { class: "button", type: "button", on: { click: askForPassword } }, "Start again"),
                    },
                    code,
                ),
            ),
        );
        code.querySelector("input").focus();
    }

    function askForPassword() {
        place.replaceChildren(
            panel(
                { title: "Welcome back", text: query.has("next") ? "Sign in to go on where you were." : "Sign in to your collection." },
                form(
                    { action: "Sign in", submit: signIn },
                    field({ name: "email", label: "E-mail", type: "email", autocomplete: "username", required: true, value: query.get("email") }),
                    field({ name: "password", label: "Password", type: "password", autocomplete: "current-password", required: true }),
                ),
                h("p", { class: "turn" }, link("/forgot-password", {}, "Forgot your password?")),
                turn("New here?", "/sign-up", "Create an account"),
            ),
        );
    }

    askForPassword();
    return place;
}

/** A path of this site, whatever the address bar was made to say. */
function ownPath(next) {
    const url = new URL(next ?? "/guitars", location.origin);
    return url.origin === location.origin ? url.pathname + url.search : "/guitars";
}
