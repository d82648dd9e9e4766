// Scenario F: oauth4webapi as a public client of the strict endpoints, and an answer that was mixed up.

import * as oauth from "oauth4webapi";

import { allow, logIn, nothingWasWrong, open } from "./lib/browser.mjs";
import { answerAt, assert, check, env } from "./lib/check.mjs";

const insecure = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(env("SNOW_URL"));
const redirect = env("SNOW_REDIRECT_URI");
const server = await oauth
  .discoveryRequest(issuer, { algorithm: "oauth2", ...insecure })
  .then((response) => oauth.processDiscoveryResponse(issuer, response));
check("RFC 8414 metadata", server.code_challenge_methods_supported.includes("S256"), server);

const client = { client_id: env("SNOW_CLIENT_ID") };
const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const start = new URL(server.authorization_endpoint);
for (const [name, value] of Object.entries({
  client_id: client.client_id,
  redirect_uri: redirect,
  response_type: "code",
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
})) {
  start.searchParams.set(name, value);
}

const there = await answerAt(redirect);
const { browser, page } = await open();
await page.goto(start.href);
await logIn(page);
await allow(page);
await page.waitForURL(`${redirect}*`);

const back = new URL(page.url());
const answered = oauth.validateAuthResponse(server, client, back, state);
// RFC 9207: the library refuses an answer that another issuer gave.
back.searchParams.set("iss", "https://other.example");
assert.throws(() => oauth.validateAuthResponse(server, client, back, state));

const none = oauth.None();
const response = await oauth.authorizationCodeGrantRequest(
  server, client, none, answered, redirect, verifier, insecure,
);
const tokens = await oauth.processAuthorizationCodeResponse(server, client, response);
const called = await oauth.protectedResourceRequest(
  tokens.access_token, "GET", new URL("/api/now/table/task?sysparm_limit=1", issuer), new Headers(), null, insecure,
);
check("the API answers", called.status === 200, called.status);
const again = await oauth.refreshTokenGrantRequest(server, client, none, tokens.refresh_token, insecure);
const refreshed = await oauth.processRefreshTokenResponse(server, client, again);
check("a public client's refresh token rotates", refreshed.refresh_token !== tokens.refresh_token);
nothingWasWrong();
await browser.close();
there.close();
