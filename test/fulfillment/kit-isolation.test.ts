/** One's trouble is nobody else's: a vendor that is away, an order that cannot be decided. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VendorError, type VendorErrorCode } from '../../src/fulfillment/index.js';
import { deferred } from '../support/http.js';
import { FakeVendor } from './kit/fake-vendor.js';
import { eventually, World, type Caller } from './kit/world.js';

let world: World;
const other = new FakeVendor('ledyer');
beforeEach(async () => {
  world = await World.create();
  other.subjects.clear();
  other.onFetch = null;
});
afterEach(() => world.close());

const deliver = (kit: Caller, vendor: string, id: string, subject: string): Promise<Response> =>
  kit.kit.fetch(
    new Request(`http://api.test/checkout/webhooks/${vendor}`, {
      method: 'POST',
      headers: { 'x-id': id, 'x-signature': 'good' },
      body: JSON.stringify({ subject, reference: null }),
    }),
  );

describe('a vendor that hangs', () => {
  it('holds up neither another vendor’s orders nor any delivery', async () => {
    const kit = await world.kit(
      { vendors: [world.vendor, other], clock: Date.now, schedule: { concurrency: 4, sweepIntervalMs: 20 } },
      { background: true },
    );
    const hanging = deferred();
    world.vendor.onFetch = () => {
      hanging.resolve();
      return new Promise(() => undefined);
    };
    // More than are read at a time, all of them due before the other vendor's.
    for (let index = 0; index < 20; index += 1) {
      expect((await deliver(kit, 'ledgerbee', `msg-${index}`, `sub-${index}`)).status).toBe(204);
    }
    await hanging.promise;
    other.sells({ subject: 'other-1' });
    expect((await deliver(kit, 'ledyer', 'msg-1', 'other-1')).status).toBe(204);
    await eventually(async () => (await world.granted()).length === 1);
    expect((await deliver(kit, 'ledgerbee', 'msg-late', 'sub-late')).status).toBe(204);
  });

  it('holds up no attempt of another vendor either', async () => {
    const kit = await world.kit({ vendors: [world.vendor, other] });
    for (const vendor of ['ledgerbee', 'ledyer']) {
      const answer = await kit.fetch('/attempts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ v: 1, vendor, order: `order-${vendor}`, page: 'http://shop.test' }),
      });
      expect(answer.status).toBe(201);
    }
    const hanging = deferred();
    world.vendor.onList = () => {
      hanging.resolve();
      return new Promise(() => undefined);
    };
    other.sells({ subject: 'other-1', reference: 'order-ledyer' });
    world.pass(120_000);
    const ticking = kit.tick().catch(() => undefined);
    await hanging.promise;
    await eventually(async () => (await kit.order('order-ledyer')).status !== 'open');
    await kit.kit.close({ finishMs: 0 });
    await ticking;
  });
});

describe('a vendor that is down', () => {
  const trouble: readonly [VendorErrorCode, number | null][] = [
    ['unavailable', 503],
    ['timeout', null],
  ];
  it.each(trouble)('(%s) is asked ever less often about ever so many subjects', async (code, status) => {
    const kit = await world.kit({ schedule: { concurrency: 2 } });
    world.vendor.onFetch = () => Promise.reject(new VendorError(code, 'down', { status }));
    for (let index = 0; index < 10; index += 1) {
      await kit.deliver({ id: `msg-${index}`, subject: `sub-${index}` });
    }
    const asked: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const before = world.vendor.fetched.length;
      await kit.tick();
      asked.push(world.vendor.fetched.length - before);
      world.pass(500);
    }
    // One round of two, then after half a second, after one more, after two more.
    expect(asked).toEqual([2, 2, 0, 2, 0, 0]);
    world.vendor.onFetch = null;
    for (let index = 0; index < 10; index += 1) world.vendor.sells({ subject: `sub-${index}` });
    world.pass(60_000);
    await kit.tick();
    expect(await world.granted()).toHaveLength(10);
  });

  it('that limits the rate without saying how long gets five seconds', async () => {
    const kit = await world.kit();
    world.vendor.onFetch = () =>
      Promise.reject(new VendorError('rate-limited', 'slow down', { status: 429 }));
    await kit.deliver({ id: 'msg-1', subject: 'sub-1' });
    await kit.tick();
    await kit.deliver({ id: 'msg-2', subject: 'sub-2' });
    world.pass(4999);
    await kit.tick();
    expect(world.vendor.fetched).toEqual(['sub-1']);
    world.pass(1);
    await kit.tick();
    expect(world.vendor.fetched.length).toBeGreaterThan(1);
  });

  it('for one subject alone delays no other for longer than itself', async () => {
    const kit = await world.kit({ schedule: { concurrency: 1 } });
    world.vendor.onFetch = (subject) =>
      subject === 'sub-bad'
        ? Promise.reject(new VendorError('unavailable', 'this one only', { status: 500 }))
        : Promise.resolve(world.vendor.subjects.get(subject) ?? null);
    await kit.deliver({ id: 'msg-bad', subject: 'sub-bad' });
    for (let round = 0; round < 5; round += 1) {
      await kit.tick();
      world.vendor.sells({ subject: `sub-${round}` });
      await kit.deliver({ id: `msg-${round}`, subject: `sub-${round}` });
      world.pass(1000 * 2 ** round);
      await kit.tick();
      expect(await world.granted()).toHaveLength(round + 1);
    }
  });
});

describe('an overdue parked order that cannot be decided', () => {
  it('goes to review as it is, and its neighbors are ended as ever', async () => {
    const kit = await world.kit();
    for (const order of ['order-1', 'order-2', 'order-3']) {
      world.vendor.sells({ subject: `sub-${order}`, reference: order });
      await kit.deliver({ id: `msg-${order}`, subject: `sub-${order}`, reference: order });
    }
    await kit.tick();
    // A fact that no version of the kit could have written: deciding upon it throws.
    await world.pool.query(
      `UPDATE ${world.schema}.orders SET facts = facts || '{"broken": {"kind": "observed", "generation": 1}}'
        WHERE ref = 'order-2'`,
    );
    world.pass(3600_000);
    await kit.tick();
    for (const order of ['order-1', 'order-3']) {
      expect(await kit.order(order)).toMatchObject({ status: 'review', parkedUntil: null });
    }
    const order = await kit.order('order-2');
    expect(order).toMatchObject({ parkedUntil: null });
    expect(order.reviews).toMatchObject([
      { reason: 'unknown_reference', evidence: { why: expect.any(String) as string }, resolvedAt: null },
    ]);
    expect(world.reviews.map(({ orderRef }) => orderRef).sort()).toEqual(['order-1', 'order-2', 'order-3']);
    expect(world.logs.filter(({ event }) => event === 'parked.undecided')).toHaveLength(1);
    // It is over: nothing is tried again with every sweep.
    const before = world.logs.length;
    world.pass(1000);
    await kit.tick();
    expect(world.logs).toHaveLength(before);
  });
});
