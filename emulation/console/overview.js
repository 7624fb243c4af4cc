import { api } from "./api.js";
import { badge, copy, h, head, action } from "./dom.js";
import { count } from "./format.js";
import { keepFresh, onChange } from "./live.js";

const PARTS = { edge: "Front door", api: "API", cloud: "AWS endpoint" };
const TWINS = { edge: "CloudFront", api: "API Gateway and Lambda", cloud: "Cognito, DynamoDB, S3" };
const ADDRESSES = { edge: "frontDoor", api: "api", cloud: "aws" };

export async function showOverview(page, _params, signal) {
  const parts = h("div", { class: "cards" });
  const numbers = h("div", { class: "cards numbers" });
  const addresses = await api.addresses();
  const showParts = onChange((health) => parts.replaceChildren(...Object.keys(PARTS).map((name) => part(name, health.parts[name], addresses))));
  const showNumbers = onChange((values) => numbers.replaceChildren(...values.map(number)));
  const refresh = async () => {
    const [health, users, mails, tables, buckets, letters, log] = await Promise.all([
      api.health(), api.users(), api.mails(), api.tables(), api.buckets(), api.deadLetters(), api.requests({ limit: 1000 }),
    ]);
    showParts(health);
    const failed = log.requests.filter((request) => request.status >= 500).length;
    showNumbers([
      ["requests", log.requests.length, "request", failed ? count(failed, "failure") : "none failed"],
      ["users", users.length, "user", count(users.filter((user) => user.status === "UNCONFIRMED").length, "unconfirmed", "unconfirmed")],
      ["mail", mails.length, "mail", mails.length ? mails.at(-1).subject : "nothing yet"],
      ["tables", tables.reduce((sum, table) => sum + table.itemCount, 0), "item", count(tables.length, "table")],
      ["buckets", buckets.reduce((sum, bucket) => sum + bucket.objects, 0), "object", count(buckets.length, "bucket")],
      ["dead-letters", letters.length, "dead letter", letters.length ? "look at them" : "all delivered"],
    ]);
  };
  await refresh();
  keepFresh(signal, refresh, 4000);
  page.append(
    head("Overview", "The whole backend on this machine. What passes here passes on AWS."),
    h("h2", {}, "Parts"), parts,
    h("h2", {}, "What there is"), numbers,
    h("h2", {}, "First steps"), steps(addresses));
}

function part(name, health, addresses) {
  const address = addresses[ADDRESSES[name]];
  return h("section", { class: "card" },
    h("div", { class: "card-head" }, h("h3", {}, PARTS[name]), badge(health.status, health.status === "ok" ? "good" : "bad")),
    h("p", { class: "faint" }, `twin of ${TWINS[name]}`),
    health.reason ? h("p", { class: "problem" }, health.reason) : null,
    h("p", { class: "address" }, h("code", {}, address), action("Copy", () => copy(address, "Address"), { class: "quiet", "aria-label": `Copy the address of the ${PARTS[name]}` })));
}

function number([path, value, noun, detail]) {
  return h("a", { class: "card number", href: `#/${path}` },
    h("strong", {}, String(value)), h("span", {}, value === 1 ? noun : `${noun}s`), h("small", { class: "faint" }, detail));
}

function steps(addresses) {
  return h("ol", { class: "steps" },
    h("li", {}, h("code", {}, "uv run just seed"), " fills a demo account with guitars and pictures."),
    h("li", {}, "Or create an account on the ", h("a", { href: `${addresses.frontDoor}/sign-up` }, "front page"), "; the mail with the link is in the ", h("a", { href: "#/mail" }, "mailbox"), "."),
    h("li", {}, "Every request, and why it was refused, is under ", h("a", { href: "#/requests" }, "requests"), "."),
    h("li", {}, "AWS tools reach the endpoint with ", h("code", {}, `--endpoint-url ${addresses.aws}`), "; access key and secret are ", h("code", {}, "local"), "."));
}
