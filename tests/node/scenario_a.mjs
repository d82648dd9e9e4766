// Scenario A: a PHP web page reads accounts for a signed-in user (authorization code). `SNOW_APP` is its URL.

import { allow, deny, logIn, nothingWasWrong, open, words } from "./lib/browser.mjs";
import { advance, assert, check, env } from "./lib/check.mjs";

const app = env("SNOW_APP");
const refused = { status: 401, body: { error_description: "access_denied", error: "server_error" } };

async function told(page, path) {
  await page.goto(app + path);
  return JSON.parse(await words(page));
}

async function goOnceMore() {
  await page.goto(app + "/");
  if ((await page.getByRole("button", { name: "Allow" }).count()) > 0) await allow(page);
  await page.waitForURL(`${app}/callback?*`);
}

const { browser, page } = await open();

// The person denies, and stays signed in.
await page.goto(app + "/");
await logIn(page);
check("consent names the application", (await words(page)).includes(env("SNOW_CLIENT_NAME")));
await deny(page);
await page.waitForURL(`${app}/callback?*`);
assert.deepEqual(JSON.parse(await words(page)), { error: "access_denied" });
check("a denial comes back with the state", true);

// Who is signed in sees only consent.
await page.goto(app + "/");
check("no second login", (await page.locator("#user_password").count()) === 0);
await allow(page);
await page.waitForURL(`${app}/callback?*`);
check("a code of 86 characters", JSON.parse(await words(page)).code === 86);

const wrong = await told(page, "/wrong");
for (const [what, answer] of Object.entries(wrong)) {
  assert.deepEqual(answer, refused, `a wrong ${what}`);
}
check("wrong secret, redirect and code issue nothing", true);

// A refused attempt may spend the code, as RFC 6749 asks of a replay; the person goes once more.
await goOnceMore();
const { token, accounts } = await told(page, "/accounts");
check("tokens", token.status === 200, token);
assert.deepEqual(Object.keys(token.body), ["access_token", "refresh_token", "scope", "token_type", "expires_in"]);
check("a Bearer token for 1,799 seconds", token.body.token_type === "Bearer" && token.body.expires_in === 1799, token.body);
check("accounts are listed", accounts.status === 200 && accounts.body.result.length > 0, accounts);
check("at most ten", accounts.body.result.length <= 10);

const again = await told(page, "/again");
assert.deepEqual(again.token, refused, "a code is good once");
check("a second use kills what the first gave", again.accounts.status === 401, again.accounts);

await goOnceMore();
await advance("61s");
const late = await told(page, "/accounts");
assert.deepEqual(late.token, refused, "a code lives a minute");
check("an expired code issues nothing", late.accounts.status === 401, late.accounts);

nothingWasWrong();
await browser.close();
