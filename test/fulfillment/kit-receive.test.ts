/** What arrives from a vendor: verified, recorded once, answered after the commit. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { granted } from './kit/fake-vendor.js';
import { World, type Caller } from './kit/world.js';

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

const inbox = async (): Promise<readonly Record<string, unknown>[]> =>
  (await world.pool.query(`SELECT * FROM ${world.schema}.inbox ORDER BY message_id`)).rows as Record<
    string,
    unknown
  >[];

describe('a delivery', () => {
  it('is kept byte by byte', async () => {
    await kit.deliver({ id: 'msg-1', subject: 'sub-1' });
    const [row] = await inbox();
    expect(String(row?.['raw_body'])).toBe('{"subject":"sub-1"}');
  });

  it('that comes twice is recorded once, and both are accepted', async () => {
    await kit.start('order-1');
    const delivery = { id: 'msg-1', subject: 'sub-1', reference: 'order-1' };
    expect((await kit.deliver(delivery)).status).toBe(204);
    const before = await kit.order('order-1');
    expect((await kit.deliver(delivery)).status).toBe(204);
    expect(await inbox()).toHaveLength(1);
    expect(await kit.order('order-1')).toEqual(before);
  });

  it('that comes twenty times at once is recorded once', async () => {
    await kit.start('order-1');
    const other = await world.kit();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? kit : other).deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(204));
    expect(await inbox()).toHaveLength(1);
    expect((await kit.order('order-1')).subjects).toMatchObject([{ dirtyGeneration: 1 }]);
  });

  it('with a signature that does not hold is refused, and nothing is stored', async () => {
    const answer = await kit.deliver({ id: 'msg-1', subject: 'sub-1' }, 'bad');
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthorized' });
    expect(await inbox()).toEqual([]);
  });

  it('of no concern is stored with the reason and accepted', async () => {
    expect((await kit.deliver({ id: 'msg-1', as: 'ignored', topic: 'webhook.test' })).status).toBe(204);
    expect(await inbox()).toMatchObject([
      { outcome: 'ignored', topic: 'webhook.test', why: 'the test says so' },
    ]);
    await kit.tick();
    expect(world.reviews).toEqual([]);
  });

  it('that is genuine and not understood is stored, accepted, and shown to a person once', async () => {
    expect((await kit.deliver({ id: 'msg-1', as: 'unreadable' })).status).toBe(204);
    expect((await kit.deliver({ id: 'msg-1', as: 'unreadable' })).status).toBe(204);
    await kit.tick();
    await kit.tick();
    expect(world.reviews).toMatchObject([{ reason: 'unreadable_delivery', orderRef: null }]);
  });

  it('is refused with 503 and Retry-After while the database is away, and recorded when it comes again', async () => {
    await world.pool.query(`ALTER TABLE ${world.schema}.inbox RENAME TO gone`);
    const refused = await kit.deliver({ id: 'msg-1', subject: 'sub-1' });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await world.pool.query(`ALTER TABLE ${world.schema}.gone RENAME TO inbox`);
    expect((await kit.deliver({ id: 'msg-1', subject: 'sub-1' })).status).toBe(204);
    expect(await inbox()).toHaveLength(1);
  });

  it('leaves nothing half when its transaction fails at the last step', async () => {
    await kit.start('order-1');
    const before = await kit.order('order-1');
    await world.pool.query(`ALTER TABLE ${world.schema}.subjects RENAME TO gone`);
    expect((await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' })).status).toBe(503);
    await world.pool.query(`ALTER TABLE ${world.schema}.gone RENAME TO subjects`);
    expect(await inbox()).toEqual([]);
    expect(await kit.order('order-1')).toEqual(before);
  });

  it('that the database cannot hold goes to review alone; its neighbors are recorded', async () => {
    await Promise.all(['order-1', 'order-2', 'order-3'].map((order) => kit.start(order)));
    // jsonb takes neither a NUL nor half a surrogate pair.
    const answers = await Promise.all([
      kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' }),
      kit.deliver({ id: 'msg-2', subject: 'sub-2\0', reference: 'order-2' }),
      kit.deliver({ id: 'msg-3', subject: 'sub-3', reference: 'order-3' }),
      kit.deliver({ id: 'msg-4', subject: 'sub-4', reference: 'order-1', topic: 'half \ud800' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect((await inbox()).map((row) => [row['message_id'], row['outcome']])).toEqual([
      ['msg-1', 'applied'],
      ['msg-2', 'unreadable'],
      ['msg-3', 'applied'],
      ['msg-4', 'unreadable'],
    ]);
    expect((await inbox())[1]?.['raw_body']).toBeInstanceOf(Buffer);
    await kit.tick();
    expect(world.reviews.filter(({ reason }) => reason === 'unreadable_delivery')).toHaveLength(2);
  });

  it('whose names are too long for an index goes to review', async () => {
    expect((await kit.deliver({ id: 'msg-1', subject: 'x'.repeat(5000) })).status).toBe(204);
    expect(await inbox()).toMatchObject([{ outcome: 'unreadable' }]);
  });

  it('is on disk when it is answered, also where the host turned that off for itself', async () => {
    const { rows } = await world.pool.query<{ name: string }>('SELECT current_database() AS name');
    await world.pool.query(`ALTER DATABASE "${rows[0]?.name ?? ''}" SET synchronous_commit = off`);
    await world.pool.query(`
      CREATE TABLE seen (setting text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END$$;
      CREATE TRIGGER see AFTER INSERT ON ${world.schema}.inbox FOR EACH ROW EXECUTE FUNCTION see();`);
    const pool = new pg.Pool({ connectionString: world.url });
    try {
      await (await world.kit({ database: pool })).deliver({ id: 'msg-1', subject: 'sub-1' });
    } finally {
      await pool.end();
      await world.pool.query(`ALTER DATABASE "${rows[0]?.name ?? ''}" RESET synchronous_commit`);
    }
    expect((await world.pool.query('SELECT setting FROM seen')).rows).toEqual([{ setting: 'on' }]);
  });
});

describe('many deliveries', () => {
  it('share transactions', async () => {
    await kit.start('order-1');
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        kit.deliver({ id: `msg-${index}`, subject: `sub-${index % 7}`, reference: 'order-1' }),
      ),
    );
    const { rows } = await world.pool.query(
      `SELECT count(DISTINCT xmin::text)::int AS n FROM ${world.schema}.inbox`,
    );
    expect((rows[0] as { n: number }).n).toBeLessThan(10);
    expect((await kit.order('order-1')).facts.filter(({ kind }) => kind === 'announced')).toHaveLength(100);
  });

  it('of one subject in one batch, of which only the first names the order, keep it', async () => {
    const answers = await Promise.all([
      kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' }),
      kit.deliver({ id: 'msg-2', subject: 'sub-1' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    const order = await kit.order('order-1');
    expect(order.subjects).toMatchObject([{ subject: 'sub-1' }]);
    expect(order.transitions).toMatchObject([
      { version: 1, from: null, to: 'pending', cause: 'delivery:msg-1' },
    ]);
  });

  it('over the bound of the queue are refused with 503, and the others are recorded', async () => {
    const small = await world.kit({ schedule: { queueSize: 5, batchSize: 5 } });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => small.deliver({ id: `msg-${index}`, subject: 'sub-1' })),
    );
    const accepted = answers.filter(({ status }) => status === 204).length;
    expect(answers.every(({ status }) => status === 204 || status === 503)).toBe(true);
    expect(accepted).toBeGreaterThanOrEqual(5);
    expect(accepted).toBeLessThan(30);
    expect(await inbox()).toHaveLength(accepted);
  });

  it('of new orders, racing on separate connections in opposite order, lose no fact', async () => {
    // Two processes, each with a pool of its own, get different events of the same new orders at once.
    const pools = [0, 1].map(() => new pg.Pool({ connectionString: world.url, max: 4 }));
    const kits = await Promise.all(pools.map((database) => world.kit({ database })));
    try {
      for (let round = 0; round < 60; round += 1) {
        const refs = Array.from({ length: 4 }, (_, index) => `order-${round}-${index}`);
        const answers = await Promise.all(
          kits.flatMap((one, side) =>
            (side === 0 ? refs : [...refs].reverse()).map((reference) =>
              one.deliver({
                id: `msg-${side}-${reference}`,
                topic: side === 0 ? 'subscription.assigned' : 'subscription.started',
                subject: `sub-${reference}`,
                reference,
              }),
            ),
          ),
        );
        expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(204));
      }
      const { rows } = await world.pool.query<{ n: number; dirty: number }>(
        `SELECT (SELECT count(*)::int FROM jsonb_object_keys(o.facts)) AS n, s.dirty_gen AS dirty
           FROM ${world.schema}.orders o JOIN ${world.schema}.subjects s ON s.order_ref = o.ref`,
      );
      expect(rows).toHaveLength(240);
      expect(rows.every(({ n, dirty }) => n === 2 && dirty >= 1)).toBe(true);
    } finally {
      for (const { kit: one } of kits) await one.close();
      await Promise.all(pools.map((pool) => pool.end()));
    }
    // A connection tells its counts when it ends. One order of locks leaves nothing to untangle.
    const { rows: counts } = await world.pool.query(
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(counts).toEqual([{ deadlocks: 0 }]);
  });

  it('of one purchase in any order fulfill it once, with two kits working on it', async () => {
    const kits = [kit, await world.kit()];
    await kit.start('order-1');
    world.vendor.subjects.set('sub-1', granted('sub-1', 'order-1'));
    await Promise.all(
      ['assigned', 'started', 'billed', 'started'].map((topic, index) =>
        kits[index % 2]!.deliver({ id: `msg-${index}`, topic, subject: 'sub-1', reference: 'order-1' }),
      ),
    );
    await Promise.all(kits.map((one) => one.tick()));
    await Promise.all(kits.map((one) => one.tick()));
    expect(await world.granted()).toHaveLength(1);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });
});

describe('a reference that nobody here issued', () => {
  it('waits for its attempt, and is applied when that commits', async () => {
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    expect(await world.granted()).toEqual([]);
    expect((await kit.order('order-1')).parkedUntil).not.toBeNull();

    const { attempt } = await kit.start('order-1');
    await kit.tick();
    expect((await kit.status(attempt)).status).toBe('fulfilled');
    expect((await kit.order('order-1')).parkedUntil).toBeNull();
    expect(world.reviews).toEqual([]);
  });

  it('goes to review after an hour', async () => {
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    world.pass(59 * 60_000);
    await kit.tick();
    expect(world.reviews).toEqual([]);
    world.pass(2 * 60_000);
    await kit.tick();
    expect(world.reviews).toMatchObject([{ reason: 'unknown_reference', orderRef: 'order-1' }]);
    expect((await kit.order('order-1')).status).toBe('review');
    expect(await world.granted()).toEqual([]);
  });

  it('whose webhook races its attempt is applied whichever commits first', async () => {
    for (let round = 0; round < 30; round += 1) {
      const reference = `order-${round}`;
      world.vendor.sells({ subject: `sub-${round}`, reference });
      await Promise.all([
        kit.start(reference),
        kit.deliver({ id: `msg-${round}`, subject: `sub-${round}`, reference }),
      ]);
    }
    await kit.tick();
    expect(await world.granted()).toHaveLength(30);
  });
});
