// An authorization server that we did not write: node-oidc-provider, with refresh tokens that rotate. Whoever comes is
// logged in and consents at once. Its first line says where it is; it ends with its standard input.
//
//   /_revoke   ends every grant, as a person does in their account there

import { createServer } from "node:http";

import { Provider } from "oidc-provider";

import { env } from "./lib/check.mjs";

const grants = new Set();

const client = {
  client_id: "g",
  client_secret: env("SNOW_CLIENT_SECRET"),
  redirect_uris: [env("SNOW_REDIRECT_URI")],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "client_secret_post",
};

const configuration = {
  clients: [client],
  cookies: { keys: ["not a secret"] },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: 3600, AuthorizationCode: 60, Grant: 86400, Interaction: 60, RefreshToken: 86400, Session: 86400 },
};

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  const serve = provider.callback();
  server.on("request", (request, response) => {
    if (request.url.startsWith("/interaction/")) return finish(provider, request, response);
    if (request.url === "/_revoke") return revoke(provider, response);
    return serve(request, response);
  });
  console.log(issuer);
});
// Whoever started it reads the first line only.
process.stdout.on("error", () => {});
process.stdin.on("end", () => process.exit(0)).resume();

/** Logs the person in, or lets them consent, whichever is asked for. */
async function finish(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const result = {};
  if (prompt.name === "login") {
    result.login = { accountId: "jo" };
  } else {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope("openid offline_access");
    const grantId = await grant.save();
    grants.add(grantId);
    result.consent = { grantId };
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

async function revoke(provider, response) {
  for (const grantId of grants) {
    await provider.RefreshToken.revokeByGrantId(grantId);
    await provider.AccessToken.revokeByGrantId(grantId);
  }
  response.end("{}");
}
