/** What comes of each of LedgerBee's topics, with what its API shows when it is asked. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeDelivery } from '../../src/fulfillment/vendors/ledgerbee/decode.js';
import { accessOf } from '../../src/fulfillment/vendors/ledgerbee/state-map.js';
import {
  SUBSCRIPTION_TOPICS,
  type SubscriptionTopic,
} from '../../src/fulfillment/vendors/ledgerbee/topics.js';
import type { OrderStatus } from '../../src/protocol/index.js';
import { World, type Caller } from './kit/world.js';

/** The topic without `subscription.`, and what the API shows when it is asked about it: a status, and a plan. */
type Step = readonly [topic: string, apiShows: string, planId?: string];

const BOUGHT: Step = ['started', 'active'];

let world: World;
let kit: Caller;
/** Each test has an order and a subscription of its own. */
let order = '';
let subject = '';
let sent = 0;
beforeAll(async () => {
  world = await World.create();
  world.vendor.decode = decodeDelivery;
  kit = await world.kit();
});
beforeEach(async () => {
  order = `order-${(sent += 1)}`;
  subject = `sub-${sent}`;
  await kit.start(order, { plan: 'plan-pro' });
});
afterAll(() => world.close());

describe('a delivery of', () => {
  const rows: readonly (readonly [
    SubscriptionTopic,
    string,
    readonly Step[],
    OrderStatus,
    number,
    number,
  ])[] = [
    [
      'subscription.assigned',
      'grants nothing that starts later',
      [['assigned', 'scheduled']],
      'pending',
      0,
      0,
    ],
    ['subscription.started', 'grants', [BOUGHT], 'fulfilled', 1, 0],
    [
      'subscription.started',
      'grants nothing that is not paid',
      [['started', 'awaiting_payment']],
      'pending',
      0,
      0,
    ],
    ['subscription.updated', 'changes nothing', [BOUGHT, ['updated', 'active']], 'fulfilled', 1, 0],
    [
      'subscription.transitioned',
      'to another plan asks a person first',
      [
        ['assigned', 'scheduled'],
        ['transitioned', 'active', 'plan-max'],
      ],
      'review',
      0,
      0,
    ],
    [
      'subscription.transitioned',
      'to another plan changes no grant that was made',
      [BOUGHT, ['transitioned', 'active', 'plan-max']],
      'fulfilled',
      1,
      0,
    ],
    ['subscription.paused', 'keeps what was granted', [BOUGHT, ['paused', 'paused']], 'fulfilled', 1, 0],
    ['subscription.paused', 'grants nothing', [['paused', 'paused']], 'pending', 0, 0],
    [
      'subscription.resumed',
      'grants what was not granted before',
      [
        ['paused', 'paused'],
        ['resumed', 'active'],
      ],
      'fulfilled',
      1,
      0,
    ],
    [
      'subscription.resumed',
      'grants nothing twice',
      [BOUGHT, ['paused', 'paused'], ['resumed', 'active']],
      'fulfilled',
      1,
      0,
    ],
    [
      'subscription.trial_ended',
      'changes nothing',
      [
        ['started', 'trial'],
        ['trial_ended', 'active'],
      ],
      'fulfilled',
      1,
      0,
    ],
    [
      'subscription.cancellation_scheduled',
      'takes nothing back yet',
      [BOUGHT, ['cancellation_scheduled', 'pending_cancellation']],
      'fulfilled',
      1,
      0,
    ],
    [
      'subscription.cancellation_cleared',
      'changes nothing',
      [BOUGHT, ['cancellation_scheduled', 'pending_cancellation'], ['cancellation_cleared', 'active']],
      'fulfilled',
      1,
      0,
    ],
    [
      'subscription.churned',
      'takes back what was granted',
      [BOUGHT, ['churned', 'cancelled']],
      'ended',
      1,
      1,
    ],
    [
      'subscription.churned',
      'before the start lets nothing be granted',
      [
        ['churned', 'expired'],
        ['started', 'expired'],
      ],
      'failed',
      0,
      0,
    ],
    [
      'subscription.billed',
      'changes nothing',
      [BOUGHT, ['billed', 'active'], ['billed', 'active']],
      'fulfilled',
      1,
      0,
    ],
    [
      'subscription.payment_succeeded',
      'grants what waited for it',
      [
        ['started', 'awaiting_payment'],
        ['payment_succeeded', 'active'],
      ],
      'fulfilled',
      1,
      0,
    ],
    [
      'subscription.error',
      'fails nothing',
      [
        ['started', 'awaiting_payment'],
        ['error', 'awaiting_payment'],
      ],
      'pending',
      0,
      0,
    ],
    ['subscription.error', 'takes nothing back', [BOUGHT, ['error', 'active']], 'fulfilled', 1, 0],
  ];

  it.each(rows)('%s %s', async (_topic, _says, steps, status, fulfilled, revoked) => {
    for (const step of steps) await take(step);
    expect((await kit.order(order)).status).toBe(status);
    expect(await done('fulfill')).toBe(fulfilled);
    expect(await done('revoke')).toBe(revoked);
  });

  it('every documented topic is among them', () => {
    expect([...new Set(rows.map(([topic]) => topic))].sort()).toEqual(
      Object.keys(SUBSCRIPTION_TOPICS).sort(),
    );
  });

  it('subscription.error leaves its type with the order, for a person to read', async () => {
    await take(['error', 'awaiting_payment']);
    expect((await kit.order(order)).facts).toContainEqual(
      expect.objectContaining({ kind: 'announced', topic: 'subscription.error', errorType: 'charge_failed' }),
    );
    expect((await kit.order(order)).reviews).toEqual([]);
  });

  it('a topic of tomorrow is kept, accepted, and decides nothing', async () => {
    await take(['granted_for_ever', 'active']);
    expect(world.vendor.fetched).not.toContain(subject);
    expect(await kit.order(order)).toMatchObject({ status: 'open', facts: [{ kind: 'expected' }] });
  });
});

async function done(kind: 'fulfill' | 'revoke'): Promise<number> {
  return (await world.granted(kind)).filter(({ order_ref }) => order_ref === order).length;
}

/** Sends the delivery and does all that follows from it. */
async function take([topic, vendorStatus, planId = 'plan-pro']: Step): Promise<void> {
  world.vendor.sells({
    subject,
    reference: order,
    access: accessOf(vendorStatus),
    vendorStatus,
    planId,
  });
  const response = await kit.kit.fetch(
    new Request('http://api.test/checkout/webhooks/ledgerbee', {
      method: 'POST',
      headers: { 'x-signature': 'good', 'x-id': `msg-${(sent += 1)}` },
      body: JSON.stringify({
        type: `subscription.${topic}`,
        data: {
          subscriptionId: subject,
          partnerReferenceId: order,
          ...(topic === 'error'
            ? { errorType: 'charge_failed', message: 'ida@nordlys.example has no money' }
            : {}),
        },
      }),
    }),
  );
  expect(response.status).toBe(204);
  await kit.tick();
}
