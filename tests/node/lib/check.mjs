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

/** An HTTP server on a free port of loopback, and its URL. */
export async function listen(handler) {
  const { createServer } = await import("node:http");
  const server = createServer(handler);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
