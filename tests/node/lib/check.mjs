// What every script does: look, and say so.

import assert from "node:assert/strict";

export { assert };

/** A variable that the test sets. */
export function env(name) {
  const value = process.env[name];
  assert.ok(value !== undefined, `${name} is not set`);
  return value;
}

/** Fails unless it holds, and names what was looked at. */
export function check(what, holds, found) {
  assert.ok(holds, found === undefined ? what : `${what}: ${JSON.stringify(found)}`);
  console.log("ok", what);
}

/** Moves the instance's clock, as the administrator. */
export async function advance(by) {
  const credentials = Buffer.from(`${env("SNOW_USER")}:${env("SNOW_PASSWORD")}`).toString("base64");
  const answer = await fetch(`${env("SNOW_URL")}/_sg/clock`, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}`, "content-type": "application/json" },
    body: JSON.stringify({ advance: by }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Answers at a redirect URI of loopback with a page. */
export async function answerAt(uri, page = "<!doctype html><title>back</title>") {
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html").end(page);
  });
  const { hostname, port } = new URL(uri);
  await new Promise((ready) => server.listen(Number(port), hostname, ready));
  return { close: () => (server.close(), server.closeAllConnections()) };
}
