// openid-client 5, as many servers still have it, proves itself with a private key (RFC 7523): its assertions name the
// issuer and the token endpoint together, and carry PS256.

import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";

import { Issuer } from "openid-client-5";

import { assert, check, env } from "./lib/check.mjs";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const named = { kid: "k1", alg: "PS256", use: "sig" };
const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), ...named }] };
const published = createServer((_, response) => {
  response.setHeader("content-type", "application/json").end(JSON.stringify(keys));
});
await new Promise((ready) => published.listen(Number(env("SNOW_JWKS_PORT")), "127.0.0.1", ready));

const issuer = await Issuer.discover(env("SNOW_URL"));
const client = new issuer.Client(
  {
    client_id: env("SNOW_CLIENT_ID"),
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "PS256",
  },
  { keys: [{ ...privateKey.export({ format: "jwk" }), ...named }] },
);
const granted = await client.grant({ grant_type: "client_credentials" });
check("a token", granted.token_type === "Bearer");
const told = await client.introspect(granted.access_token);
check("it is alive", told.active === true && told.client_id === env("SNOW_CLIENT_ID"), told);
await client.revoke(granted.access_token);
assert.deepEqual(await client.introspect(granted.access_token), { active: false });
check("it is dead", true);
published.close();
published.closeAllConnections();
