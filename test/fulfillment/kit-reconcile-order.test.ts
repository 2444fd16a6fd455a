/** One order, asked about by a person, now. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VendorError } from '../../src/fulfillment/index.js';
import { World, type Caller } from './kit/world.js';

const HOUR = 3600_000;

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

const sell = (access: 'granted' | 'ended' = 'granted', vendorStatus = 'active'): void =>
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access, vendorStatus });
const fulfill = async (): Promise<void> => {
  await kit.start('order-1');
  sell();
  await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
  await kit.tick();
};

describe('an order that is reconciled by hand', () => {
  it('is found although its webhook was lost, and is fulfilled by whoever works', async () => {
    await kit.start('order-1');
    sell();
    expect(await kit.kit.reconcile('order-1')).toEqual({
      outcome: 'reconciled',
      orderRef: 'order-1',
      vendor: 'ledgerbee',
      status: { before: 'open', after: 'processing' },
      openReviews: { before: 0, after: 0 },
      found: [
        {
          subject: 'sub-1',
          reference: 'order-1',
          access: 'granted',
          vendorStatus: 'active',
          planId: 'plan-pro',
          customerId: 'cus-1',
          isNew: true,
        },
      ],
      failures: [],
    });
    expect(world.vendor.fetched).toEqual([]);
    expect(await world.granted()).toEqual([]);
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
  });

  it('learns of an end whose webhook was lost, long after it was fulfilled', async () => {
    await fulfill();
    sell('ended', 'cancelled');
    world.vendor.fetched.length = 0;
    expect(await kit.kit.reconcile('order-1')).toMatchObject({
      outcome: 'reconciled',
      status: { before: 'fulfilled', after: 'ended' },
      found: [{ subject: 'sub-1', vendorStatus: 'cancelled', isNew: false }],
    });
    expect(world.vendor.fetched).toEqual(['sub-1']);
    await kit.tick();
    expect(await world.granted('revoke')).toHaveLength(1);
    expect((await kit.order('order-1')).status).toBe('ended');
  });

  it('says that nothing changed when nothing did, however often it is asked', async () => {
    await fulfill();
    for (let round = 0; round < 3; round += 1) {
      expect(await kit.kit.reconcile('order-1')).toMatchObject({
        outcome: 'reconciled',
        status: { before: 'fulfilled', after: 'fulfilled' },
      });
      await kit.tick();
    }
    expect(await world.granted()).toHaveLength(1);
  });

  it('leaves nothing to be read again', async () => {
    await fulfill();
    await kit.kit.reconcile('order-1');
    const [subject] = (await kit.order('order-1')).subjects;
    expect(subject!.cleanGeneration).toBe(subject!.dirtyGeneration);
  });

  it('that had nothing at the vendor says so', async () => {
    await kit.start('order-1');
    expect(await kit.kit.reconcile('order-1')).toMatchObject({
      outcome: 'reconciled',
      status: { before: 'open', after: 'open' },
      found: [],
    });
    expect(world.vendor.listed).toEqual(['order-1']);
  });

  it('overrules a worker that is reading an older state now', async () => {
    await kit.start('order-1');
    sell('ended', 'cancelled');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let isAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => (isAsked = resolve));
    world.vendor.onFetch = async () => {
      world.vendor.onFetch = null;
      isAsked();
      await held;
      return { ...world.vendor.subjects.get('sub-1')!, access: 'granted', vendorStatus: 'active' };
    };
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    const slow = kit.tick();
    await asked;
    expect(await kit.kit.reconcile('order-1')).toMatchObject({ status: { after: 'failed' } });
    release();
    await slow;
    expect(await world.granted()).toEqual([]);
    expect((await kit.order('order-1')).status).toBe('failed');
  });

  it('that came without a reference is asked about by its subscription alone', async () => {
    world.vendor.sells({ subject: 'sub-1', reference: null });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: null });
    await kit.tick();
    expect(await kit.kit.reconcile('ledgerbee:sub-1')).toMatchObject({
      outcome: 'reconciled',
      found: [{ subject: 'sub-1' }],
    });
    expect(world.vendor.listed).toEqual([]);
  });

  it('believes nothing that the vendor lists under another reference', async () => {
    await kit.start('order-1');
    sell();
    world.vendor.onList = () =>
      Promise.resolve([{ ...world.vendor.subjects.get('sub-1')!, reference: 'order-2' }]);
    expect(await kit.kit.reconcile('order-1')).toMatchObject({ found: [], status: { after: 'open' } });
  });
});

describe('an order that is not known here', () => {
  it('and not at the vendor is not found, and not made', async () => {
    expect(await kit.kit.reconcile('nobody-1')).toEqual({ outcome: 'not-found' });
    expect(await kit.kit.orders.list()).toEqual([]);
  });

  it('and is at the vendor waits for its attempt as after a webhook, then goes to review', async () => {
    sell();
    expect(await kit.kit.reconcile('order-1')).toMatchObject({
      outcome: 'reconciled',
      status: { before: null, after: 'pending' },
      found: [{ isNew: true }],
    });
    expect((await kit.order('order-1')).parkedUntil).not.toBeNull();
    await kit.kit.reconcile('order-1');
    expect((await kit.order('order-1')).parkedUntil).not.toBeNull();
    world.pass(2 * HOUR);
    await kit.tick();
    expect((await kit.order('order-1')).status).toBe('review');
    expect(await world.granted()).toEqual([]);
  });
});

describe('a vendor that gives no answer', () => {
  it('is named, and nothing is taken for "nothing there"', async () => {
    await kit.start('order-1');
    world.vendor.onList = () =>
      Promise.reject(new VendorError('unavailable', 'down', { vendorCode: 'maintenance' }));
    expect(await kit.kit.reconcile('order-1')).toMatchObject({
      outcome: 'incomplete',
      status: { before: 'open', after: 'open' },
      failures: [{ vendor: 'ledgerbee', subject: null, code: 'unavailable', vendorCode: 'maintenance' }],
    });
    expect(await kit.kit.reconcile('nobody-1')).toMatchObject({
      outcome: 'incomplete',
      vendor: null,
      status: { before: null, after: null },
    });
  });

  it('about a subject leaves it to be read again', async () => {
    await fulfill();
    world.vendor.onFetch = () => Promise.reject(new VendorError('timeout', 'too slow'));
    expect(await kit.kit.reconcile('order-1')).toMatchObject({
      outcome: 'incomplete',
      failures: [{ subject: 'sub-1', code: 'timeout' }],
    });
    world.vendor.onFetch = null;
    sell('ended', 'cancelled');
    world.pass(HOUR);
    await kit.tick();
    expect((await kit.order('order-1')).status).toBe('ended');
  });

  it('and asked us to wait is not asked', async () => {
    await fulfill();
    world.vendor.onList = () =>
      Promise.reject(new VendorError('rate-limited', 'slow down', { retryAfterMs: 60_000 }));
    world.vendor.fetched.length = 0;
    expect(await kit.kit.reconcile('order-1')).toMatchObject({
      outcome: 'incomplete',
      failures: [
        { subject: null, code: 'rate-limited' },
        { subject: 'sub-1', code: 'paused' },
      ],
    });
    expect(world.vendor.fetched).toEqual([]);
  });

  it('is said to be missing where the kit does not have it', async () => {
    await fulfill();
    await world.pool.query(`UPDATE ${world.schema}.orders SET vendor = 'ledyer'`);
    expect(await kit.kit.reconcile('order-1')).toEqual({
      outcome: 'vendor-not-configured',
      vendor: 'ledyer',
    });
  });
});
