// From the login page through consent to the application with the keyboard alone, then once more without JavaScript.

import { logIn, nothingWasWrong, open } from "./lib/browser.mjs";
import { answerAt, check, env } from "./lib/check.mjs";

const redirect = env("SNOW_REDIRECT_URI");
const there = await answerAt(redirect);
const start = `${env("SNOW_URL")}/oauth_auth.do?${new URLSearchParams({
  response_type: "code",
  client_id: env("SNOW_CLIENT_ID"),
  redirect_uri: redirect,
  state: "s",
})}`;

/** Presses Tab until this has the focus, and it can be seen that it has. */
async function tabTo(page, selector) {
  for (let steps = 0; steps < 30; steps += 1) {
    const there = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    if (there) {
      const ring = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      check(`${selector} shows that it has the focus`, ring);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${selector} at ${page.url()}`);
}

{
  const { browser, page } = await open();
  await page.goto(start);
  await tabTo(page, "#user_name");
  await page.keyboard.type(env("SNOW_USER"));
  await tabTo(page, "#user_password");
  await page.keyboard.type(env("SNOW_PASSWORD"));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Allow" }).waitFor();
  await tabTo(page, "button[value=authorize]");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${redirect}*`);
  check("the keyboard is enough", new URL(page.url()).searchParams.get("code").length > 0);
  nothingWasWrong();
  await browser.close();
}

{
  const { browser, page } = await open({ javaScriptEnabled: false });
  // What was allowed above is remembered: asked for, the page comes again.
  await page.goto(`${start}&prompt=consent`);
  await logIn(page);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(`${redirect}*`);
  check("no script is needed", new URL(page.url()).searchParams.get("code").length > 0);
  await browser.close();
}
there.close();
