import type { Guitar, GuitarCreate, operations } from "./api";

/** Whatever an operation may answer: its success, each of its errors, and API Gateway's own refusals. */
type Answer<Name extends keyof operations> = {
  [Status in keyof operations[Name]["responses"]]: operations[Name]["responses"][Status] extends {
    content: { "application/json": infer Body };
  }
    ? Body
    : never;
}[keyof operations[Name]["responses"]];

export async function createGuitar(token: string, guitar: GuitarCreate): Promise<Guitar> {
  const response = await fetch("http://localhost:8000/api/guitars", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(guitar),
  });
  const answer = (await response.json()) as Answer<"create_guitar">;
  if ("message" in answer) throw new Error(answer.message);
  if (answer.success) return answer.data;
  if (answer.error.code === "GUITAR_VALIDATION_ERROR") {
    const wrong = (answer.error.details ?? []).map(({ field, message }) => `${field} ${message}`);
    throw new Error(wrong.join("; "));
  }
  throw new Error(answer.error.code);
}
