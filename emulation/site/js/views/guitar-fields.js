/** The attributes of a guitar in the order and the words in which people see them; forms and pages are made from it. */

export const TYPES = ["Acoustic", "Acoustic-electric", "Archtop", "Bass", "Classical", "Electric", "Hollow body", "Semi-hollow", "Ukulele"];

/** @typedef {{name: string, label: string, kind?: "number" | "money" | "day" | "flag" | "long", suggestions?: string[], hint?: string}} Attribute */
/** @typedef {{title: string, attributes: Attribute[]}} Group */

/** @type {Group[]} */
export const SPECIFICATION = [
    {
        title: "The guitar",
        attributes: [
            { name: "year", label: "Year", kind: "number" },
            { name: "type", label: "Type", suggestions: TYPES },
            { name: "color", label: "Colour" },
            { name: "finish", label: "Finish" },
            { name: "countryOfOrigin", label: "Made in" },
            { name: "caseIncluded", label: "Case", kind: "flag" },
        ],
    },
    {
        title: "Woods and neck",
        attributes: [
            { name: "bodyMaterial", label: "Body" },
            { name: "neckMaterial", label: "Neck" },
            { name: "fretboardMaterial", label: "Fretboard" },
            { name: "numberOfFrets", label: "Frets", kind: "number" },
            { name: "scaleLength", label: "Scale length" },
            { name: "nut", label: "Nut" },
        ],
    },
    {
        title: "Hardware and electronics",
        attributes: [
            { name: "pickupConfiguration", label: "Pickups", hint: "From neck to bridge, such as SSS or HH." },
            { name: "electronics", label: "Controls" },
            { name: "bridge", label: "Bridge" },
            { name: "tuningMachines", label: "Tuners" },
        ],
    },
];

/** @type {Attribute[]} */
export const PRIVATE = [
    { name: "serialNumber", label: "Serial number" },
    { name: "purchaseDate", label: "Bought on", kind: "day" },
    { name: "purchaseLocation", label: "Bought at" },
    { name: "purchasePrice", label: "Price paid", kind: "money" },
    { name: "originalRetailPrice", label: "Retail price", kind: "money" },
    { name: "currentValue", label: "Value today", kind: "money" },
    { name: "currency", label: "Currency", hint: "Three letters, such as USD." },
    { name: "insuranceInfo", label: "Insurance", kind: "long" },
];
