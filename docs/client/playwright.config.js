import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "testing",
  outputDir: "../../.local/playwright",
  // The clock is one for the whole stack: a test that moves it must not meet another one.
  workers: 1,
  // The first test starts the browser too, which takes long on a machine that is busy.
  timeout: 120_000,
  use: {
    baseURL: process.env.FRONT_DOOR_URL ?? "http://localhost:8000",
    // CHROMIUM names a browser of this machine; without it Playwright takes the one that it has installed.
    launchOptions: { executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] },
  },
});
