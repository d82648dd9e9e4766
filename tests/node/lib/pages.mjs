// Every page that a person can meet. A page that a browser serves and that is not here is not shown to hold.

import { createHmac } from "node:crypto";

import { logIn } from "./browser.mjs";
import { env as environment } from "./check.mjs";

const query = (parameters) => new URLSearchParams(parameters).toString();

function authorize(env, more = {}) {
  const parameters = {
    response_type: "code",
    client_id: env("SNOW_CLIENT_ID"),
    redirect_uri: env("SNOW_REDIRECT_URI"),
    state: "s",
    ...more,
  };
  return `/oauth_auth.do?${query(parameters)}`;
}

const wrongPassword = async (page) => {
  await page.locator("#user_name").fill("nobody");
  await page.locator("#user_password").fill("wrong");
  await page.locator("#sysverb_login").click();
  await page.locator("[role=alert]").waitFor();
};

const firstRefusal = async (page) => {
  await page.locator("tbody a").first().click();
  await page.getByRole("heading", { name: "Why it was refused" }).waitFor();
};

const firstRecord = async (page) => {
  await page.locator("table.list tbody a").first().click();
  await page.locator("form [name=sysparm_ck], form").first().waitFor();
};

const named = (table, query) => () => `/${table}_list.do?sysparm_query=${encodeURIComponent(query)}`;

const wrongCode = async (page) => {
  await page.locator("#user_code").fill("BBBB-BBBB");
  await page.locator("#continue").click();
  await page.locator("[role=alert]").waitFor();
};

const beginEnrolment = async (page) => {
  await page.locator("#begin").click();
  await page.locator(".qr").waitFor();
};

// RFC 6238 with the key that the page shows.
const totp = (key, counter = Math.floor(Date.now() / 30_000)) => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(" ", "")].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac("sha1", secret).update(message).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
};

let recovery = [];
const enrol = async (page) => {
  await beginEnrolment(page);
  await page.locator("#code").fill(totp(await page.locator("#key").innerText()));
  await page.locator("button.primary").click();
  await page.locator(".codes").waitFor();
  recovery = await page.locator(".codes li").allInnerTexts();
};

const passwordOf = (env) => async (page) => {
  await logIn(page, env("SNOW_USER"), env("SNOW_PASSWORD"));
  await page.locator("#code").waitFor();
};

const removeFactor = async (page) => {
  await page.locator("#code").fill(recovery[0]);
  await page.locator("button.danger").click();
  await page.locator("#begin").waitFor();
};

export const PAGES = [
  { name: "login", anonymous: true, path: () => "/login.do" },
  { name: "login-refused", anonymous: true, path: () => "/login.do", prepare: wrongPassword },
  { name: "login-for-client", anonymous: true, path: ({ env }) => authorize(env) },
  { name: "registry", path: () => "/oauth_entity_list.do" },
  { name: "registry-new", path: () => "/oauth_entity.do?sys_id=-1" },
  { name: "registry-client", path: ({ env }) => `/oauth_entity.do?sys_id=${env("SNOW_CLIENT_SYS_ID")}` },
  { name: "tokens", path: () => "/oauth_credential_list.do" },
  { name: "incidents", path: () => "/incident_list.do" },
  { name: "incident-new", path: () => "/incident.do?sys_id=-1" },
  { name: "incidents-empty", path: () => "/incident_list.do?sysparm_query=number%3Dnone" },
  { name: "no-such-table", path: () => "/no_such_table_list.do" },
  { name: "home", path: () => "/" },
  { name: "requests", path: () => "/sg_requests.do" },
  { name: "credentials", path: () => "/sg_credentials.do" },
  { name: "provider", path: named("oauth_entity", "name=Payroll"), prepare: firstRecord },
  { name: "credential", path: named("oauth_2_0_credentials", "name=Shipping"), prepare: firstRecord },
  { name: "alias", path: named("sys_alias", "name=Payroll"), prepare: firstRecord },
  { name: "connection", path: named("http_connection", "name=Payroll"), prepare: firstRecord },
  { name: "held-token", path: named("oauth_requestor_profile", "name=Payroll"), prepare: firstRecord },
  { name: "rest-message", path: named("sys_rest_message", "name=Orders"), prepare: firstRecord },
  { name: "rest-function", path: named("sys_rest_message_fn", "function_name=Put order"), prepare: firstRecord },
  { name: "rest-message-new", path: () => "/sys_rest_message.do?sys_id=-1" },
  { name: "flow", path: named("sys_hub_flow", "name=Tell the warehouse"), prepare: firstRecord },
  { name: "flow-trigger", path: named("sys_hub_trigger_instance", "flow.name=Tell the warehouse"), prepare: firstRecord },
  { name: "flow-step", path: named("sys_hub_action_instance", "flow.name=Tell the warehouse"), prepare: firstRecord },
  { name: "flow-run", path: named("sys_flow_context", "name=Tell the warehouse"), prepare: firstRecord },
  { name: "refusal", path: () => "/sg_requests.do?refused=1", prepare: firstRefusal },
  { name: "logout", path: () => "/logout.do" },
  { name: "logged-out", anonymous: true, path: () => "/logout.do" },
  { name: "connected-apps", path: () => "/my_connected_apps.do" },
  { name: "second-factor", path: () => "/my_second_factor.do" },
  { name: "new-password", path: () => "/change_password.do" },
  { name: "second-factor-setup", path: () => "/my_second_factor.do", prepare: beginEnrolment },
  // From here to the removal the person has a second factor.
  { name: "recovery-codes", path: () => "/my_second_factor.do", prepare: enrol },
  { name: "second-factor-enrolled", path: () => "/my_second_factor.do" },
  { name: "second-factor-asked", anonymous: true, path: () => "/login.do", prepare: passwordOf(environment) },
  { name: "second-factor-removed", path: () => "/my_second_factor.do", prepare: removeFactor },
  { name: "device", path: () => "/oauth2/device" },
  { name: "device-wrong-code", path: () => "/oauth2/device", prepare: wrongCode },
  { name: "device-link", path: ({ env }) => `/oauth2/device?user_code=${env("SNOW_USER_CODE")}` },
  {
    name: "device-consent",
    path: ({ env }) => `/oauth2/device?user_code=${env("SNOW_USER_CODE")}`,
    prepare: (page) => page.locator("#continue").click(),
  },
  { name: "code", path: () => "/sdk-oauth.do?error=access_denied" },
  {
    name: "code-shown",
    path: ({ env }) =>
      authorize(env, {
        client_id: "543e5655f77746a28228c6009a599dfb",
        redirect_uri: "/sdk-oauth.do",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      }),
    prepare: async (page) => {
      const button = page.getByRole("button", { name: "Allow" });
      if (await button.count()) await button.click();
      await page.locator("#code").waitFor();
    },
  },
  { name: "consent", path: ({ env }) => authorize(env) },
  { name: "consent-scopes", path: ({ env }) => authorize(env, { scope: "openid profile email" }) },
  { name: "error-client", path: ({ env }) => authorize(env, { client_id: "no-such-client" }) },
  { name: "error-redirect", path: ({ env }) => authorize(env, { redirect_uri: "https://evil.example/cb" }) },
];
