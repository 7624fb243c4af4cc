// The stack as a test of a frontend needs it: plain HTTP, so it works in Playwright, Cypress and everywhere with fetch.

/** @typedef {import("../api").Tokens & { email: string, password: string, name: string, userId: string }} Account */
/** @typedef {Account & { guitars: import("../api").Guitar[] }} User */
/** @typedef {{ to: string, subject: string, text: string, html: string, links: string[], codes: string[], sentAt: string }} Mail */

const PATIENCE_MS = 5000;
const PAUSE_MS = 100;

export class Stack {
  /** @param {string} url where the front door is */
  constructor(url = "http://localhost:8000") {
    this.url = url;
  }

  /**
   * A new user whose address is verified, signed in; with guitars of the demo collection if you want some.
   *
   * @param {{ email?: string, password?: string, name?: string, guitars?: number }} wanted
   * @returns {Promise<User>}
   */
  newUser(wanted = {}) {
    return this.#ask("POST", "/_local/users", wanted);
  }

  /**
   * The newest mail to an address, once it has got `count` of them: the verification is the first.
   *
   * @param {string} email
   * @returns {Promise<Mail>}
   */
  async waitForMail(email, count = 1) {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      /** @type {Mail[]} */
      const mails = await this.#ask("GET", `/_local/mail?to=${encodeURIComponent(email)}`);
      const last = mails.at(-1);
      if (last && mails.length >= count) return last;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`no mail came for ${email}`);
  }

  /**
   * Makes all that was issued so far older: tokens, codes, links, presigned URLs. What is issued afterwards is fresh.
   *
   * @param {number} advanceSeconds
   */
  async age(advanceSeconds) {
    await this.#ask("POST", "/_local/clock", { advanceSeconds });
  }

  /** Deletes all data of the stack. */
  async reset() {
    await this.#ask("POST", "/_local/reset");
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async #ask(method, path, body) {
    const init = body ? { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : { method };
    const response = await fetch(this.url + path, init);
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
  }
}
