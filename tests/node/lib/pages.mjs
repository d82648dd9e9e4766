// Every page that a person can meet. A page that a browser serves and that is not here is not shown to hold.

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
  { name: "refusal", path: () => "/sg_requests.do?refused=1", prepare: firstRefusal },
  { name: "logout", path: () => "/logout.do" },
  { name: "logged-out", anonymous: true, path: () => "/logout.do" },
  { name: "connected-apps", path: () => "/my_connected_apps.do" },
  { name: "second-factor", path: () => "/my_second_factor.do" },
  { name: "new-password", path: () => "/change_password.do" },
  { name: "code", path: () => "/sdk-oauth.do?error=access_denied" },
  { name: "consent", path: ({ env }) => authorize(env) },
  { name: "consent-scopes", path: ({ env }) => authorize(env, { scope: "openid profile email" }) },
  { name: "error-client", path: ({ env }) => authorize(env, { client_id: "no-such-client" }) },
  { name: "error-redirect", path: ({ env }) => authorize(env, { redirect_uri: "https://evil.example/cb" }) },
];
