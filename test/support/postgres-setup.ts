/**
 * One PostgreSQL for a whole run of the kit's tests: `DATABASE_URL`'s, or one started here. Each test file
 * takes databases of its own from it, see `database.ts`.
 */
import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../demo/postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresUrl: string;
  }
}

/** What is kept is kept for as long as the machine runs: no test turns it off. */
const FAST = ['-c', 'fsync=off', '-c', 'full_page_writes=off'] as const;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return () => Promise.resolve();
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'checkout-embed-test-'));
  await chmod(dataDir, 0o755);
  const server = await startPostgres({ dataDir, postgresFlags: FAST });
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
