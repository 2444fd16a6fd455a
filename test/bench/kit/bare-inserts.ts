/**
 * What the machine can do at most: a Node loop that inserts the same bodies, one row per statement and one
 * statement per commit, on as many connections as the vendor has. No HTTP, no signature, one table, one key.
 */
import pg from 'pg';
import { newDelivery } from './deliveries.js';
import { program } from './program.js';

export interface BareInput {
  readonly databaseUrl: string;
  readonly connections: number;
}

export interface BareQuestion {
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly prepare: number;
}

export interface BareAnswer {
  readonly inserted: number;
  readonly seconds: number;
}

const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;

program<BareInput, object, BareQuestion, BareAnswer>(async ({ databaseUrl, connections }) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  await pool.query('CREATE TABLE bare (message_id text PRIMARY KEY, raw_body bytea NOT NULL)');
  return {
    ready: {},
    answer: (question) => run(pool, connections, question),
    end: () => pool.end(),
  };
});

async function run(
  pool: pg.Pool,
  connections: number,
  { warmUpMs, durationMs, prepare }: BareQuestion,
): Promise<BareAnswer> {
  const rows = Array.from({ length: prepare }, () => {
    const { messageId, body } = newDelivery(SECRET);
    return [messageId, Buffer.from(body)];
  });
  const from = performance.now() + warmUpMs;
  const until = from + durationMs;
  let inserted = 0;
  const loop = async (): Promise<void> => {
    for (let now = performance.now(); now < until; ) {
      const values = rows.pop();
      if (values === undefined) throw new Error('more rows were inserted than had been made');
      await pool.query({ name: process.env['BARE_UNNAMED'] ? '' : 'bare', text: 'INSERT INTO bare (message_id, raw_body) VALUES ($1, $2)', values });
      now = performance.now();
      if (now >= from && now < until) inserted += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { inserted, seconds: durationMs / 1000 };
}
