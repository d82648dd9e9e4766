'use strict';
// Loaded into programs on Node by `snowglobe exec`: connections to the one host go to the instance on this machine,
// those to other hosts are refused, those to this machine are left alone.
const net = require('node:net');

const host = process.env.SNOWGLOBE_EXEC_HOST;
const port = Number(process.env.SNOWGLOBE_EXEC_PORT);
// Libraries that read them would go a second way to the same place.
for (const name of ['http_proxy', 'https_proxy', 'all_proxy']) {
  delete process.env[name];
  delete process.env[name.toUpperCase()];
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  // Node hands a list that it has looked at already, a program an object, or a port and a host.
  const list = Array.isArray(args[0]) ? args[0] : args;
  const given = list[0];
  const options =
    given !== null && typeof given === 'object'
      ? given
      : /^\d+$/.test(String(given))
        ? { port: Number(given), host: typeof list[1] === 'string' ? list[1] : 'localhost' }
        : { path: given };
  const name = String(options.host ?? 'localhost').toLowerCase().replace(/^\[|\]$/g, '');
  if (options.path != null && options.port == null) return connect.apply(this, args);
  if (name === 'localhost' || name === '::1' || name.startsWith('127.')) return connect.apply(this, args);
  if (name === host && Number(options.port) === 443) {
    const led = { ...options, host: '127.0.0.1', port };
    if (list === args) {
      const rest = typeof args[1] === 'string' ? args.slice(2) : args.slice(1);
      return connect.call(this, led, ...rest);
    }
    list[0] = led;
    return connect.apply(this, args);
  }
  const error = new Error(`snowglobe exec: refused ${name}:${options.port}: only https://${host} is reached from here`);
  process.stderr.write(`${error.message}\n`);
  process.nextTick(() => this.destroy(error));
  return this;
};
