/** The whole way of an order through the kit, seen from outside. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, World, type Caller } from './kit/world.js';

describe('a purchase', () => {
  let world: World;
  let kit: Caller;
  beforeEach(async () => {
    world = await World.create();
    kit = await world.kit();
  });
  afterEach(() => world.close());

  it('is fulfilled once, after the vendor was asked what the webhook only announced', async () => {
    const { attempt, next } = await kit.start('order-1', { plan: 'plan-pro' });
    expect(next).toEqual({ type: 'frame', bindToken: null });
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'open' });
    expect(await (await kit.bindToken(attempt)).json()).toEqual({ v: 1, bindToken: 'bind-1' });

    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    expect((await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' })).status).toBe(204);
    expect((await kit.status(attempt)).status).toBe('pending');
    expect(await world.granted()).toEqual([]);

    await kit.tick();
    expect(await kit.status(attempt)).toEqual({ v: 1, status: 'fulfilled' });
    expect(await world.granted()).toMatchObject([
      { order_ref: 'order-1', effect_key: 'order-1:fulfill:', subscription_id: 'sub-1' },
    ]);
  });

  it('is taken back once when the subscription has ended', async () => {
    const { attempt } = await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    world.vendor.sells({
      subject: 'sub-1',
      reference: 'order-1',
      access: 'ended',
      vendorStatus: 'cancelled',
    });
    await kit.deliver({ id: 'msg-2', subject: 'sub-1', reference: 'order-1', topic: 'subscription.churned' });
    await kit.tick();
    expect((await kit.status(attempt)).status).toBe('ended');
    expect(await world.granted('revoke')).toHaveLength(1);
    expect(await world.granted()).toHaveLength(1);
  });

  it('settles by itself, long before the next sweep, where background work runs', async () => {
    const running = await world.kit(
      { clock: Date.now, schedule: { sweepIntervalMs: 3600_000 } },
      { background: true },
    );
    const { attempt } = await running.start('order-2');
    world.vendor.sells({ subject: 'sub-2', reference: 'order-2' });
    await running.deliver({ id: 'msg-2', subject: 'sub-2', reference: 'order-2' });
    await eventually(async () => (await running.status(attempt)).status === 'fulfilled');
  });
});
