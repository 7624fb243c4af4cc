// Elements without a framework: `h("p", { class: "faint" }, "text", child)`.

/** An element. `on…` properties listen, `class`, `aria-…` and `data-…` are attributes, anything else a property. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !["list", "role"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Says something to the person, for a few seconds. */
export function say(text, kind = "good") {
  const note = h("p", { class: `note ${kind}` }, text);
  document.getElementById("notes").replaceChildren(note);
  setTimeout(() => note.remove(), 6000);
}

/** Acts while the button cannot be pressed again, and says what went wrong. */
async function attempt(button, act) {
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    say(error.message, "bad");
  } finally {
    button.disabled = false;
  }
}

/** A button that cannot be pressed twice, and says what went wrong. */
export function action(label, act, properties = {}) {
  const button = h("button", { type: "button", ...properties, onclick: () => attempt(button, act) }, label);
  return button;
}

/** What a form does when it is sent, as a listener: its button is like that of an action. */
export const sending = (act) => (event) => {
  event.preventDefault();
  attempt(event.currentTarget.querySelector("button"), act);
};

/** Asks before something that cannot be undone; whether the person agreed. */
export function agree(question, detail, verb) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "question", onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    } },
      h("h2", { id: "question" }, question),
      h("p", {}, detail),
      h("form", { method: "dialog", class: "actions" },
        h("button", { value: "no", autofocus: true }, "Cancel"),
        h("button", { value: "yes", class: "danger" }, verb)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Puts a text on the clipboard. */
export async function copy(text, what) {
  await navigator.clipboard.writeText(text);
  say(`${what} copied`);
}

/** What is shown where there is nothing. */
export function empty(title, ...detail) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title), h("p", {}, detail));
}

/** A term with its value, for a `dl`. */
export function pair(term, ...value) {
  return h("div", {}, h("dt", {}, term), h("dd", {}, value));
}

/** A small coloured word. */
export function badge(text, tone = "") {
  return h("span", { class: `badge ${tone}` }, text);
}

/** The head of a page. */
export function head(title, lead, ...controls) {
  return h("div", { class: "head" },
    h("div", {}, h("h1", {}, title), h("p", { class: "lead" }, lead)),
    controls.length ? h("div", { class: "actions" }, controls) : null);
}

/** A JSON value, readable. */
export function json(value) {
  return h("pre", { class: "json", tabIndex: 0 }, JSON.stringify(value, null, 2));
}
