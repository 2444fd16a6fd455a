/** Genuine deliveries about something else than what was sold: accepted, kept, and for a person to decide. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observation, ReviewReason } from '../../src/fulfillment/index.js';
import { World, type Caller } from './kit/world.js';

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
  await kit.start('order-1', { plan: 'plan-pro' });
});
afterEach(() => world.close());

describe('a subscription that is announced for an order', () => {
  it.each<[string, ReviewReason, Partial<Observation>]>([
    ['of another plan than was sold', 'plan_mismatch', { planId: 'plan-max' }],
    ['whose plan the API does not name', 'plan_mismatch', { planId: null }],
    ['that belongs to another order by the API', 'reference_mismatch', { reference: 'order-2' }],
    ['that has no reference by the API', 'reference_mismatch', { reference: null }],
    [
      'in a status that nobody was told of',
      'unknown_vendor_status',
      { access: 'unknown', vendorStatus: 'frozen' },
    ],
  ])('%s grants nothing, and a person is told once: %s', async (_, reason, shown) => {
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', ...shown });
    for (const id of ['msg-1', 'msg-2']) {
      expect((await kit.deliver({ id, subject: 'sub-1', reference: 'order-1' })).status).toBe(204);
      await kit.tick();
    }
    expect(await world.granted()).toEqual([]);
    expect((await kit.order('order-1')).status).toBe('review');
    expect(world.reviews).toMatchObject([{ reason, orderRef: 'order-1' }]);
    expect(await kit.kit.orders.read('order-2')).toBeNull();
  });
});

describe('a second payment for one order', () => {
  it('grants nothing more: a person is told, and the first grant stands', async () => {
    await kit.start('order-1', { buyer: 'bob', plan: 'plan-pro' });
    for (const name of ['ada', 'bob']) {
      world.vendor.sells({ subject: `sub-${name}`, reference: 'order-1' });
      await kit.deliver({ id: `msg-${name}`, subject: `sub-${name}`, reference: 'order-1' });
    }
    await kit.tick();
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
    expect(world.reviews).toMatchObject([
      { reason: 'second_payment', orderRef: 'order-1', evidence: { subscriptionIds: 'sub-ada sub-bob' } },
    ]);
  });
});
