/** What an open status stream holds in memory, in a process with two thousand of them behind Node's own server. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { runMigrations } from '../../../src/fulfillment/index.js';
import { tablesOf } from '../../../src/fulfillment/postgres/tables.js';
import type { Say } from '../bench.js';
import type { Figure } from '../report.js';
import type { Programs } from './build-programs.js';
import type { Server } from './conditions.js';
import type { ReadersAnswer, ReadersInput } from './programs/stream-readers.js';
import type { StreamsAnswer, StreamsInput, StreamsReady } from './programs/streams.js';

const STREAMS = 2000;
/** Opened and closed before: what is made once is no stream's own. */
const WARM_UP = 50;
const BUDGET_KB = 20;
const SCHEMA = 'streams';

export async function measureStreams(programs: Programs, server: Server, say: Say): Promise<Figure[]> {
  const databaseUrl = await server.database();
  const streams = await makeAttempts(databaseUrl, STREAMS);
  const watched = await programs.start<StreamsReady>(
    'streams',
    { databaseUrl, schema: SCHEMA } satisfies StreamsInput,
    ['--expose-gc'],
  );
  const memory = (): Promise<StreamsAnswer> => watched.ask<StreamsAnswer>({});
  const read = async (some: ReadersInput['streams']): Promise<{ readonly stop: () => Promise<void> }> => {
    const input: ReadersInput = { port: watched.ready.port, streams: some };
    const readers = await programs.start<object>('stream-readers', input);
    await readers.ask<ReadersAnswer>({});
    return readers;
  };
  await (await read(streams.slice(0, WARM_UP))).stop();
  const before = await memory();
  const readers = await read(streams);
  say(`streams: ${STREAMS} are open`);
  const after = await memory();
  await readers.stop();
  await watched.stop();
  const kilobytes = (from: number, to: number): number => (to - from) / STREAMS / 1000;
  const value = kilobytes(before.bytes, after.bytes);
  return [
    {
      name: 'memory per status stream, kB',
      value,
      interval: null,
      budget: `≤ ${BUDGET_KB}`,
      within: value <= BUDGET_KB,
      note: `heapUsed + external after a collection, ${STREAMS} streams of as many orders open against none; resident ${kilobytes(before.residentBytes, after.residentBytes).toFixed(1)} kB each`,
    },
  ];
}

async function makeAttempts(databaseUrl: string, count: number): Promise<ReadersInput['streams']> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  await runMigrations({ database: pool, schema: SCHEMA });
  const t = tablesOf(SCHEMA);
  const made = Array.from({ length: count }, () => {
    const token = randomBytes(32).toString('base64url');
    return { attemptId: randomUUID(), token, hash: createHash('sha256').update(token).digest('hex') };
  });
  const ids = made.map(({ attemptId }) => attemptId);
  await pool.query(
    `INSERT INTO ${t.orders} (ref, vendor, facts, status, version, created_at, updated_at)
     SELECT 'order-' || id, 'ledgerbee', '{}', 'open', 1, now(), now() FROM unnest($1::text[]) AS id`,
    [ids],
  );
  await pool.query(
    `INSERT INTO ${t.attempts} (id, vendor, order_ref, active, created_at, last_token_at)
     SELECT id, 'ledgerbee', 'order-' || id, true, now(), now() FROM unnest($1::text[]) AS id`,
    [ids],
  );
  await pool.query(
    `INSERT INTO ${t.attemptTokens} (attempt_id, token_hash, created_at, expires_at)
     SELECT id, decode(hash, 'hex'), now(), now() + interval '1 day' FROM unnest($1::text[], $2::text[]) AS m (id, hash)`,
    [ids, made.map(({ hash }) => hash)],
  );
  await pool.end();
  return made.map(({ attemptId, token }) => ({ attemptId, token }));
}
