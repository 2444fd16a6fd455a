/** Asking the vendor about attempts without an answer: after a signal, and by the clock. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VendorError } from '../../src/fulfillment/index.js';
import { granted } from './kit/fake-vendor.js';
import { World, type Caller } from './kit/world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

describe('a signal', () => {
  it('moves nothing by itself', async () => {
    const { attempt } = await kit.start('order-1');
    const before = await kit.order('order-1');
    expect((await kit.signal(attempt, 'confirmed')).status).toBe(202);
    expect((await kit.order('order-1')).facts).toEqual(before.facts);
    await kit.tick();
    expect((await kit.status(attempt)).status).toBe('open');
    expect(await world.granted()).toEqual([]);
  });

  it('recovers a lost webhook at once', async () => {
    const { attempt } = await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.signal(attempt, 'confirmed');
    await kit.tick();
    expect((await kit.status(attempt)).status).toBe('fulfilled');
    expect(await world.granted()).toHaveLength(1);
    // The reading is the evidence: nothing was asked twice.
    expect([world.vendor.listed, world.vendor.fetched]).toEqual([['order-1'], []]);
  });

  it('sent twice with one key counts once', async () => {
    const { attempt } = await kit.start('order-1');
    expect((await kit.signal(attempt, 'error', 'key-1')).status).toBe(202);
    expect((await kit.signal(attempt, 'error', 'key-1')).status).toBe(202);
    expect((await kit.order('order-1')).attempts[0]?.signals).toHaveLength(1);
  });

  it('makes the vendor be asked soon, then again shortly after, then as planned', async () => {
    const { attempt } = await kit.start('order-1');
    world.pass(30_000);
    await kit.signal(attempt, 'error');
    const askedAt: number[] = [];
    const began = world.now;
    world.vendor.onList = () => {
      askedAt.push(world.now - began);
      return Promise.resolve([]);
    };
    while (world.now < began + 3 * MINUTE) {
      await kit.tick();
      world.pass(500);
    }
    expect(askedAt).toEqual([0, 3000, 18_000, 90_000]);
  });

  it('offers another try only when the vendor has nothing some time after it', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'error');
    await kit.tick();
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
    world.pass(3000);
    await kit.tick();
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open', retry: true });
    await kit.signal(attempt, 'error');
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
  });

  it('that heard a confirmation never leads to another try', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'confirmed');
    await kit.signal(attempt, 'error');
    for (let round = 0; round < 5; round += 1) {
      world.pass(5000);
      await kit.tick();
    }
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
  });

  it('that comes while the vendor is being asked is asked for again', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'initiated');
    world.vendor.onList = async () => {
      world.vendor.onList = null;
      await kit.signal(attempt, 'confirmed');
      return [];
    };
    await kit.tick();
    expect(world.vendor.listed).toHaveLength(2);
  });

  it('in a flood is kept up to a bound and still accepted', async () => {
    const { attempt } = await kit.start('order-1');
    for (let sent = 0; sent < 205; sent += 1) {
      expect((await kit.signal(attempt, 'initiated')).status).toBe(202);
    }
    expect((await kit.order('order-1')).attempts[0]?.signals).toHaveLength(200);
  });
});

describe('the sweep', () => {
  it('recovers a webhook that was lost and a browser that was closed', async () => {
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    world.pass(2 * MINUTE - 1);
    await kit.tick();
    expect(await world.granted()).toEqual([]);
    world.pass(1);
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
  });

  it('asks at 2 min, 10 min, 1 h, 6 h, 22 h, 30 h, then daily for 14 days; then the attempt is expired', async () => {
    const { attempt } = await kit.start('order-1');
    const began = world.now;
    const askedAt: number[] = [];
    world.vendor.onList = () => {
      askedAt.push((world.now - began) / HOUR);
      return Promise.resolve([]);
    };
    const times = [
      2 / 60,
      10 / 60,
      1,
      6,
      22,
      30,
      54,
      78,
      102,
      126,
      150,
      174,
      198,
      222,
      246,
      270,
      294,
      318,
      336,
    ];
    for (const hours of times) {
      world.now = began + hours * HOUR - 1;
      await kit.tick();
      world.now = began + hours * HOUR;
      await kit.tick();
    }
    expect(askedAt).toEqual(times);
    expect((await kit.order('order-1')).status).toBe('expired');
    world.pass(100 * 24 * HOUR);
    await kit.tick();
    expect(askedAt).toHaveLength(times.length);
    // Webhooks still count.
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    expect((await kit.order('order-1')).status).toBe('fulfilled');
    expect(attempt.id).toBeTruthy();
  });

  it('begins anew with each bind token', async () => {
    const { attempt } = await kit.start('order-1');
    world.pass(9 * MINUTE);
    await kit.tick();
    world.vendor.listed.length = 0;
    await kit.bindToken(attempt);
    world.pass(2 * MINUTE);
    await kit.tick();
    expect(world.vendor.listed).toEqual(['order-1']);
  });

  it('does not make up for the times when nobody ran', async () => {
    await kit.start('order-1');
    world.pass(23 * HOUR);
    await kit.tick();
    await kit.tick();
    expect(world.vendor.listed).toEqual(['order-1']);
  });

  it('stops once there is an answer', async () => {
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    world.pass(48 * HOUR);
    await kit.tick();
    expect(world.vendor.listed).toEqual([]);
    expect((await kit.order('order-1')).attempts).toMatchObject([{ nextReconcileAt: null }]);
  });

  it('goes on after a purchase that came to nothing: the next one’s webhook can be lost too', async () => {
    const { attempt } = await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    expect((await kit.order('order-1')).status).toBe('failed');
    world.pass(3 * MINUTE);
    await kit.tick();

    expect((await kit.start('order-1')).next.type).toBe('frame');
    await kit.bindToken(attempt);
    world.vendor.sells({ subject: 'sub-2', reference: 'order-1' });
    world.pass(2 * MINUTE);
    await kit.tick();
    expect(await world.granted()).toMatchObject([{ subscription_id: 'sub-2' }]);
  });

  it('asks again later when the vendor fails, and does not take that for "nothing"', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'error');
    world.vendor.onList = () => Promise.reject(new VendorError('unavailable', 'down', { status: 503 }));
    world.pass(5000);
    await kit.tick();
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
    world.vendor.onList = null;
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    world.pass(1000);
    await kit.tick();
    expect((await kit.status(attempt)).status).toBe('fulfilled');
  });

  it('believes nothing that the vendor lists under another reference', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'confirmed');
    world.vendor.onList = () => Promise.resolve([granted('sub-9', 'order-9')]);
    await kit.tick();
    expect(await world.granted()).toEqual([]);
  });

  it('reads again, and does not overwrite, a subscription that somebody read meanwhile', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'confirmed');
    world.vendor.onList = async () => {
      // The list was made while it was active; before we write, its end is announced and read.
      world.vendor.onList = null;
      world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended' });
      await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
      return [granted('sub-1', 'order-1')];
    };
    await kit.tick();
    expect(await world.granted()).toEqual([]);
    expect((await kit.order('order-1')).status).toBe('failed');
  });

  it('by several processes asks once', async () => {
    await kit.start('order-1');
    const others = [await world.kit(), await world.kit()];
    world.pass(2 * MINUTE);
    await Promise.all([kit, ...others].map((one) => one.tick()));
    expect(world.vendor.listed).toEqual(['order-1']);
  });

  it('asks about a superseded attempt’s order for its successor only', async () => {
    await kit.start('order-1');
    await kit.start('order-1', { buyer: 'bob' });
    world.pass(2 * MINUTE);
    await kit.tick();
    expect(world.vendor.listed).toEqual(['order-1']);
  });
});
