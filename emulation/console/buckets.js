import { api } from "./api.js";
import { action, badge, copy, empty, h, head, pair } from "./dom.js";
import { bytes, count, duration, moment, short } from "./format.js";

export async function showBuckets(page, params) {
  const buckets = await api.buckets();
  const lead = "What is in S3, with metadata, tags, and when a lifecycle rule deletes it.";
  if (!buckets.length) {
    page.append(head("Buckets", lead), empty("No buckets", "The stack is not there yet."));
    return;
  }
  const bucket = buckets.find((one) => one.name === params.get("bucket")) ?? [...buckets].sort((a, b) => b.objects - a.objects)[0];
  const gallery = h("ul", { class: "gallery" });
  const more = h("div", { class: "actions start" });
  const prefix = params.get("prefix") ?? "";
  const load = async (after) => {
    const answer = await api.objects({ bucket: bucket.name, prefix, after });
    gallery.append(...answer.objects.map((one) => card(bucket, one)));
    more.replaceChildren(...(answer.next ? [action("Show more", () => load(answer.next))] : []));
  };
  await load("");
  const form = h("form", { class: "filters", role: "search", onsubmit: (event) => {
    event.preventDefault();
    location.hash = `#/buckets?${new URLSearchParams({ bucket: bucket.name, prefix: form.elements.prefix.value })}`;
  } }, h("input", { type: "search", name: "prefix", value: prefix, placeholder: "Key begins with", "aria-label": "Key begins with", autocomplete: "off" }), h("button", {}, "Show"));
  page.append(
    head("Buckets", lead),
    h("nav", { class: "tabs", "aria-label": "Buckets" }, buckets.map((one) => h("a", { href: `#/buckets?bucket=${encodeURIComponent(one.name)}`, "aria-current": one === bucket ? "page" : null }, short(one.name), h("small", {}, String(one.objects))))),
    h("p", { class: "faint" }, `${count(bucket.objects, "object")}, ${bytes(bucket.bytes)} · versioning ${bucket.versioning.toLowerCase()} · `, bucket.rules.length ? `rules: ${bucket.rules.join(", ")}` : "no lifecycle rules"),
    form,
    gallery.childElementCount ? gallery : empty("No objects", prefix ? "No key begins so." : "Uploads and their pictures appear here."),
    more);
}

function card(bucket, one) {
  const isPicture = one.contentType?.startsWith("image/") && one.contentType !== "image/heic";
  const url = api.objectUrl(bucket.name, one.key);
  const name = one.key.split("/").at(-1);
  return h("li", { class: `card object ${one.isDeleted ? "gone" : ""}` },
    h("a", { class: "thumb", href: url, target: "_blank", rel: "noopener", "aria-label": `Open ${one.key}` },
      isPicture ? h("img", { src: url, alt: "", decoding: "async", onerror: (event) => event.target.replaceWith(label("not a picture")) })
        : label((one.contentType ?? "deleted").split(";")[0].split("/").at(-1))),
    h("p", { class: "row-title", title: one.key }, name),
    h("p", { class: "badges" },
      one.size === undefined ? null : badge(bytes(one.size)),
      one.isDeleted ? badge("deleted", "bad") : null,
      one.versions > 1 ? badge(count(one.versions, "version")) : null,
      typeof one.expiresInSeconds === "number" ? badge(one.expiresInSeconds > 0 ? `goes in ${duration(one.expiresInSeconds)}` : "goes now", "warn") : null),
    h("details", {}, h("summary", {}, "Details"), h("dl", { class: "facts" },
      pair("Key", h("code", {}, one.key)),
      pair("Written", moment(one.lastModified)),
      one.contentType ? pair("Type", one.contentType) : null,
      one.etag ? pair("ETag", h("code", {}, one.etag)) : null,
      pairs("Tags", one.tags), pairs("Metadata", one.metadata),
      pair("Lifecycle", typeof one.expiresInSeconds === "number" ? `deleted in ${duration(one.expiresInSeconds)}` : "stays")),
    action("Copy the key", () => copy(one.key, "Key"), { class: "quiet" })));
}

const label = (text) => h("span", {}, text);

function pairs(title, values) {
  const entries = Object.entries(values ?? {});
  return entries.length ? pair(title, entries.map(([name, value]) => h("div", {}, h("code", {}, `${name}: ${value}`)))) : null;
}
