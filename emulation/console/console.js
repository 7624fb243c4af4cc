// Which page the address names, and what surrounds it.
import { api } from "./api.js";
import { empty, h } from "./dom.js";
import { duration } from "./format.js";
import { showBuckets } from "./buckets.js";
import { showClock } from "./clock.js";
import { showDeadLetters } from "./dead_letters.js";
import { showFaults } from "./faults.js";
import { showMail } from "./mail.js";
import { showMeter } from "./meter.js";
import { showOverview } from "./overview.js";
import { showRequests } from "./requests.js";
import { showSnapshots } from "./snapshots.js";
import { showTables } from "./tables.js";
import { showUsers } from "./users.js";

const PAGES = {
  "": { name: "Overview", show: showOverview },
  requests: { name: "Requests", show: showRequests },
  meter: { name: "Meter", show: showMeter },
  mail: { name: "Mailbox", show: showMail },
  users: { name: "Users", show: showUsers },
  tables: { name: "Tables", show: showTables },
  buckets: { name: "Buckets", show: showBuckets },
  clock: { name: "Clock", show: showClock },
  faults: { name: "Faults", show: showFaults },
  snapshots: { name: "Snapshots", show: showSnapshots },
  "dead-letters": { name: "Dead letters", show: showDeadLetters },
};

const main = document.getElementById("main");
const nav = document.getElementById("nav");
let leave = new AbortController();

function readAddress() {
  const [path, search] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path in PAGES ? path : "", params: new URLSearchParams(search) };
}

nav.append(...Object.entries(PAGES).map(([path, page]) => h("a", { href: `#/${path}` }, page.name)));

// The links are wider than a narrow screen: the current one is kept in its middle, after a turn of the phone too.
function showPlace() {
  const here = nav.querySelector("[aria-current]")?.getBoundingClientRect();
  const all = nav.getBoundingClientRect();
  if (here) nav.scrollLeft += here.left + here.width / 2 - all.left - all.width / 2;
}

new ResizeObserver(showPlace).observe(nav);

async function showPage() {
  if (location.hash === "#main") return;
  leave.abort();
  leave = new AbortController();
  const { path, params } = readAddress();
  const { signal } = leave;
  for (const link of nav.children) {
    const isHere = link.hash === `#/${path}`;
    link.toggleAttribute("aria-current", isHere);
    if (isHere) link.setAttribute("aria-current", "page");
  }
  nav.scrollIntoView({ block: "nearest" });
  showPlace();
  document.title = `${PAGES[path].name} · Guitar Collection`;
  // What does not answer at once is said to be on its way.
  main.setAttribute("aria-busy", "true");
  const page = h("div", { class: `page ${path || "overview"}` });
  try {
    await PAGES[path].show(page, params, signal);
  } catch (error) {
    page.replaceChildren(h("h1", {}, PAGES[path].name),
      h("div", { role: "alert" }, empty("This cannot be shown", `${error.message} `), h("p", { class: "retry" },
        h("button", { type: "button", onclick: showPage }, "Try again"))));
  }
  if (signal.aborted) return;
  main.replaceChildren(page);
  main.removeAttribute("aria-busy");
  showClockNote();
}

let notesAsked = 0;

/** How far the clock has been advanced, on every page: it explains much that would be a riddle. */
export async function showClockNote() {
  const note = document.getElementById("clock-note");
  const number = ++notesAsked;
  const events = await api.clock().catch(() => []);
  // Asked again meanwhile: this answer may be the older one.
  if (number !== notesAsked) return;
  const seconds = events.reduce((sum, event) => sum + event.seconds, 0);
  note.textContent = seconds ? `Clock +${duration(seconds)}` : "Clock: real time";
  note.classList.toggle("moved", seconds > 0);
}

document.addEventListener("clock", showClockNote);
addEventListener("hashchange", async () => {
  await showPage();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
showPage();
