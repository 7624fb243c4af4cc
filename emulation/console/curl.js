// A request as a command. It holds no token: the command asks for one of the same user when it runs.

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The path at the front door, also of a request that went straight to the API. */
export const frontDoorPath = (one) => (one.spans.edge ? one.target : `/api${one.target}`);

export function asCurl(one, origin) {
  const span = one.spans.api ?? {};
  const lines = [];
  if (one.userId) {
    const pick = "import json, sys; print(json.load(sys.stdin)[\"accessToken\"])";
    lines.push(`TOKEN=$(curl -sS ${quote(`${origin}/_local/users/tokens`)} -H 'content-type: application/json' -d ${quote(JSON.stringify({ id: one.userId }))} | python3 -c ${quote(pick)})`);
  }
  const parts = [`curl -sS -i -X ${one.method} ${quote(origin + frontDoorPath(one))}`];
  if (one.userId) parts.push('-H "authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(span.headers ?? {})) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  if (span.body) parts.push(`--data-raw ${quote(JSON.stringify(span.body))}`);
  lines.push(parts.join(" \\\n  "));
  return lines.join("\n");
}
