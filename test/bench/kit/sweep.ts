/**
 * A reconcile sweep over so many attempts of which a thousand are due, against the same over a hundredth of them:
 * what is not due must cost nothing. The vendor answers at once that it has nothing.
 */
import pg from 'pg';
import { createFulfillmentKit, idempotentEffect, type FrameVendor } from '../../../src/fulfillment/index.js';
import { tablesOf } from '../../../src/fulfillment/postgres/tables.js';
import type { Rounds, Say } from '../bench.js';
import { ratioFigure, type Figure } from '../report.js';
import { estimate, interleave, median, ratios, type Estimate } from '../stats.js';
import type { Server } from './conditions.js';

const FEW = 10_000;
const MANY = 1_000_000;
const DUE = 1000;
const ROUNDS = 10;

const BUDGET = { text: 'median ≤ 1.5', holds: (found: Estimate) => found.median <= 1.5 };

export async function measureSweep(server: Server, rounds: Rounds, say: Say): Promise<Figure[]> {
  const pool = new pg.Pool({ connectionString: await server.database(), max: 20 });
  const shops = {
    few: await makeShop(pool, 'few', FEW),
    many: await makeShop(pool, 'many', MANY),
  };
  say(`sweep: ${MANY} attempts are there`);
  const sides = ['few', 'many'] as const;
  const measure = (side: (typeof sides)[number]): Promise<number> => shops[side].sweep();
  await interleave(sides, 1, measure);
  const found = await interleave(sides, rounds(ROUNDS), measure);
  await Promise.all(sides.map((side) => shops[side].close()));
  await pool.end();
  return [
    ratioFigure(
      'reconcile sweep, 1,000,000 attempts ÷ 10,000',
      estimate(ratios(found.many, found.few)),
      BUDGET,
      `${median(found.many).toFixed(0)} ms ÷ ${median(found.few).toFixed(0)} ms for ${DUE} due, every one asked about and its answer committed, ${rounds(ROUNDS)} each`,
    ),
  ];
}

interface Shop {
  /** Makes a thousand attempts due and asks about them. @returns milliseconds */
  readonly sweep: () => Promise<number>;
  readonly close: () => Promise<void>;
}

async function makeShop(pool: pg.Pool, schema: string, attempts: number): Promise<Shop> {
  let asked = 0;
  const vendor: FrameVendor = {
    name: 'ledgerbee',
    flow: 'frame',
    acceptedStatus: 204,
    verify: unused,
    decode: unused,
    fetchSubject: unused,
    mintBindToken: unused,
    listByReference: () => {
      asked += 1;
      return Promise.resolve([]);
    },
  };
  const kit = createFulfillmentKit({
    database: pool,
    schema,
    identify: () => null,
    resolveOrder: () => null,
    vendors: [vendor],
    unreferenced: 'review',
    effects: { fulfill: idempotentEffect(() => Promise.resolve()) },
  });
  await kit.start({ background: false });
  const { attempts: table } = tablesOf(schema);
  await seed(pool, schema, attempts);
  return {
    sweep: async () => {
      await pool.query(
        `UPDATE ${table} SET next_reconcile_at = now() - interval '1 minute', reconcile_step = 0, last_token_at = now()
          WHERE id IN (SELECT ((random() * ${attempts - 1})::int + 1)::text FROM generate_series(1, ${2 * DUE})
                       GROUP BY 1 LIMIT ${DUE})`,
      );
      asked = 0;
      const start = performance.now();
      // One tick does so many rounds; a thousand are more.
      while (asked < DUE) await kit.tick();
      return performance.now() - start;
    },
    close: () => kit.close(),
  };
}

/** A shop in which most attempts came to nothing lately: all are still asked about, once a day. */
async function seed(pool: pg.Pool, schema: string, attempts: number): Promise<void> {
  const t = tablesOf(schema);
  const client = await pool.connect();
  // The rows are known to fit each other; looking each order up would take most of the time.
  await client.query('SET session_replication_role = replica');
  await client.query(
    `INSERT INTO ${t.orders} (ref, vendor, facts, status, version, created_at, updated_at)
     SELECT 'order-' || i, 'ledgerbee', '{}', 'open', 1, now(), now() FROM generate_series(1, ${attempts}) AS i`,
  );
  await client.query(
    `INSERT INTO ${t.attempts} (id, vendor, order_ref, active, created_at, last_token_at, next_reconcile_at)
     SELECT i, 'ledgerbee', 'order-' || i, true, now(), now(), now() + interval '1 day' * random() + interval '1 hour'
       FROM generate_series(1, ${attempts}) AS i`,
  );
  await client.query(`VACUUM (ANALYZE) ${t.orders}, ${t.attempts}`);
  client.release(true);
}

function unused(): never {
  throw new Error('a sweep has no use for it');
}
