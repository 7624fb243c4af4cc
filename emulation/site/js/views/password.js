/** A forgotten password: a mailed code allows a new one. */

import { field, form } from "../ui/forms.js";
import { notify } from "../ui/notices.js";
import { mailboxHint, panel, turn } from "../ui/panel.js";

export function showForgotPassword(site) {
    return panel(
        { title: "Forgot your password?", text: "We mail you a code that lets you choose a new one." },
        form(
            {
                action: "Send the code",
                async submit({ email }) {
                    await site.api.requestPasswordReset(email.trim());
                    await site.go(`/reset-password?email=${encodeURIComponent(email.trim())}`);
                },
            },
            field({ name: "email", label: "E-mail", type: "email", autocomplete: "username", required: true }),
        ),
        turn("Remembered it?", "/sign-in", "Sign in"),
    );
}

export function showResetPassword(site, { query }) {
    const email = query.get("email") ?? "";
    return panel(
        { title: "A new password", text: "If the address has an account, a mail with a code of six digits is on its way." },
        form(
            {
                action: "Change the password",
                async submit({ email, code, newPassword }) {
                    await site.api.resetPassword({ email: email.trim(), code: code.trim(), newPassword });
                    notify("Your password was changed. Sign in with the new one.");
                    await site.go(`/sign-in?email=${encodeURIComponent(email.trim())}`);
                },
            },
            field({ name: "email", label: "E-mail", type: "email", autocomplete: "username", required: true, value: email }),
            field({ name: "code", label: "Code", class: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6, required: true }),
            field({ name: "newPassword", label: "New password", type: "password", autocomplete: "new-password", required: true }),
        ),
        mailboxHint(),
        turn("No code?", "/forgot-password", "Ask for another"),
    );
}
