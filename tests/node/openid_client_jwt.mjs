// openid-client 6 signs with its secret (client_secret_jwt) wherever it proves itself: for a device, for tokens, for what is
// told of them and for their end.

import * as client from "openid-client";

import { check, env } from "./lib/check.mjs";

const config = await client.discovery(
  new URL(env("SNOW_URL")),
  env("SNOW_CLIENT_ID"),
  {},
  client.ClientSecretJwt(env("SNOW_CLIENT_SECRET")),
  { execute: [client.allowInsecureRequests] },
);
const device = await client.initiateDeviceAuthorization(config, { scope: "openid" });
check("a device may ask", /^[A-Z]{4}-[A-Z]{4}$/.test(device.user_code), device);
const granted = await client.clientCredentialsGrant(config, { scope: "useraccount" });
const told = await client.tokenIntrospection(config, granted.access_token);
check("a token that is alive", told.active && told.client_id === env("SNOW_CLIENT_ID"), told);
await client.tokenRevocation(config, granted.access_token);
const after = await client.tokenIntrospection(config, granted.access_token);
check("and dead when it is revoked", after.active === false, after);
