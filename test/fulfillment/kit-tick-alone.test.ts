/** A host without background work: one call of `tick()`, by a process that saw nothing of what happened, does all of it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { idempotentEffect } from '../../src/fulfillment/index.js';
import { World } from './kit/world.js';

const HOUR = 3_600_000;

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

it('tick() alone reads, reconciles, ends parking, fulfills, takes back and tells', async () => {
  const front = await world.kit();
  // Paid before, fulfilled, and over by now.
  await front.start('order-over');
  world.vendor.sells({ subject: 'sub-over', reference: 'order-over' });
  await front.deliver({ id: 'msg-1', subject: 'sub-over', reference: 'order-over' });
  await front.tick();
  world.vendor.sells({
    subject: 'sub-over',
    reference: 'order-over',
    access: 'ended',
    vendorStatus: 'cancelled',
  });
  await front.deliver({
    id: 'msg-2',
    topic: 'subscription.churned',
    subject: 'sub-over',
    reference: 'order-over',
  });
  // Paid and announced; paid with its webhook lost; never paid; announced under a reference that is nobody's.
  for (const order of ['order-told', 'order-lost', 'order-idle']) await front.start(order);
  for (const name of ['told', 'lost', 'nobody']) {
    world.vendor.sells({ subject: `sub-${name}`, reference: `order-${name}` });
  }
  await front.deliver({ id: 'msg-3', subject: 'sub-told', reference: 'order-told' });
  await front.deliver({ id: 'msg-4', subject: 'sub-nobody', reference: 'order-nobody' });
  expect((await world.granted()).map(({ order_ref }) => order_ref)).toEqual(['order-over']);
  await front.kit.close();

  world.pass(HOUR + 1);
  const cron = await world.kit();
  await cron.tick();
  const granted = (await world.granted()).map(({ order_ref }) => order_ref);
  expect(granted.sort()).toEqual(['order-lost', 'order-over', 'order-told']);
  expect((await world.granted('revoke')).map(({ order_ref }) => order_ref)).toEqual(['order-over']);
  expect(world.reviews).toMatchObject([{ reason: 'unknown_reference', orderRef: 'order-nobody' }]);
  const list = await cron.kit.orders.list();
  expect(Object.fromEntries(list.map(({ ref, status }) => [ref, status]))).toEqual({
    'order-over': 'ended',
    'order-told': 'fulfilled',
    'order-lost': 'fulfilled',
    'order-idle': 'open',
    'order-nobody': 'review',
  });

  // Nothing of it a second time.
  await cron.tick();
  expect(await world.granted()).toHaveLength(3);
  expect(await world.granted('revoke')).toHaveLength(1);
  expect(world.reviews).toHaveLength(1);
});

it('tick() alone gives up what failed too often, and tells', async () => {
  const failing = idempotentEffect(() => Promise.reject(new Error('the shop is down')));
  const kit = await world.kit({ effects: { fulfill: failing }, schedule: { effectMaxTries: 3 } });
  await kit.start('order-1');
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
  await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
  for (let round = 0; round < 4; round += 1) {
    await kit.tick();
    world.pass(HOUR);
  }
  expect(world.deadLetters).toMatchObject([{ reason: 'effect_dead_letter', orderRef: 'order-1' }]);
  expect((await kit.order('order-1')).status).toBe('review');
});

it('tick() does the rest of its work where one order cannot be written, and says so at its end', async () => {
  const kit = await world.kit();
  await kit.start('order-bad');
  await kit.start('order-good');
  world.vendor.sells({ subject: 'sub-bad', reference: 'order-bad' });
  world.vendor.sells({ subject: 'sub-good', reference: 'order-good' });
  await kit.deliver({ id: 'msg-1', subject: 'sub-good', reference: 'order-good' });
  // As a trigger of the host's own might.
  await world.pool.query(
    `ALTER TABLE ${world.schema}.orders ADD CONSTRAINT fussy CHECK (ref <> 'order-bad') NOT VALID`,
  );
  world.pass(HOUR);
  await expect(kit.tick()).rejects.toMatchObject({ code: '23514' });
  expect((await world.granted()).map(({ order_ref }) => order_ref)).toEqual(['order-good']);
});
