/** What the receiving transaction does to be quick costs nothing of what it promises. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqlClient } from '../../src/fulfillment/index.js';
import { insertInbox } from '../../src/fulfillment/postgres/insert-inbox.js';
import { markDirty } from '../../src/fulfillment/postgres/mark-dirty.js';
import { patientPool } from '../../src/fulfillment/postgres/patient-pool.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { preparedTransaction } from '../../src/fulfillment/postgres/transaction.js';
import { upsertOrders } from '../../src/fulfillment/postgres/upsert-orders.js';
import { World } from './kit/world.js';

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const delivery = (n: number): { id: string; subject: string; reference: string } => ({
  id: `msg-${n}`,
  subject: `sub-${n}`,
  reference: `order-${n}`,
});

describe('deliveries in one batch', () => {
  it('keep their own bytes each', async () => {
    const kit = await world.kit();
    const topics = Array.from({ length: 60 }, (_, n) => 'ø€𝄞'.repeat(n));
    await Promise.all(topics.map((topic, n) => kit.deliver({ ...delivery(n), topic })));
    const { rows } = await world.pool.query<{ message_id: string; raw_body: Buffer }>(
      `SELECT message_id, raw_body FROM ${world.schema}.inbox`,
    );
    expect(rows).toHaveLength(60);
    for (const { message_id, raw_body } of rows) {
      const n = Number(message_id.slice('msg-'.length));
      const { subject, reference } = delivery(n);
      const content = { subject, reference, topic: topics[n] };
      expect(raw_body.toString()).toBe(JSON.stringify(content));
    }
  });

  it('and the batch behind it are recorded once where they are the same', async () => {
    const kit = await world.kit({ schedule: { batchSize: 1 } });
    const answers = await Promise.all(Array.from({ length: 40 }, () => kit.deliver(delivery(1))));
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(204));
    const order = await kit.order('order-1');
    expect(order.deliveries).toHaveLength(1);
    expect(order.subjects).toMatchObject([{ dirtyGeneration: 1 }]);
  });

  it('need no more than one connection', async () => {
    const pool = new pg.Pool({ connectionString: world.url, max: 1 });
    try {
      const kit = await world.kit({ database: pool, schedule: { batchSize: 3 } });
      const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => kit.deliver(delivery(n))));
      expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(204));
    } finally {
      await pool.end();
    }
  });
});

it('a delivery at fault among others is no dead end where there is but one connection', async () => {
  const pool = new pg.Pool({ connectionString: world.url, max: 1 });
  try {
    // A stall would be ended by the lease, and the answer given before it.
    const kit = await world.kit({ database: pool, schedule: { batchSize: 4, deliveryTimeoutMs: 5000 } });
    const deliveries = Array.from({ length: 30 }, (_, n) =>
      n % 5 === 1 ? { id: `bad-${n}`, subject: `sub-${n}`, reference: 'order\u0000' } : delivery(n),
    );
    const answers = await Promise.all(deliveries.map((one) => kit.deliver(one)));
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(204));
    expect(await kit.kit.reviews.list()).toHaveLength(6);
  } finally {
    await pool.end();
  }
});

/** What `pg` remembers of the statements on a connection. */
interface Driver {
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
}

describe('a kept statement', () => {
  const kept = async (pool: pg.Pool): Promise<readonly string[]> =>
    (
      await pool.query<{ name: string }>(
        `SELECT name FROM pg_prepared_statements WHERE name LIKE 'checkout_embed%' ORDER BY name`,
      )
    ).rows.map(({ name }) => name);

  it.each<[string, (pool: pg.Pool, names: readonly string[]) => Promise<unknown>]>([
    ['is not known on the connection', (pool) => pool.query('DEALLOCATE ALL')],
    [
      'is taken by another client behind the same pooler',
      async (pool, names) => {
        // The driver forgets them; the server's session, which a pooler hands out again, does not.
        const client = (await pool.connect()) as pg.PoolClient & { connection: Driver };
        expect(Object.keys(client.connection.parsedStatements)).toEqual(expect.arrayContaining([...names]));
        client.connection.parsedStatements = {};
        client.connection.submittedNamedStatements = {};
        client.release();
      },
    ],
  ])('that %s costs a repetition and no delivery', async (_, spoil) => {
    const pool = new pg.Pool({ connectionString: world.url, max: 1 });
    try {
      const kit = await world.kit({ database: pool });
      expect((await kit.deliver(delivery(1))).status).toBe(204);
      const names = await kept(pool);
      expect(names).not.toEqual([]);
      await spoil(pool, names);
      expect((await kit.deliver(delivery(2))).status).toBe(204);
      await pool.query('DEALLOCATE ALL');
      expect((await kit.deliver(delivery(3))).status).toBe(204);
      // Names do not hold on this pool: none is given any more.
      expect(await kept(pool)).toEqual([]);
      expect((await kit.order('order-3')).deliveries).toHaveLength(1);
    } finally {
      await pool.end();
    }
  });

  it('has a plan by index also where it was made while the tables were small', async () => {
    await world.kit();
    const t = tablesOf(world.schema);
    await world.pool.query(`ANALYZE ${t.inbox}, ${t.orders}, ${t.subjects}`);
    const nowMs = world.now;
    const fixed = {
      vendor: 'ledgerbee',
      source: 'delivery',
      topic: 't',
      outcome: 'applied',
      why: null,
    } as const;
    const inbox = { ...fixed, messageId: 'm', subject: 's', orderRef: 'o', rawBody: null };
    const order = {
      ref: 'o',
      vendor: 'ledgerbee',
      unreferenced: null,
      facts: {},
      parkedUntilMs: null,
      statusIfNew: 'pending',
      cause: 'test',
    } as const;
    const plans = await preparedTransaction(patientPool(world.pool, 5000), async (sql) => {
      const texts: string[] = [];
      const noting: SqlClient = {
        query: (text) => {
          texts.push(text);
          return Promise.resolve({ rows: [], rowCount: 0 });
        },
      };
      await insertInbox(noting, t, [inbox], nowMs);
      await upsertOrders(noting, t, [order], nowMs);
      await markDirty(noting, t, [{ vendor: 'ledgerbee', subject: 's', orderRef: 'o' }], nowMs);
      const found: string[] = [];
      for (const text of texts) {
        const { rows } = await sql.query(`EXPLAIN (GENERIC_PLAN, COSTS OFF) ${text}`);
        found.push(...rows.map((row) => String(row['QUERY PLAN'])));
      }
      return found;
    });
    expect(plans.join('\n')).toMatch(/Index (Only )?Scan using subjects_pkey/);
    expect(plans.filter((line) => /Seq Scan/.test(line))).toEqual([]);
  });
});
