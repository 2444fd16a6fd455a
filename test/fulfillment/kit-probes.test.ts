/** What a load balancer asks: does the process live, and should it get requests. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFulfillmentKit, type SqlPool } from '../../src/fulfillment/index.js';
import { silentProxy } from '../support/silent-proxy.js';
import { eventually, World, type Caller } from './kit/world.js';

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

/** Without an origin, a token or a login: as probes are. */
const probe = (kit: Pick<Caller, 'kit'>, path: string, method = 'GET'): Promise<Response> =>
  kit.kit.fetch(new Request(`http://10.0.0.7:3000/checkout/${path}`, { method }));

async function readiness(kit: Pick<Caller, 'kit'>): Promise<[number, unknown]> {
  const answer = await probe(kit, 'ready');
  return [answer.status, await answer.json()];
}

/** The world's pool, counting what is asked, and failing while `error` is set. */
class CountedPool implements SqlPool {
  asked = 0;
  error: Error | null = null;
  readonly connect = async () => {
    if (this.error !== null) throw this.error;
    const client = await world.pool.connect();
    return {
      release: (error?: Error | boolean) => client.release(error),
      query: (text: string, values?: readonly unknown[]) => {
        this.asked += 1;
        return client.query(text, values === undefined ? undefined : [...values]);
      },
    };
  };
  readonly query: SqlPool['query'] = (text, values) =>
    world.pool.query(text, values === undefined ? undefined : [...values]);
}

describe('health', () => {
  it('says that the process lives, and asks no database', async () => {
    const database = new CountedPool();
    const kit = await world.kit({ database });
    database.error = new Error('gone');
    const answer = await probe(kit, 'health');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['health', 'ready'])('%s answers HEAD without a body, and nothing that writes', async (path) => {
    const kit = await world.kit();
    const head = await probe(kit, path, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    const post = await probe(kit, path, 'POST');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await probe(kit, `${path}/more`)).status).toBe(404);
  });
});

describe('readiness', () => {
  it('is there when the database is, and is for no cache', async () => {
    const kit = await world.kit();
    const answer = await probe(kit, 'ready');
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, reasons: [] }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('names a database that cannot be reached, and nothing of it', async () => {
    const database = new CountedPool();
    const kit = await world.kit({ database });
    database.error = new Error('connect ECONNREFUSED db.internal:5432 as checkout_owner');
    expect(await readiness(kit)).toEqual([503, { ready: false, reasons: ['database_unreachable'] }]);
    database.error = null;
    world.pass(1000);
    expect(await readiness(kit)).toEqual([200, { ready: true, reasons: [] }]);
  });

  it('names a database that says nothing, soon, and asks it one question at a time', async () => {
    const proxy = await silentProxy(world.url);
    const pool = new pg.Pool({ connectionString: proxy.url, max: 3 });
    pool.on('error', () => undefined);
    try {
      const kit = await world.kit({ database: pool, schedule: { leaseSeconds: 5 } });
      proxy.silence();
      for (let round = 0; round < 3; round += 1) {
        expect(await readiness(kit)).toEqual([503, { ready: false, reasons: ['database_silent'] }]);
        world.pass(1000);
      }
      expect(pool.totalCount).toBe(1);
    } finally {
      await proxy.close();
      await pool.end();
    }
  });

  it('names a schema that was not made, or only in part', async () => {
    const database = world.pool;
    const notStarted = createFulfillmentKit({
      database,
      schema: `${world.schema}_new`,
      identify: () => null,
      resolveOrder: () => null,
      vendors: [world.vendor],
      unreferenced: 'ignore',
      effects: { fulfill: { class: 'idempotent', run: () => Promise.resolve() } },
    });
    const missing = [503, { ready: false, reasons: ['database_not_migrated'] }];
    expect(await readiness({ kit: notStarted })).toEqual(missing);

    const kit = await world.kit();
    await database.query(`DELETE FROM ${world.schema}.migrations WHERE version = 1`);
    expect(await readiness(kit)).toEqual(missing);
  });

  it('stays while a newer kit is being deployed beside it', async () => {
    const kit = await world.kit();
    await world.pool.query(`INSERT INTO ${world.schema}.migrations (version) VALUES (99)`);
    expect(await readiness(kit)).toEqual([200, { ready: true, reasons: [] }]);
  });

  it('is refused while the queue of deliveries is full', async () => {
    const kit = await world.kit({ schedule: { queueSize: 2, batchSize: 1 } });
    const lock = await world.pool.connect();
    let deliveries: readonly Promise<Response>[];
    try {
      await lock.query(`BEGIN; LOCK TABLE ${world.schema}.inbox`);
      const waitingForLock = `SELECT 1 FROM pg_locks JOIN pg_database AS d ON d.oid = database
        WHERE datname = current_database() AND NOT granted AND relation = '${world.schema}.inbox'::regclass`;
      const first = kit.deliver({ id: 'msg-1', as: 'ignored' });
      await eventually(async () => (await world.pool.query(waitingForLock)).rowCount === 1);
      deliveries = [first, ...[2, 3].map((id) => kit.deliver({ id: `msg-${id}`, as: 'ignored' }))];
      // Their bodies are read before they queue: until all of them do, there is room.
      await expect
        .poll(
          async () => {
            world.pass(1000);
            return readiness(kit);
          },
          { timeout: 20_000 },
        )
        .toEqual([503, { ready: false, reasons: ['queue_full'] }]);
    } finally {
      await lock.query('COMMIT');
      lock.release();
    }
    expect((await Promise.all(deliveries)).map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await readiness(kit)).toEqual([200, { ready: true, reasons: [] }]);
  });

  it('asked a thousand times costs the database one question a second', async () => {
    const database = new CountedPool();
    const kit = await world.kit({ database });
    database.asked = 0;
    await Promise.all(Array.from({ length: 500 }, () => probe(kit, 'ready')));
    for (let call = 0; call < 500; call += 1) await probe(kit, 'ready');
    expect(database.asked).toBe(2);
    world.pass(1000);
    await probe(kit, 'ready');
    expect(database.asked).toBe(4);
  });
});
