// Scenario F: an Express application signs people in with passport-oauth2 and reads tasks as them.
// Without SNOW_CLIENT_SECRET it is a public client; SNOW_PKCE=1 switches PKCE on.

import express from "express";
import session from "express-session";
import passport from "passport";
import OAuth2Strategy from "passport-oauth2";

import { allow, logIn, nothingWasWrong, open, words } from "./lib/browser.mjs";
import { check, env } from "./lib/check.mjs";

const instance = env("SNOW_URL");
const pkce = process.env.SNOW_PKCE === "1";
const app = express();
const server = app.listen(Number(env("SNOW_APP_PORT")), "127.0.0.1");
const home = `http://127.0.0.1:${env("SNOW_APP_PORT")}`;

passport.use(
  new OAuth2Strategy(
    {
      authorizationURL: `${instance}/oauth_auth.do`,
      tokenURL: `${instance}/oauth_token.do`,
      clientID: env("SNOW_CLIENT_ID"),
      clientSecret: process.env.SNOW_CLIENT_SECRET ?? "",
      callbackURL: `${home}/callback`,
      state: true,
      pkce,
    },
    (accessToken, refreshToken, profile, done) => done(null, { accessToken, refreshToken }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));
app.use(session({ secret: "of this test", resave: false, saveUninitialized: true }));
app.use(passport.initialize());
app.use(passport.session());
app.get("/login", passport.authenticate("oauth2"));
app.get("/callback", passport.authenticate("oauth2"), (request, response) => response.redirect("/tasks"));
app.get("/tasks", async (request, response) => {
  const answer = await fetch(`${instance}/api/now/table/task?sysparm_limit=3&sysparm_fields=number`, {
    headers: { authorization: `Bearer ${request.user.accessToken}`, accept: "application/json" },
  });
  response.status(answer.status).json({ refresh: typeof request.user.refreshToken, ...(await answer.json()) });
});
app.use((error, request, response, _next) => {
  response.status(502).json({ error: String(error), data: error.oauthError?.data });
});

const { browser, page } = await open();
await page.goto(`${home}/login`);
await logIn(page);
await allow(page);
await page.waitForURL((url) => url.href.startsWith(home));
const told = JSON.parse(await words(page));
check("tasks are read as the person", Array.isArray(told.result) && told.result.length > 0, told);
check("a refresh token came", told.refresh === "string", told);
nothingWasWrong();
await browser.close();
server.close();
server.closeAllConnections();
