// Scenario F: a page without a server gets a token in the fragment and calls the API across origins.

import { allow, logIn, open, words } from "./lib/browser.mjs";
import { answerAt, check, env } from "./lib/check.mjs";

const instance = env("SNOW_URL");
const home = env("SNOW_REDIRECT_URI");
const PAGE = `<!doctype html><title>page</title><body>waiting<script>
  const answer = new URLSearchParams(location.hash.slice(1));
  const headers = { authorization: "Bearer " + answer.get("access_token"), accept: "application/json" };
  const show = (what) => { document.body.textContent = JSON.stringify(what); };
  if (location.hash.length > 1) {
    fetch("${instance}/api/now/table/task?sysparm_limit=1", { headers }).then(
      (response) => show({ answer: Object.fromEntries(answer), query: location.search, status: response.status }),
      (error) => show({ answer: Object.fromEntries(answer), query: location.search, error: String(error) }),
    );
  }
</script>`;

function start(client) {
  const query = new URLSearchParams({
    response_type: "token",
    client_id: client,
    redirect_uri: home,
    state: "s1",
  });
  return `${instance}/oauth_auth.do?${query}`;
}

const there = await answerAt(home, PAGE);
const { browser, page } = await open();
await page.goto(start(env("SNOW_CLIENT_ID")));
await logIn(page);
await allow(page);
await page.waitForFunction(() => document.body.textContent.startsWith("{"));
const told = JSON.parse(await words(page));
check("the token is in the fragment, not in the query", told.query === "" && told.answer.access_token.length > 0, told);
check("the state came back", told.answer.state === "s1", told);
check("no refresh token", told.answer.refresh_token === undefined, told);
if (process.env.SNOW_CORS === "1") check("the API answers across origins", told.status === 200, told);

// A client that is not on the list for implicit gets no token.
await page.goto(start(env("SNOW_OTHER_CLIENT_ID")));
if ((await page.getByRole("button", { name: "Allow" }).count()) > 0) await allow(page);
check("no token for others", !page.url().includes("access_token"), page.url());
await browser.close();
there.close();
