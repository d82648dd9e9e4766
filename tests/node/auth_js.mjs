// Auth.js (@auth/core, what NextAuth and its like stand on) signs a person in with its OpenID Connect provider as it comes:
// discovery, PKCE, state and nonce; who it is, it reads from the ID token.

import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

import { Auth } from "@auth/core";

import { allow, logIn, nothingWasWrong, open, words } from "./lib/browser.mjs";
import { check, env } from "./lib/check.mjs";

const home = new URL(env("SNOW_REDIRECT_URI")).origin;
const config = {
  providers: [
    {
      id: "snowglobe",
      name: "Snowglobe",
      type: "oidc",
      issuer: env("SNOW_URL"),
      clientId: env("SNOW_CLIENT_ID"),
      clientSecret: env("SNOW_CLIENT_SECRET"),
      authorization: { params: { scope: "openid profile email" } },
      checks: ["pkce", "state", "nonce"],
      // Else its page shows one from the network.
      style: { logo: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>" },
    },
  ],
  basePath: "/auth",
  secret: "of this test, and long enough for it",
  trustHost: true,
  useSecureCookies: false,
};

const server = createServer(async (request, response) => {
  if (!request.url.startsWith(config.basePath)) return response.writeHead(404).end();
  const body = request.method === "POST" ? await buffer(request) : undefined;
  const { method, headers } = request;
  const answer = await Auth(new Request(home + request.url, { method, headers, body }), config);
  response.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text());
});
await new Promise((ready) => server.listen(Number(new URL(home).port), "127.0.0.1", ready));

const { browser, page } = await open();
await page.goto(`${home}/auth/signin?callbackUrl=${home}/auth/session`);
await page.getByRole("button", { name: "Sign in with Snowglobe" }).click();
await logIn(page);
await allow(page);
await page.waitForURL(`${home}/auth/session`);
const { user } = JSON.parse(await words(page));
check("the application knows who it is", user.name === env("SNOW_NAME") && user.email === env("SNOW_EMAIL"), user);
nothingWasWrong();
await browser.close();
server.close();
server.closeAllConnections();
