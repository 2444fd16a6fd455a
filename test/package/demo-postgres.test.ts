/** The demo's PostgreSQL over the deaths of its starter: what was bought is still there, and nobody stops another's server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataInUseError, startPostgres } from '../../demo/postgres.js';
import { ROOT } from '../runner/suite.js';

/** Starts the server, says where it is, and stays. */
const STARTER = `
const { startPostgres } = await import('./demo/postgres.ts');
const { url } = await startPostgres({ dataDir: process.argv[1] });
console.log(url);
setInterval(() => undefined, 60_000);
`;

let dataDir = '';
let starter: ChildProcess;
let url = '';

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'checkout-embed-demo-'));
  await chmod(dataDir, 0o755);
  starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', STARTER, dataDir], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(starter.stdout!, 'data')) as [Buffer];
  url = line.toString().trim();
  await query('CREATE TABLE bought (what text)');
}, 60_000);

afterAll(async () => {
  starter.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

it('is not taken from a starter that is still there', async () => {
  await expect(startPostgres({ dataDir })).rejects.toThrow(DataInUseError);
});

it('is taken over, with its data and its port, once the starter was killed', async () => {
  const killed = once(starter, 'exit');
  starter.kill('SIGKILL');
  await killed;
  const refusePort = (): Promise<void> => Promise.reject(new Error('the port is taken, by our own server'));
  const server = await startPostgres({ dataDir, refusePort });
  expect(server.url).toBe(url);
  expect(await query('SELECT * FROM bought')).toEqual([]);

  await server.stop();
  await expect(query('SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
});

async function query(text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}
