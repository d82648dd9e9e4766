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
