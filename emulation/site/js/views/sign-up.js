/** A new account, and the mail that verifies its address. */

import { h, icon } from "../dom.js";
import { link } from "../router.js";
import { field, form } from "../ui/forms.js";
import { notify } from "../ui/notices.js";
import { mailboxHint, panel, turn } from "../ui/panel.js";

export function showSignUp(site) {
    return panel(
        { title: "Start your collection", text: "An account keeps it yours: nobody else sees it." },
        form(
            {
                action: "Create the account",
                async submit({ name, email, password }) {
                    await site.api.registerUser({ name: name.trim(), email: email.trim(), password });
                    await site.go(`/check-mail?email=${encodeURIComponent(email.trim())}`);
                },
            },
            field({ name: "name", label: "Name", autocomplete: "name", required: true }),
            field({ name: "email", label: "E-mail", type: "email", autocomplete: "username", required: true }),
            field({
                name: "password",
                label: "Password",
                type: "password",
                autocomplete: "new-password",
                required: true,
                hint: "At least 8 characters, with capital and small letters, a digit and a symbol.",
            }),
        ),
        turn("You have an account?", "/sign-in", "Sign in"),
    );
}

export function showCheckMail(site, { query }) {
    const email = query.get("email") ?? "";
    const resend = async () => {
        await site.api.resendVerification(email);
        notify("If the address has an account that waits, a mail is on its way.");
    };
    return panel(
        {
            title: "Check your mail",
            text: h("span", {}, "We have sent a link to ", h("strong", {}, email || "your address"), ". Open it, then sign in."),
        },
        h("span", { class: "emblem" }, icon("mail")),
        h("div", { class: "actions" }, link(`/sign-in?email=${encodeURIComponent(email)}`, { class: "button primary" }, "I have opened it: sign in")),
        email ? form({ action: "Send the mail again", submit: resend, class: "form bare", kind: "" }) : null,
        mailboxHint(),
    );
}
