/** A database that goes away, loudly or without a word, and the kit that goes on once it is back. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentProxy, type SilentProxy } from '../support/silent-proxy.js';
import { eventually, World } from './kit/world.js';

let world: World;
let proxy: SilentProxy;
let pool: pg.Pool;
beforeEach(async () => {
  world = await World.create();
  proxy = await silentProxy(world.url);
  pool = new pg.Pool({ connectionString: proxy.url, max: 4 });
  pool.on('error', () => undefined);
});
afterEach(async () => {
  await world.close();
  // First the proxy: a pool does not end as long as a silent connection keeps it waiting for an answer.
  await proxy.close();
  await pool.end();
});

const schedule = { leaseSeconds: 1, deliveryTimeoutMs: 100, sweepIntervalMs: 20 };

describe('a database that falls silent', () => {
  it('costs a delivery its 503, and not those that come again later', async () => {
    const kit = await world.kit({ database: pool, schedule });
    // The first one may take longer than a delivery has here.
    await eventually(async () => (await kit.deliver({ id: 'msg-1', subject: 'sub-1' })).status === 204);
    proxy.silence();
    expect((await kit.deliver({ id: 'msg-2', subject: 'sub-1' })).status).toBe(503);
    await eventually(async () => (await kit.deliver({ id: 'msg-2', subject: 'sub-1' })).status === 204);
  });

  it('stops no background work for good, and does not hold up the end of the kit', async () => {
    const kit = await world.kit({ database: pool, schedule, clock: Date.now }, { background: true });
    await kit.start('order-1');
    await eventually(() => pool.idleCount > 0);
    proxy.silence();
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await eventually(
      async () => (await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' })).status === 204,
    );
    await eventually(async () => (await world.granted()).length === 1);
    proxy.silence();
    await kit.kit.close();
  });

  it('answers a page with 503 instead of letting it wait', async () => {
    const kit = await world.kit({ database: pool, schedule });
    const { attempt } = await kit.start('order-1');
    proxy.silence();
    const answer = await kit.about(attempt, '');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await kit.about(attempt, '')).status).toBe(200);
  });
});

it('a server that ends every connection costs nothing that was promised', async () => {
  const kit = await world.kit({ database: pool, schedule, clock: Date.now }, { background: true });
  await kit.start('order-1');
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
  const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  for (let round = 0; round < 5; round += 1) {
    await Promise.all([
      world.pool.query(terminate),
      kit.deliver({ id: `msg-${round}`, subject: 'sub-1', reference: 'order-1' }),
    ]);
  }
  await eventually(
    async () => (await kit.deliver({ id: 'msg-0', subject: 'sub-1', reference: 'order-1' })).status === 204,
  );
  await eventually(async () => (await world.granted()).length === 1);
});

it('a connection that dies before its borrower can listen does not end the process', async () => {
  await world.kit({ database: pool, schedule });
  const client = await pool.connect();
  // Without a listener an emitter throws its `error`, here from within the driver's socket.
  expect(() => client.emit('error', new Error('terminating connection'))).not.toThrow();
  client.release(true);
});

it('a connection that dies between the end of the kit and the end of the pool does not end the process', async () => {
  const bare = new pg.Pool({ connectionString: world.url, max: 1 });
  for (let round = 0; round < 2; round += 1) {
    const kit = await world.kit({ database: bare, schedule });
    await kit.kit.close();
  }
  // One listener, however many kits there were.
  expect(bare.listenerCount('error')).toBe(1);
  const lost = new Promise((resolve) => bare.once('remove', resolve));
  await world.pool.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  // Without a listener the test run itself would report it.
  await lost;
  await bare.end();
});
