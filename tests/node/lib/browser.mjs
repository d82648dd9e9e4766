// The person in front of headless Chromium.

import { chromium } from "playwright-core";

import { assert, env } from "./check.mjs";

const complaints = [];

/** A browser in which nobody is signed in; `how` is what playwright calls a context's options. */
export async function open(how = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.SNOW_CHROMIUM ?? "/usr/bin/chromium",
    // Where the tests run as root Chromium has no sandbox; it only sees loopback.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
  const context = await browser.newContext({ ...how });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  watch(page);
  return { browser, context, page };
}

/** Keeps what a page complains about: script errors, blocked content, failed loads of its own. */
export function watch(page) {
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("console", (message) => {
    // A status of 400 and more is told by the console too; the test that asked for it knows.
    const isStatus = message.text().startsWith("Failed to load resource: the server responded");
    if (message.type() === "error" && !isStatus) {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
}

/** No page complained since the last time. */
export function nothingWasWrong() {
  assert.deepEqual(complaints.splice(0), []);
}

/** Types name and password into the login page. */
export async function logIn(page, user = env("SNOW_USER"), password = env("SNOW_PASSWORD")) {
  await page.locator("#user_name").fill(user);
  await page.locator("#user_password").fill(password);
  await page.locator("#sysverb_login").click();
}

/** Presses the button of the consent page. */
export async function allow(page) {
  await page.getByRole("button", { name: "Allow" }).click();
}

export async function deny(page) {
  await page.getByRole("button", { name: "Deny" }).click();
}

/** What a page shows, in words. */
export function words(page) {
  return page.locator("body").innerText();
}
