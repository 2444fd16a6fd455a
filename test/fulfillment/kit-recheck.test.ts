/** What no webhook says any more: subscriptions are read again, slowly and for as long as they last. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VendorError, type Observation } from '../../src/fulfillment/index.js';
import { World, type Caller } from './kit/world.js';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
/** Longer than any pause between two daily readings. */
const A_DAY_AT_MOST = 27 * HOUR;

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

const buy = async (number = 1): Promise<void> => {
  const subject = `sub-${number}`;
  const reference = `order-${number}`;
  await kit.start(reference);
  world.vendor.sells({ subject, reference });
  await kit.deliver({ id: `msg-${number}`, subject, reference });
};
/** At the vendor; nobody is told. */
const becomes = (access: Observation['access'], vendorStatus: string): void =>
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access, vendorStatus });
/** Ticks once an hour. */
const letPass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += HOUR) {
    world.pass(HOUR);
    await kit.tick();
  }
};

const unread = async (): Promise<number> =>
  (await world.pool.query(`SELECT 1 FROM ${world.schema}.subjects WHERE dirty_gen > clean_gen`)).rowCount ??
  0;

describe('a granted subscription', () => {
  beforeEach(async () => {
    await buy();
    await kit.tick();
    world.vendor.fetched.length = 0;
  });

  it('that ended while its webhook was lost is taken back', async () => {
    becomes('ended', 'churned');
    await letPass(21 * HOUR);
    expect(await world.granted('revoke')).toEqual([]);
    await letPass(A_DAY_AT_MOST - 21 * HOUR);
    expect(await world.granted('revoke')).toMatchObject([{ subscription_id: 'sub-1' }]);
    expect((await kit.order('order-1')).status).toBe('ended');
  });

  it('that was paused before it ended unheard is taken back as well', async () => {
    becomes('paused', 'paused');
    await kit.deliver({ id: 'msg-pause', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    becomes('ended', 'churned');
    await letPass(A_DAY_AT_MOST);
    expect(await world.granted('revoke')).toHaveLength(1);
  });

  it('is read no more once its end was seen', async () => {
    becomes('ended', 'churned');
    await letPass(A_DAY_AT_MOST);
    expect(world.vendor.fetched).toEqual(['sub-1']);
    world.pass(30 * DAY);
    await kit.tick();
    expect(world.vendor.fetched).toEqual(['sub-1']);
  });

  it('that shows nothing new adds nothing to its order, however often it is read', async () => {
    const before = await kit.order('order-1');
    for (let days = 0; days < 10; days += 1) {
      world.pass(A_DAY_AT_MOST);
      await kit.tick();
    }
    expect(world.vendor.fetched).toHaveLength(10);
    const after = await kit.order('order-1');
    expect(after).toMatchObject({
      facts: before.facts,
      version: before.version,
      deliveries: before.deliveries,
      subjects: [{ dirtyGeneration: 11, cleanGeneration: 11 }],
    });
  });

  it('that comes back between two readings and goes again is no repetition of what was known', async () => {
    becomes('paused', 'paused');
    await letPass(A_DAY_AT_MOST);
    becomes('granted', 'active');
    await letPass(A_DAY_AT_MOST);
    becomes('paused', 'paused');
    await letPass(A_DAY_AT_MOST);
    const readings = (await kit.order('order-1')).facts.filter((fact) => fact.kind === 'observed');
    expect(
      readings
        .sort((a, b) => a.generation - b.generation)
        .map(({ observation }) => observation.vendorStatus)
        .filter((status, index, all) => status !== all[index - 1]),
    ).toEqual(['active', 'paused', 'active', 'paused']);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });
});

it('what reconciliation found, where no webhook ever came, is read again too', async () => {
  await kit.start('order-1');
  becomes('granted', 'active');
  await letPass(HOUR);
  expect(await world.granted()).toHaveLength(1);
  becomes('ended', 'churned');
  await letPass(A_DAY_AT_MOST);
  expect(await world.granted('revoke')).toHaveLength(1);
});

it('a subscription that is none of our business is not read again', async () => {
  const ignoring = await world.kit({ unreferenced: 'ignore' });
  world.vendor.sells({ subject: 'sub-9' });
  await ignoring.deliver({ id: 'msg-9', subject: 'sub-9' });
  await ignoring.tick();
  world.pass(30 * DAY);
  await ignoring.tick();
  expect(world.vendor.fetched).toEqual(['sub-9']);
});

it('a subscription that is due is not made dirty before Retry-After', async () => {
  await buy(1);
  await buy(2);
  await kit.tick();
  world.pass(20 * HOUR);
  world.vendor.onFetch = () =>
    Promise.reject(new VendorError('rate-limited', 'slow down', { status: 429, retryAfterMs: 10 * HOUR }));
  await kit.deliver({ id: 'msg-again', subject: 'sub-1', reference: 'order-1' });
  await kit.tick();
  world.vendor.onFetch = null;
  world.vendor.fetched.length = 0;
  world.pass(8 * HOUR);
  await kit.tick();
  expect(await unread()).toBe(1);
  world.pass(3 * HOUR);
  await kit.tick();
  expect(world.vendor.fetched.sort()).toEqual(['sub-1', 'sub-2']);
});

describe('many that are due at once', () => {
  const COUNT = 30;
  beforeEach(async () => {
    kit = await world.kit({ schedule: { concurrency: 2 } });
    for (let number = 1; number <= COUNT; number += 1) await buy(number);
    await kit.tick();
    world.vendor.fetched.length = 0;
    world.pass(A_DAY_AT_MOST);
  });
  const unread = async (): Promise<number> =>
    (await world.pool.query(`SELECT 1 FROM ${world.schema}.subjects WHERE dirty_gen > clean_gen`)).rowCount ??
    0;

  it('are read a few at a time, and wait while the vendor is away', async () => {
    world.vendor.onFetch = () => Promise.reject(new VendorError('unavailable', 'down', { status: 503 }));
    for (let round = 0; round < 5; round += 1) {
      await kit.tick();
      expect(await unread()).toBe(8);
      world.pass(60_000);
    }
    world.vendor.onFetch = null;
    world.vendor.fetched.length = 0;
    world.pass(HOUR);
    for (let round = 0; round < 6; round += 1) await kit.tick();
    expect(new Set(world.vendor.fetched).size).toBe(COUNT);
    expect(await unread()).toBe(0);
  });

  it('do not come before what was heard of', async () => {
    world.vendor.onFetch = () => Promise.reject(new VendorError('unavailable', 'down', { status: 503 }));
    // Eight are unread because of deliveries: no recheck is added to them.
    for (let number = 1; number <= 8; number += 1) {
      await kit.deliver({ id: `again-${number}`, subject: `sub-${number}`, reference: `order-${number}` });
    }
    // A vendor that is down is asked about two at a time.
    for (let round = 0; round < 4; round += 1) {
      await kit.tick();
      world.pass(30_000);
    }
    expect(new Set(world.vendor.fetched)).toEqual(
      new Set(Array.from({ length: 8 }, (_, index) => `sub-${index + 1}`)),
    );
  });

  it('come all the same once what cannot be read has been tried for hours', async () => {
    const isBroken = (subject: string): boolean => Number(subject.slice(4)) <= 8;
    world.vendor.onFetch = (subject) =>
      isBroken(subject)
        ? Promise.reject(new VendorError('unreadable-answer', 'no subscription', { status: 200 }))
        : Promise.resolve(world.vendor.subjects.get(subject) ?? null);
    for (let number = 1; number <= 8; number += 1) {
      await kit.deliver({ id: `again-${number}`, subject: `sub-${number}`, reference: `order-${number}` });
    }
    world.vendor.sells({
      subject: 'sub-30',
      reference: 'order-30',
      access: 'ended',
      vendorStatus: 'churned',
    });
    for (let round = 0; round < 24; round += 1) {
      await kit.tick();
      world.pass(HOUR);
    }
    expect((await world.granted('revoke')).map(({ order_ref }) => order_ref)).toEqual(['order-30']);
  });
});
