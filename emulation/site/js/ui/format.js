/** How values are written for people. */

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** An amount with its currency, if both make sense.
 * @param {number | undefined} amount
 * @param {string | undefined} currency */
export function money(amount, currency) {
    if (amount === undefined) {
        return "";
    }
    const isCode = /^[A-Z]{3}$/.test(currency ?? "");
    const options = isCode ? { style: /** @type {const} */ ("currency"), currency } : { maximumFractionDigits: 2 };
    const text = new Intl.NumberFormat(undefined, options).format(amount);
    return isCode || !currency ? text : `${text} ${currency}`;
}

/** A day as the API has it (2024-05-31), or whatever else was written there.
 * @param {string | undefined} text */
export function day(text) {
    return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? DAY.format(new Date(text)) : (text ?? "");
}

/** @param {string} time ISO 8601 */
export function moment(time) {
    return MOMENT.format(new Date(time));
}

/** `fretboardRadius` as "Fretboard radius".
 * @param {string} name */
export function label(name) {
    const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ").toLowerCase();
    return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {{brand: string, model: string}} guitar */
export function nameOf(guitar) {
    return `${guitar.brand} ${guitar.model}`;
}
