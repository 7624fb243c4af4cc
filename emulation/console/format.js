// Numbers and times as a person reads them.

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
const UNITS = [["day", 86400], ["h", 3600], ["min", 60], ["s", 1]];

/** Seconds since 1970 as a time of the day. */
export const time = (seconds) => TIME.format(new Date(seconds * 1000));

/** An ISO time as day and time. */
export const moment = (iso) => DAY.format(new Date(iso));

/** Milliseconds, short. */
export function milliseconds(value) {
  if (value === null || value === undefined) return "…";
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ms`;
}

/** Bytes, short. */
export function bytes(value = 0) {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB`;
  return value >= 1000 ? `${(value / 1000).toFixed(1)} kB` : `${value} B`;
}

/** Seconds as the two largest units: `1 day 1 h`. */
export function duration(seconds) {
  const parts = [];
  let left = Math.round(Math.abs(seconds));
  for (const [name, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count) parts.push(`${count} ${name}${name === "day" && count > 1 ? "s" : ""}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

/** One thing or several. */
export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** A table's or bucket's name without what all of them begin with. */
export const short = (name) => name.replace(/^guitar-collection-/, "").replace(/-\d{12}(?=\/|$)/, "");

/** Units of capacity by table or index, one for each line. */
export const units = (counted = {}) => Object.entries(counted).map(([name, value]) => `${value} ${short(name)}`);

/** How a status looks; null while there is none. */
export function tone(status) {
  if (status === null) return "";
  if (status >= 500) return "bad";
  return status >= 400 ? "warn" : "good";
}
