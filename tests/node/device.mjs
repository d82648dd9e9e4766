// A program without a browser (openid-client) and a person with one: RFC 8628, from the first request to the API.

import * as client from "openid-client";

import { allow, deny, logIn, nothingWasWrong, open, words } from "./lib/browser.mjs";
import { assert, check, env } from "./lib/check.mjs";

const config = await client.discovery(new URL(env("SNOW_URL")), env("SNOW_CLIENT_ID"), undefined, client.None(), {
  execute: [client.allowInsecureRequests],
});
check("device authorization is advertised", config.serverMetadata().device_authorization_endpoint !== undefined);
const begin = () => client.initiateDeviceAuthorization(config, { scope: "openid email" });
const { browser, context, page } = await open();

// The person types the code; meanwhile the program polls.
const device = await begin();
const polling = client.pollDeviceAuthorizationGrant(config, device);
await page.goto(device.verification_uri);
await logIn(page);
await page.locator("#user_code").fill(device.user_code.toLowerCase().replace("-", " "));
await page.locator("#continue").click();
const asked = await words(page);
check("the page shows the code", asked.includes(device.user_code), asked);
check("and who asks", asked.includes("Terminal without a browser"), asked);
check("and for what", asked.includes("See your e-mail address"), asked);
await allow(page);
check("the person is told", (await words(page)).includes("The device is connected"));
const tokens = await polling;
const claims = tokens.claims();
check("an ID token", claims.iss === config.serverMetadata().issuer && claims.nonce === undefined, claims);
const told = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
check("userinfo is about the same person", told.sub === claims.sub && told.email !== undefined, told);
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
check("a refresh", fresh.access_token !== tokens.access_token);

// The link has the code in it, and asks all the same; without a script, too.
const plain = await (await browser.newContext({
  javaScriptEnabled: false,
  storageState: await context.storageState(),
})).newPage();
const unwanted = await begin();
await plain.goto(unwanted.verification_uri_complete);
assert.equal(await plain.locator("#user_code").inputValue(), unwanted.user_code);
await plain.locator("#continue").click();
await deny(plain);
check("a no is told, too", (await words(plain)).includes("The device is not connected"));
await assert.rejects(client.pollDeviceAuthorizationGrant(config, unwanted), { error: "access_denied" });

// The keyboard is enough.
const third = await begin();
await page.goto(third.verification_uri_complete);
await page.locator(":focus").waitFor();
await page.keyboard.press("Enter");
const button = page.getByRole("button", { name: "Allow" });
await button.waitFor();
await button.focus();
await page.keyboard.press("Enter");
check("the keyboard is enough", (await client.pollDeviceAuthorizationGrant(config, third)).access_token !== undefined);
nothingWasWrong();
await browser.close();
