// Scenario E: the person opens an authorize URL whose redirect leads to where nothing listens, and copies the code
// out of the address bar. Prints that code on its last line.

import { allow, logIn, open } from "./lib/browser.mjs";
import { assert, check, env } from "./lib/check.mjs";

const { browser, context, page } = await open();
const query = new URLSearchParams({
  response_type: "code",
  grant_type: "authorization_code",
  client_id: env("SNOW_CLIENT_ID"),
  redirect_uri: "https://localhost/test",
  state: "123",
});
await page.goto(`${env("SNOW_URL")}/oauth_auth.do?${query}`);
await logIn(page);
const left = page.waitForEvent("requestfailed", (request) => request.url().startsWith("https://localhost/"));
await allow(page).catch(() => {});
await left;

const bar = new URL(await addressBar());
check("the state is in the address bar", bar.searchParams.get("state") === "123", bar.href);
assert.equal(bar.origin + bar.pathname, "https://localhost/test");
console.log(bar.searchParams.get("code"));
await browser.close();

/** A page that failed to load calls itself otherwise; the history knows what the address bar shows. */
async function addressBar() {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      const devtools = await context.newCDPSession(page);
      const { currentIndex, entries } = await devtools.send("Page.getNavigationHistory");
      const { url } = entries[currentIndex];
      if (url.startsWith("https://localhost/")) return url;
    } catch (error) {
      // For a moment the old page is gone and the page of the failure is not there yet.
      if (!/Not attached|closed/.test(error.message)) throw error;
    }
    await page.waitForTimeout(100);
  }
  throw new Error("the address bar never showed the redirect");
}
