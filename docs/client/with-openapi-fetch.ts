import createClient from "openapi-fetch";
import type { Guitar, paths } from "./api";

const api = createClient<paths>({ baseUrl: "http://localhost:8000/api" });

export async function signIn(email: string, password: string): Promise<void> {
  const { data, error } = await api.POST("/auth/login", { body: { email, password } });
  if (error) throw new Error("message" in error ? error.message : error.error.code);
  if ("challenge" in data.data) throw new Error("a code of the authenticator app is asked for");
  const { accessToken } = data.data;
  api.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${accessToken}`);
    },
  });
}

/** Changes the year of a guitar, unless somebody else changed the guitar since it was read. */
export async function correctYear(id: string, year: number): Promise<Guitar | "changed meanwhile"> {
  const read = await api.GET("/guitars/{id}", { params: { path: { id } } });
  const etag = read.response.headers.get("ETag");
  if (!read.data || !etag) throw new Error(`no guitar: ${read.response.status}`);
  const { data, response } = await api.PUT("/guitars/{id}", {
    params: { path: { id }, header: { "If-Match": etag } },
    body: { year },
  });
  if (response.status === 412) return "changed meanwhile";
  if (!data) throw new Error(`not changed: ${response.status}`);
  return data.data;
}
