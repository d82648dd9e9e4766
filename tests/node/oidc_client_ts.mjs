// oidc-client-ts, which pages without a server sign people in with: discovery, PKCE, userinfo, refresh, revocation,
// logout. It keeps its state in memory here; the person is in Chromium.

import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from "oidc-client-ts";

import { allow, logIn, nothingWasWrong, open } from "./lib/browser.mjs";
import { answerAt, assert, check, env } from "./lib/check.mjs";

const redirect = env("SNOW_REDIRECT_URI");
const client = new OidcClient({
  authority: env("SNOW_URL"),
  client_id: env("SNOW_CLIENT_ID"),
  redirect_uri: redirect,
  post_logout_redirect_uri: redirect,
  scope: "openid profile email offline_access useraccount",
  loadUserInfo: true,
  stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
});
const there = await answerAt(redirect);
const { browser, page } = await open();

const silent = await client.createSigninRequest({ prompt: "none" });
await page.goto(silent.url);
await page.waitForURL(`${redirect}*`);
await assert.rejects(client.processSigninResponse(page.url()), { error: "login_required" });
check("nobody is signed in yet", true);

const asked = await client.createSigninRequest({ state: { page: 1 } });
await page.goto(asked.url);
await logIn(page);
await allow(page);
await page.waitForURL(`${redirect}*`);
const signedIn = await client.processSigninResponse(page.url());
check("the profile of userinfo", signedIn.profile.preferred_username === env("SNOW_USER"), signedIn.profile);
check("the page's own state", signedIn.userState.page === 1);

const call = (token) =>
  fetch(`${env("SNOW_URL")}/api/now/table/incident?sysparm_limit=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
check("the API", (await call(signedIn.access_token)).status === 200);
const state = { ...signedIn, session_state: null, data: null };
const fresh = await client.useRefreshToken({ state });
check("a refresh rotates", fresh.refresh_token !== signedIn.refresh_token);
await client.revokeToken(fresh.refresh_token, "refresh_token");
check("a revoked family is dead", (await call(fresh.access_token)).status === 401);

const bye = await client.createSignoutRequest({ id_token_hint: signedIn.id_token, state: { bye: 1 } });
await page.goto(bye.url);
await page.waitForURL(`${redirect}*`);
const left = await client.processSignoutResponse(page.url());
check("the logout's own state", left.userState.bye === 1);
await page.goto((await client.createSigninRequest({})).url);
assert.equal(await page.locator("#user_password").count(), 1, "the login page after logging out");
nothingWasWrong();
await browser.close();
there.close();
