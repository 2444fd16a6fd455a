/**
 * What the machine can do at most: a Node loop that inserts bodies of the same size, one row per statement and one
 * statement per commit, on as many connections as the vendor has. No HTTP, no signature, one table, one key.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createWebhookSecret } from '../../../../src/testing/ledgerbee/signer.js';
import { newDelivery } from '../deliveries.js';
import { program } from './program.js';

export interface BareInput {
  readonly databaseUrl: string;
  readonly connections: number;
}

export interface BareQuestion {
  /** Whether the statement is parsed once per connection, or each time as `pool.query(text, values)` does. */
  readonly prepared: boolean;
  /** Before the clock runs. */
  readonly warmUpMs: number;
  readonly durationMs: number;
}

export interface BareAnswer {
  /** Committed while the clock ran. */
  readonly inserted: number;
  readonly seconds: number;
}

/** Of the size of a delivery's. One for all: making bodies is no part of inserting them. */
const BODY = Buffer.from(newDelivery(createWebhookSecret()).body);
const RUN = randomBytes(6).toString('hex');
let made = 0;
const INSERT = 'INSERT INTO bare (message_id, raw_body) VALUES ($1, $2)';

program(async ({ databaseUrl, connections }: BareInput) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  await pool.query('CREATE TABLE bare (message_id text PRIMARY KEY, raw_body bytea NOT NULL)');
  return {
    ready: {},
    answer: (question: BareQuestion): Promise<BareAnswer> => run(pool, connections, question),
    end: () => pool.end(),
  };
});

async function run(
  pool: pg.Pool,
  connections: number,
  { prepared, warmUpMs, durationMs }: BareQuestion,
): Promise<BareAnswer> {
  const statement = { text: INSERT, ...(prepared ? { name: 'bare' } : {}) };
  const from = performance.now() + warmUpMs;
  const until = from + durationMs;
  let inserted = 0;
  const loop = async (): Promise<void> => {
    for (let now = performance.now(); now < until;) {
      const values = [`msg_${RUN}_${(made += 1)}`, BODY];
      await pool.query({ ...statement, values });
      now = performance.now();
      if (now >= from && now < until) inserted += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { inserted, seconds: durationMs / 1000 };
}
