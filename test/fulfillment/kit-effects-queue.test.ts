/** A merchant's own job queue, written to in the kit's transaction: a job for each grant, no more and no less. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toExecuteSql, transactionEffect, type SqlClient } from '../../src/fulfillment/index.js';
import { World, type Caller } from './kit/world.js';

const HOUR = 3600_000;

/** As pg-boss types its `db` option. */
interface QueueDatabase {
  executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The little of a queue that matters here: `send(name, data, { db })`, in one statement of its own. */
class Queue {
  readonly #table: string;
  constructor(schema: string) {
    this.#table = `${schema}.jobs`;
  }

  async send(name: string, data: object, { db }: { db: QueueDatabase }): Promise<string> {
    const { rows } = await db.executeSql(
      `INSERT INTO ${this.#table} (name, data) VALUES ($1, $2) RETURNING id::text`,
      [name, JSON.stringify(data)],
    );
    return (rows as { id: string }[])[0]!.id;
  }
}

let world: World;
let kit: Caller;
let enqueued: string[];
/** What the effect does after it has enqueued. */
let afterwards: (tx: SqlClient) => Promise<void>;
beforeEach(async () => {
  world = await World.create();
  await world.pool.query(
    `CREATE TABLE ${world.schema}.jobs (id bigint GENERATED ALWAYS AS IDENTITY, name text, data jsonb)`,
  );
  enqueued = [];
  afterwards = () => Promise.resolve();
  const queue = new Queue(world.schema);
  kit = await world.kit({
    effects: {
      fulfill: transactionEffect(async ({ tx, key, order }) => {
        enqueued.push(await queue.send('ship', { key, orderRef: order.ref }, { db: toExecuteSql(tx) }));
        await afterwards(tx);
      }),
    },
  });
  await kit.start('order-1');
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
  await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
});
afterEach(() => world.close());

const jobs = async (): Promise<readonly unknown[]> =>
  (await world.pool.query<{ name: string; data: unknown }>(`SELECT name, data FROM ${world.schema}.jobs`))
    .rows;
const JOB = { name: 'ship', data: { key: 'order-1:fulfill:', orderRef: 'order-1' } };

describe('a job enqueued by a transaction effect', () => {
  it('is there once, together with the mark', async () => {
    await kit.tick();
    await kit.tick();
    expect(await jobs()).toEqual([JOB]);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });

  it('is seen by nobody before the commit', async () => {
    let before: readonly unknown[] | null = null;
    afterwards = async () => void (before = await jobs());
    await kit.tick();
    expect(before).toEqual([]);
    expect(await jobs()).toEqual([JOB]);
  });

  it('is gone when the effect fails after it, and comes with the try that works', async () => {
    afterwards = () => (enqueued.length === 1 ? Promise.reject(new Error('after it')) : Promise.resolve());
    await kit.tick();
    expect(enqueued).toHaveLength(1);
    expect(await jobs()).toEqual([]);
    world.pass(HOUR);
    await kit.tick();
    expect(await jobs()).toEqual([JOB]);
  });

  it('is gone when the commit itself fails', async () => {
    // Checked at COMMIT, after the effect, the mark and the fact were written.
    await world.pool.query(
      `CREATE FUNCTION ${world.schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$BEGIN RAISE EXCEPTION 'no commit'; END$$;
       CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON ${world.schema}.jobs
         DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${world.schema}.refuse()`,
    );
    await kit.tick();
    expect(enqueued).toHaveLength(1);
    expect(await jobs()).toEqual([]);
    expect((await kit.order('order-1')).status).toBe('processing');
    await world.pool.query(`DROP TRIGGER refuse ON ${world.schema}.jobs`);
    world.pass(HOUR);
    await kit.tick();
    expect(await jobs()).toEqual([JOB]);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });
});
