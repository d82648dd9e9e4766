// Scenario C: simple-oauth2 gets a token with client credentials and keeps it.

import { ClientCredentials } from "simple-oauth2";

import { check, env } from "./lib/check.mjs";

for (const authorizationMethod of ["header", "body"]) {
  const client = new ClientCredentials({
    client: { id: env("SNOW_CLIENT_ID"), secret: env("SNOW_CLIENT_SECRET") },
    auth: { tokenHost: env("SNOW_URL"), tokenPath: "/oauth_token.do" },
    options: { authorizationMethod },
  });
  const first = await client.getToken({});
  const second = await client.getToken({});
  check(`${authorizationMethod}: the same token`, first.token.access_token === second.token.access_token);
  check(`${authorizationMethod}: no more time left`, second.token.expires_in <= first.token.expires_in);
  check(`${authorizationMethod}: it has not expired`, !second.expired());
  const answer = await fetch(`${env("SNOW_URL")}/api/now/table/incident?sysparm_limit=1`, {
    headers: { authorization: `Bearer ${second.token.access_token}`, accept: "application/json" },
  });
  check(`${authorizationMethod}: it works`, answer.status === 200, answer.status);
}
