// node-oidc-provider that gives client-credentials tokens and keeps them in SQLite, on disk before the answer.
// It takes the arguments of `snowglobe up` and writes the same ready line.
import { createServer } from 'node:http';
import { join } from 'node:path';

import Database from 'better-sqlite3';
import Provider from 'oidc-provider';

const data = process.argv[process.argv.indexOf('--data') + 1];
const database = new Database(join(data, 'peer.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE IF NOT EXISTS model (id TEXT PRIMARY KEY, payload TEXT NOT NULL, expires INTEGER)');
const upsert = database.prepare('INSERT OR REPLACE INTO model VALUES (?, ?, ?)');
const find = database.prepare('SELECT payload FROM model WHERE id = ?');
const destroy = database.prepare('DELETE FROM model WHERE id = ?');

class Adapter {
  constructor(name) {
    this.name = name;
  }

  async upsert(id, payload, expiresIn) {
    upsert.run(`${this.name}:${id}`, JSON.stringify(payload), Date.now() + expiresIn * 1000);
  }

  async find(id) {
    const row = find.get(`${this.name}:${id}`);
    return row && JSON.parse(row.payload);
  }

  async destroy(id) {
    destroy.run(`${this.name}:${id}`);
  }
}

const client = { client_id: 'peer', client_secret: '0000000000000000000000000000000000000000000' };
const started = performance.now();
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(url, {
    adapter: Adapter,
    clients: [{
      ...client,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
    }],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 1800 },
  });
  server.on('request', provider.callback());
  const ready_ms = performance.now() - started;
  console.log(JSON.stringify({ url, pid: process.pid, ready_ms, clients: [{ name: 'peer', ...client }] }));
});
process.stdin.on('end', () => process.exit(0)).resume();
