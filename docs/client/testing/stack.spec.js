import { expect, test } from "@playwright/test";
import { Stack } from "./stack.js";

/**
 * What a page of the front door gets for a call of the API, with the browser's own fetch.
 *
 * @param {import("@playwright/test").Page} page
 * @param {string} path
 * @param {string} token
 */
const callFromPage = (page, path, token) =>
  page.evaluate(
    async ([path, token]) => {
      const response = await fetch(`/api${path}`, { headers: { Authorization: `Bearer ${token}` } });
      return { status: response.status, body: await response.json() };
    },
    /** @type {const} */ ([path, token]),
  );

test("a user's guitars are there from the start", async ({ page, baseURL }) => {
  const user = await new Stack(baseURL).newUser({ guitars: 3 });
  await page.goto("/");

  const answer = await callFromPage(page, "/guitars", user.accessToken);

  expect(answer.status).toBe(200);
  expect(answer.body.data.guitars).toHaveLength(3);
});

test("a mailed code sets a new password", async ({ request, baseURL }) => {
  const stack = new Stack(baseURL);
  const { email } = await stack.newUser();
  const newPassword = `Aa1!${crypto.randomUUID()}`;

  await request.post("/api/auth/forgot-password", { data: { email } });
  const [code] = (await stack.waitForMail(email, 2)).codes;
  await request.post("/api/auth/reset-password", { data: { email, code, newPassword } });

  const signedIn = await request.post("/api/auth/login", { data: { email, password: newPassword } });
  expect(signedIn.status()).toBe(200);
});

test("after an hour the access token has expired", async ({ page, baseURL }) => {
  const stack = new Stack(baseURL);
  const user = await stack.newUser();
  await page.goto("/");
  expect((await callFromPage(page, "/user/profile", user.accessToken)).status).toBe(200);

  await stack.age(61 * 60);

  const answer = await callFromPage(page, "/user/profile", user.accessToken);
  expect(answer.status).toBe(401);
  expect(answer.body.error.code).toBe("AUTH_TOKEN_EXPIRED");
});
