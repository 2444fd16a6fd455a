/** Reading a subject at its vendor: outside any transaction, one generation at a time. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VendorError } from '../../src/fulfillment/index.js';
import { granted } from './kit/fake-vendor.js';
import { World, type Caller } from './kit/world.js';

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

describe('a dirty subject', () => {
  beforeEach(async () => {
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'awaiting' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
  });

  it('is read once and then clean', async () => {
    await kit.tick();
    await kit.tick();
    expect(world.vendor.fetched).toEqual(['sub-1']);
    expect((await kit.order('order-1')).subjects).toMatchObject([{ dirtyGeneration: 1, cleanGeneration: 1 }]);
  });

  it('whose generation moves on during the reading is read again, and the later state counts', async () => {
    world.vendor.onFetch = async () => {
      world.vendor.onFetch = null;
      const seen = world.vendor.subjects.get('sub-1') ?? null;
      world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
      await kit.deliver({ id: 'msg-2', subject: 'sub-1', reference: 'order-1' });
      return seen;
    };
    await kit.tick();
    expect(world.vendor.fetched).toEqual(['sub-1', 'sub-1']);
    expect((await kit.order('order-1')).subjects).toMatchObject([{ dirtyGeneration: 2, cleanGeneration: 2 }]);
    expect(await world.granted()).toHaveLength(1);
  });

  it('stays dirty while the vendor fails, is asked ever less often, and settles once it answers', async () => {
    world.vendor.onFetch = () => Promise.reject(new VendorError('unavailable', 'down', { status: 503 }));
    await kit.tick();
    await kit.tick();
    expect(world.vendor.fetched).toHaveLength(1);
    world.pass(1000);
    await kit.tick();
    expect(world.vendor.fetched).toHaveLength(2);
    world.pass(900);
    await kit.tick();
    expect(world.vendor.fetched).toHaveLength(2);
    expect((await kit.order('order-1')).subjects).toMatchObject([
      { failures: 2, lastError: 'unavailable (503)' },
    ]);
    world.vendor.onFetch = null;
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    world.pass(3600_000);
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
  });

  it('is not asked about before Retry-After, and neither is any other of that vendor', async () => {
    world.vendor.onFetch = () =>
      Promise.reject(new VendorError('rate-limited', 'slow down', { status: 429, retryAfterMs: 60_000 }));
    await kit.tick();
    await kit.deliver({ id: 'msg-9', subject: 'sub-9', reference: 'order-1' });
    world.pass(59_000);
    await kit.tick();
    expect(world.vendor.fetched).toEqual(['sub-1']);
    world.vendor.onFetch = null;
    world.pass(2000);
    await kit.tick();
    expect(world.vendor.fetched.sort()).toEqual(['sub-1', 'sub-1', 'sub-9']);
  });

  it('that somebody else claimed meanwhile takes nothing from the late reader', async () => {
    const other = await world.kit();
    world.vendor.onFetch = async () => {
      // Our reader hangs past its lease; another process reads the subject and finishes.
      world.vendor.onFetch = null;
      world.pass(31_000);
      await other.tick();
      return granted('sub-1', 'order-1');
    };
    await kit.tick();
    expect(world.logs.map(({ event }) => event)).toContain('refetch.late');
    expect(await world.granted()).toEqual([]);
    const observed = (await kit.order('order-1')).facts.filter((fact) => fact.kind === 'observed');
    expect(observed.map(({ observation }) => observation.access)).toEqual(['awaiting']);
  });

  it('that the vendor does not know goes to review after a while, not at once', async () => {
    world.vendor.subjects.clear();
    for (let tries = 1; tries <= 6; tries += 1) {
      expect(world.reviews).toEqual([]);
      await kit.tick();
      world.pass(3600_000);
    }
    await kit.tick();
    expect(world.reviews).toMatchObject([{ reason: 'unknown_vendor_status', orderRef: 'order-1' }]);
  });

  it('whose reading cannot be kept goes to review instead of being read for ever', async () => {
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', vendorStatus: 'half \ud800' });
    await kit.tick();
    await kit.tick();
    expect(world.vendor.fetched).toEqual(['sub-1']);
    expect(world.reviews).toMatchObject([{ reason: 'unknown_vendor_status', orderRef: 'order-1' }]);
  });

  it('is read by one of many workers', async () => {
    const others = await Promise.all([world.kit(), world.kit(), world.kit()]);
    await Promise.all([kit, ...others].map((one) => one.tick()));
    expect(world.vendor.fetched).toEqual(['sub-1']);
  });
});

describe('a subscription without a reference', () => {
  it.each([
    ['fulfill', 'fulfilled', 1, 0],
    ['review', 'review', 0, 1],
  ] as const)(
    'becomes an order of its own under `%s`, which ends %s',
    async (unreferenced, status, grants, reviews) => {
      const one = await world.kit({ unreferenced });
      world.vendor.sells({ subject: 'sub-1' });
      await one.deliver({ id: 'msg-1', subject: 'sub-1' });
      await one.deliver({ id: 'msg-2', subject: 'sub-1', topic: 'subscription.assigned' });
      await one.tick();
      expect((await one.order('ledgerbee:sub-1')).status).toBe(status);
      expect(await world.granted()).toHaveLength(grants);
      expect(world.reviews).toHaveLength(reviews);
    },
  );

  it('is only kept under `ignore`', async () => {
    const one = await world.kit({ unreferenced: 'ignore' });
    world.vendor.sells({ subject: 'sub-1' });
    await one.deliver({ id: 'msg-1', subject: 'sub-1' });
    await one.tick();
    await one.tick();
    expect(world.vendor.fetched).toEqual(['sub-1']);
    expect(await one.kit.orders.list()).toEqual([]);
  });

  it('belongs to the order that the vendor names, when only its webhook lacked it', async () => {
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1' });
    await kit.tick();
    expect(await world.granted()).toMatchObject([{ order_ref: 'order-1' }]);
    expect((await kit.order('order-1')).deliveries.map(({ source }) => source).sort()).toEqual([
      'delivery',
      'refetch',
    ]);
  });
});

it('readings, however many at a time, are no leak to Node', async () => {
  const many = await world.kit({ schedule: { concurrency: 20 } });
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  try {
    for (let index = 0; index < 20; index += 1)
      await many.deliver({ id: `msg-${index}`, subject: `sub-${index}` });
    await many.tick();
    // Warnings are emitted a tick later.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', onWarning);
  }
  expect(world.vendor.fetched).toHaveLength(20);
  expect(warnings).toEqual([]);
});
