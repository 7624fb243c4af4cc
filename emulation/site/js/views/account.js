/** The user's own account: name, preferences, second factor, the end. */

import { h } from "../dom.js";
import { link } from "../router.js";
import { moment } from "../ui/format.js";
import { field, form } from "../ui/forms.js";
import { confirm, notify } from "../ui/notices.js";
import { tell } from "../ui/states.js";

const CURRENCIES = ["USD", "EUR", "GBP", "CHF", "JPY", "AUD", "CAD", "SEK"];

export async function showAccount(site, { signal }) {
    const profile = await site.api.getProfile(signal);

    async function rename({ name }) {
        await site.api.renameUser(name.trim());
        notify("Your name was saved.");
    }

    async function savePreferences({ currency }) {
        await site.api.updateProfile({ preferences: { currency } });
        notify("Your preferences were saved.");
    }

    async function remove() {
        const text = "All your guitars, photos, receipts and notes go with it. This cannot be undone.";
        if (!(await confirm({ title: "Delete your account?", text, action: "Delete everything" }))) {
            return;
        }
        try {
            await site.api.deleteUser();
        } catch (error) {
            return tell(error);
        }
        site.signedInAs();
        notify("Your account was deleted.");
        await site.go("/");
    }

    const currencies = [...new Set([profile.preferences.currency ?? "USD", ...CURRENCIES])].map((code) => [code, code]);
    return h(
        "section",
        { class: "account" },
        h("h1", {}, "Account"),
        h("p", { class: "lead" }, `${profile.email}, a collector since ${moment(profile.createdAt)}`),
        sheet(
            "Profile",
            null,
            form({ action: "Save the name", submit: rename, kind: "" }, field({ name: "name", label: "Name", value: profile.name, autocomplete: "name", required: true })),
        ),
        sheet(
            "Preferences",
            null,
            form(
                { action: "Save the preferences", submit: savePreferences, kind: "" },
                field({ name: "currency", label: "Currency", options: currencies, value: profile.preferences.currency ?? "USD", hint: "For the prices of the guitars that you add from now on." }),
            ),
        ),
        sheet(
            "Two-step sign-in",
            "With an authenticator app, a stolen password alone opens nothing.",
            link("/account/mfa", { class: "button" }, "Set it up or turn it off"),
        ),
        sheet(
            "The end",
            "Deleting your account removes everything that belongs to it.",
            h("button", { class: "button danger", type: "button", on: { click: remove } }, "Delete the account"),
        ),
    );
}

function sheet(title, text, ...content) {
    return h("section", { class: "sheet" }, h("h2", {}, title), text ? h("p", { class: "quiet" }, text) : null, content);
}
