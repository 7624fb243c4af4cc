/** What a form has changed, as the API's PUT takes it: absent stays, null removes. */

import { label } from "../ui/format.js";
import { PRIVATE, SPECIFICATION } from "./guitar-fields.js";

const ATTRIBUTES = [{ name: "brand", label: "Brand" }, { name: "model", label: "Model" }, ...SPECIFICATION.flatMap((group) => group.attributes)];
// Fields that the edit form does not show, but that another page may have changed.
const LISTS = ["notes", "images"];

/** A note or an image that stays as it is, in a change of the whole list. */
export const keep = ({ id }) => ({ id });

/**
 * @param {any} guitar as it was read; `{}` for a new one
 * @param {Record<string, string>} values of the form, by the names of the API
 * @param {Record<string, any>} details the whole `detailedSpecs` as they should be
 */
export function changesOf(guitar, values, details) {
    const patch = changed(ATTRIBUTES, guitar, (name) => values[name]);
    const info = changed(PRIVATE, guitar.privateInfo ?? {}, (name) => values[`privateInfo.${name}`]);
    if (Object.keys(info).length) {
        patch.privateInfo = info;
    }
    const specs = mergePatch(guitar.detailedSpecs ?? {}, details);
    if (Object.keys(specs).length) {
        patch.detailedSpecs = specs;
    }
    return patch;
}

/** Which attributes somebody else has changed, and to what.
 * @returns {[string, string][]} */
export function differences(before, after) {
    const pairs = ATTRIBUTES.map((one) => [one.label, before[one.name], after[one.name]]);
    const isPrivate = PRIVATE.map((one) => [one.label, before.privateInfo?.[one.name], after.privateInfo?.[one.name]]);
    const specs = [...new Set([...Object.keys(before.detailedSpecs ?? {}), ...Object.keys(after.detailedSpecs ?? {})])].map((name) => [
        label(name),
        before.detailedSpecs?.[name],
        after.detailedSpecs?.[name],
    ]);
    const lists = LISTS.map((name) => [label(name), before[name].length, after[name].length]);
    return [...pairs, ...isPrivate, ...specs, ...lists]
        .filter(([, one, other]) => JSON.stringify(one) !== JSON.stringify(other))
        .map(([name, , value]) => [name, value === undefined ? "removed" : typeof value === "object" ? JSON.stringify(value) : String(value)]);
}

function changed(attributes, before, valueOf) {
    const patch = {};
    for (const { name, kind } of attributes) {
        const value = parse(kind, (valueOf(name) ?? "").trim());
        if (value === null ? before[name] !== undefined : value !== before[name]) {
            patch[name] = value;
        }
    }
    return patch;
}

/** What is no number is sent as it was typed: the API says what is wrong with it, at this field. */
function parse(kind, text) {
    if (text === "") {
        return null;
    }
    if (kind === "number" || kind === "money") {
        return Number.isNaN(Number(text)) ? text : Number(text);
    }
    return kind === "flag" ? text === "true" : text;
}

/** RFC 7396: the patch that makes `after` of `before`. */
function mergePatch(before, after) {
    const removed = Object.keys(before).filter((name) => !(name in after)).map((name) => [name, null]);
    const set = Object.entries(after)
        .filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value))
        .map(([name, value]) => [name, isMap(value) && isMap(before[name]) ? mergePatch(before[name], value) : value]);
    return Object.fromEntries([...removed, ...set]);
}

function isMap(value) {
    return value !== null && typeof value === "object" && !Array.isArray(value);
}
