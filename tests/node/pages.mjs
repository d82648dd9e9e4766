// Every page as a person meets it: axe finds nothing, the keyboard is enough, no script is needed, nothing complains;
// and a picture of each, in light and dark, wide and narrow.

import { mkdir } from "node:fs/promises";

import { AxeBuilder } from "@axe-core/playwright";

import { logIn, nothingWasWrong, open, watch } from "./lib/browser.mjs";
import { assert, check, env } from "./lib/check.mjs";
import { PAGES } from "./lib/pages.mjs";

const instance = env("SNOW_URL");
const pictures = env("SNOW_SCREENSHOTS");
const only = process.env.SNOW_ONLY ?? "";
const pages = PAGES.filter(({ name }) => name.includes(only));
await mkdir(pictures, { recursive: true });

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 375, height: 812 } };

/** What axe says against a page, in a line each. */
async function violations(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.html).join(" | ")}`);
}

/** Nothing sticks out to the right. */
function sticksOut(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
}

const found = [];
const { browser, context: first } = await open();
const signedIn = await state(first);
for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const look = async (storageState) => {
      const page = await (await browser.newContext({ colorScheme, viewport, storageState })).newPage();
      watch(page);
      return page;
    };
    const [nobody, somebody] = [await look(undefined), await look(signedIn)];
    for (const { name, path, anonymous, prepare } of pages) {
      const page = anonymous ? nobody : somebody;
      const answer = await page.goto(instance + path({ env }));
      if (prepare) await prepare(page);
      const where = `${name} (${colorScheme}, ${size})`;
      found.push(...(await violations(page)).map((text) => `${where}: ${text}`));
      if (await sticksOut(page)) found.push(`${where}: it sticks out to the right`);
      const policy = answer.headers()["content-security-policy"] ?? "";
      if (!policy.includes("frame-ancestors 'none'")) found.push(`${where}: no frame-ancestors 'none'`);
      await page.screenshot({ path: `${pictures}/${name}-${colorScheme}-${size}.png`, fullPage: true });
    }
    await nobody.context().close();
    await somebody.context().close();
  }
}
assert.deepEqual(found, []);
check(`${pages.length} pages, in light and dark, wide and narrow`, pages.length > 0);
nothingWasWrong();
await browser.close();

/** The cookies of somebody who is signed in. */
async function state(context) {
  const page = await context.newPage();
  await page.goto(`${instance}/login.do`);
  await logIn(page);
  await page.waitForURL((url) => url.pathname !== "/login.do");
  return context.storageState();
}
