/**
 * What the machine can do at most: a Node loop that inserts the same bodies, one row per statement and one
 * statement per commit, on as many connections as the vendor has. No HTTP, no signature, one table, one key.
 */
import pg from 'pg';
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
  /** Rows to make beforehand: more than can be inserted. */
  readonly prepare: number;
}

export interface BareAnswer {
  /** Committed while the clock ran. */
  readonly inserted: number;
  readonly seconds: number;
}

const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;
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
  { prepared, warmUpMs, durationMs, prepare }: BareQuestion,
): Promise<BareAnswer> {
  const rows = Array.from({ length: prepare }, () => {
    const { messageId, body } = newDelivery(SECRET);
    return [messageId, Buffer.from(body)];
  });
  const statement = { text: INSERT, ...(prepared ? { name: 'bare' } : {}) };
  const from = performance.now() + warmUpMs;
  const until = from + durationMs;
  let inserted = 0;
  const loop = async (): Promise<void> => {
    for (let now = performance.now(); now < until;) {
      const values = rows.pop();
      if (values === undefined) throw new Error('more rows were inserted than had been made');
      await pool.query({ ...statement, values });
      now = performance.now();
      if (now >= from && now < until) inserted += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { inserted, seconds: durationMs / 1000 };
}
