// The documented endpoints under /_local/. Nothing else is asked.

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The front door does not answer.");
  }
  const text = await answer.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    // Not of the local tools: the front door's own error page.
  }
  if (!answer.ok && !(path === "/_local/health" && value)) {
    throw new Error(value?.message ?? value?.reason ?? `${method} ${path} was answered with ${answer.status}.`);
  }
  return value;
}

const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `?${new URLSearchParams(given)}` : "";
};

export const api = {
  addresses: () => ask("GET", "/_local/addresses"),
  health: () => ask("GET", "/_local/health"),
  mails: () => ask("GET", "/_local/mail"),
  clearMails: () => ask("DELETE", "/_local/mail"),
  users: async () => (await ask("GET", "/_local/users")).users,
  confirmUser: (id) => ask("POST", "/_local/users/confirm", { id }),
  signOutUser: (id) => ask("POST", "/_local/users/sign-out", { id }),
  deleteUser: (id) => ask("POST", "/_local/users/delete", { id }),
  accessToken: async (id) => (await ask("POST", "/_local/users/tokens", { id })).accessToken,
  tables: async () => (await ask("GET", "/_local/tables")).tables,
  items: (question) => ask("GET", `/_local/items${query(question)}`),
  buckets: async () => (await ask("GET", "/_local/buckets")).buckets,
  objects: (question) => ask("GET", `/_local/objects${query(question)}`),
  objectUrl: (bucket, key) => `/_local/object${query({ bucket, key })}`,
  requests: (question) => ask("GET", `/_local/requests${query(question)}`),
  clearRequests: () => ask("DELETE", "/_local/requests"),
  meter: async () => (await ask("GET", "/_local/meter")).usage,
  clearMeter: () => ask("DELETE", "/_local/meter"),
  clock: async () => (await ask("GET", "/_local/clock")).events,
  advanceClock: (seconds) => ask("POST", "/_local/clock", { advanceSeconds: seconds }),
  forgetClock: () => ask("DELETE", "/_local/clock"),
  snapshots: async () => (await ask("GET", "/_local/snapshots")).snapshots,
  takeSnapshot: (name) => ask("POST", "/_local/snapshots", { name }),
  restoreSnapshot: (name) => ask("POST", "/_local/snapshots/restore", { name }),
  deleteSnapshot: (name) => ask("DELETE", "/_local/snapshots", { name }),
  faults: async () => (await ask("GET", "/_local/faults")).faults,
  addFault: (fault) => ask("POST", "/_local/faults", fault),
  endFault: (id) => ask("DELETE", `/_local/faults${query({ id })}`),
  endFaults: () => ask("DELETE", "/_local/faults"),
  deadLetters: () => ask("GET", "/_local/dead-letters"),
};
