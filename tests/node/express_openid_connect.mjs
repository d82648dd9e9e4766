// express-openid-connect keeps a page for people who are signed in, calls the API as them, and signs them out at the
// instance as well (OpenID Connect RP-Initiated Logout).

import express from "express";
import openid from "express-openid-connect";

import { allow, logIn, nothingWasWrong, open, words } from "./lib/browser.mjs";
import { check, env } from "./lib/check.mjs";

const home = new URL(env("SNOW_REDIRECT_URI")).origin;
const app = express();
app.use(
  openid.auth({
    issuerBaseURL: env("SNOW_URL"),
    baseURL: home,
    clientID: env("SNOW_CLIENT_ID"),
    clientSecret: env("SNOW_CLIENT_SECRET"),
    secret: "of this test, and long enough for it",
    idpLogout: true,
    authorizationParams: { response_type: "code", scope: "openid profile email useraccount offline_access" },
    routes: { postLogoutRedirect: "/bye" },
  }),
);
app.get("/", async (request, response) => {
  const fresh = await request.oidc.accessToken.refresh();
  const answer = await fetch(`${env("SNOW_URL")}/api/now/table/incident?sysparm_limit=1`, {
    headers: { authorization: `Bearer ${fresh.access_token}` },
  });
  response.json({ user: request.oidc.user, status: answer.status });
});
const server = app.listen(Number(new URL(home).port), "127.0.0.1");

const { browser, page } = await open();
await page.goto(home);
await logIn(page);
await allow(page);
await page.waitForURL(`${home}/`);
const { user, status } = JSON.parse(await words(page));
check("the application knows who it is", user.name === env("SNOW_NAME") && user.email === env("SNOW_EMAIL"), user);
check("and calls the API as them, with a token that it refreshed", status === 200, status);

await page.goto(`${home}/logout`);
await page.waitForURL(/\/bye$|\/login\.do/);
await page.goto(home);
check("signed out at both", (await page.locator("#user_password").count()) === 1, page.url());
nothingWasWrong();
await browser.close();
server.close();
server.closeAllConnections();
