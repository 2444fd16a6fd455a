/** The database of a run: a server of its own with nothing turned off, and what it says of itself. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freshDatabase, startPostgres } from '../../../demo/postgres.js';

export interface Server {
  readonly url: string;
  /** In words: versions, and what decides how long a commit takes. */
  readonly conditions: string;
  /** An empty database, gone with the server. */
  readonly database: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

const SETTINGS = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method'];

export async function startServer(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'checkout-embed-bench-'));
  await chmod(dataDir, 0o755);
  const server = await startPostgres({ dataDir });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
    [SETTINGS],
  );
  await client.end();
  const setting = (name: string): string => rows.find((row) => row.name === name)?.setting ?? '?';
  const [version, ...others] = SETTINGS;
  return {
    url: server.url,
    conditions:
      `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}, PostgreSQL ` +
      `${setting(version ?? '')} on the same machine, ${others.map((name) => `${name}=${setting(name)}`).join(' ')}`,
    database: async () => (await freshDatabase(server.url)).url,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
