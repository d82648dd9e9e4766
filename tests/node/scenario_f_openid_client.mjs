// Scenario F: openid-client against the strict endpoints: discovery, PKCE, nonce, userinfo, refresh, logout.

import * as client from "openid-client";

import { allow, logIn, nothingWasWrong, open } from "./lib/browser.mjs";
import { answerAt, assert, check, env } from "./lib/check.mjs";

const redirect = env("SNOW_REDIRECT_URI");
const config = await client.discovery(
  new URL(env("SNOW_URL")),
  env("SNOW_CLIENT_ID"),
  env("SNOW_CLIENT_SECRET"),
  undefined,
  { execute: [client.allowInsecureRequests] },
);
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const start = client.buildAuthorizationUrl(config, {
  redirect_uri: redirect,
  scope: "openid profile email",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
});

const there = await answerAt(redirect);
const { browser, page } = await open();
await page.goto(start.href);
await logIn(page);
await allow(page);
await page.waitForURL(`${redirect}*`);

const tokens = await client.authorizationCodeGrant(config, new URL(page.url()), {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
});
const claims = tokens.claims();
check("an ID token", claims.iss === config.serverMetadata().issuer, claims);
const told = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
check("userinfo is about the same person", told.sub === claims.sub && told.email !== undefined, told);
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
check("a refresh", fresh.access_token !== tokens.access_token);

// Logged out, the person has to log in again.
const bye = client.buildEndSessionUrl(config, {
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: redirect,
});
await page.goto(bye.href);
await page.waitForURL(`${redirect}*`);
await page.goto(start.href);
assert.equal(await page.locator("#user_password").count(), 1, "the login page after logging out");
nothingWasWrong();
await browser.close();
there.close();
