/** Siglume's deliveries as they really come: early, late, twice, about other money, lost. And money that comes weeks later. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SiglumeShop } from './kit/siglume-shop.js';

let shop: SiglumeShop;
beforeEach(async () => {
  shop = await SiglumeShop.open();
});
afterEach(() => shop.close());

describe('a delivery', () => {
  it.each(['webhook-twice', 'webhook-second-event-id', 'webhook-replayed', 'webhook-out-of-order'] as const)(
    '%s fulfills once',
    async (fault) => {
      shop.sandbox.faults.set(fault, { times: 1 });
      const { attempt, url } = await shop.redirect('order-1');
      await shop.buy(url);
      await shop.kit.tick();
      expect((await shop.status(attempt)).status).toBe('fulfilled');
      expect(await shop.world.granted()).toHaveLength(1);
      expect(await shop.reviews()).toEqual([]);
    },
  );

  it.each([
    ['webhook-wrong-amount', 'amount'],
    ['webhook-wrong-currency', 'currency'],
    ['webhook-wrong-merchant', 'merchant'],
  ] as const)('%s is held for a person, and fulfills nothing before', async (fault, mismatches) => {
    shop.sandbox.faults.set(fault, { times: 1 });
    const { attempt, url } = await shop.redirect('order-1');
    await shop.buy(url);
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('review');
    expect((await shop.order('order-1')).reviews).toMatchObject([
      { reason: 'terms_mismatch', evidence: { mismatches } },
    ]);
    expect(await shop.world.granted()).toEqual([]);
    // Nothing is sold a second time while a person looks.
    expect((await shop.start('order-1')).next).toEqual({ type: 'wait', retryAfterMs: 0 });
  });

  it.each([
    ['webhook-unknown-mode', 'unreadable_delivery'],
    ['webhook-missing-receipt', 'unreadable_delivery'],
    ['webhook-metered-band', 'metered_integration_required'],
  ] as const)('%s is answered, fulfills nothing, and a person looks', async (fault, reason) => {
    shop.sandbox.faults.set(fault, { times: 1 });
    const { url } = await shop.redirect('order-1');
    await shop.buy(url);
    await shop.kit.tick();
    expect(shop.sandbox.deliveries.list().every(({ state }) => state === 'delivered')).toBe(true);
    expect(await shop.reviews()).toEqual([reason]);
    expect(await shop.world.granted()).toEqual([]);
  });

  it.each(['webhook-wrongly-signed', 'webhook-stale', 'webhook-altered-body'] as const)(
    '%s is refused and leaves nothing; the vendor’s next try is taken',
    async (fault) => {
      const { attempt, url } = await shop.redirect('order-1');
      shop.sandbox.faults.set(fault, { times: 1 });
      await shop.buy(url);
      expect((await shop.order('order-1')).deliveries).toEqual([]);
      expect((await shop.status(attempt)).status).toBe('open');
      shop.pass(MINUTE / 2);
      await shop.sandbox.idle();
      await shop.kit.tick();
      expect((await shop.status(attempt)).status).toBe('fulfilled');
    },
  );

  it('of the readiness probe is answered and touches nothing', async () => {
    await shop.sandbox.deliveries.probe();
    expect(shop.sandbox.deliveries.list()).toMatchObject([{ state: 'delivered' }]);
    expect(await shop.reviews()).toEqual([]);
    expect(await shop.kit.kit.orders.list()).toEqual([]);
  });
});

describe('money that comes before its attempt is known', () => {
  // Without the challenge secret the key comes with the vendor's answer, and this webhook before it.
  beforeEach(() => shop.deploy({ challengeSecret: undefined as never }));

  it('waits, and is applied by the start that learns whose it is: nobody is sent to pay again', async () => {
    shop.sandbox.faults.set('webhook-before-answer', { times: 1 });
    const { attempt, next } = await shop.start('order-1');
    expect(next.type).toBe('wait');
    await shop.sandbox.idle();
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('fulfilled');
    expect((await shop.order('order-1')).deliveries).toMatchObject([{ outcome: 'applied' }]);
    expect(await shop.reviews()).toEqual([]);
  });

  it('is shown to a person, once, when nobody’s attempt turns up', async () => {
    const { schema, pool } = shop.world;
    await pool.query(`ALTER TABLE ${schema}.redirect_sessions ADD CONSTRAINT cut CHECK (session_id IS NULL)`);
    shop.sandbox.faults.set('webhook-before-answer', { times: 1 });
    expect((await shop.post('order-1')).status).toBe(500);
    await shop.sandbox.idle();
    const [payment] = shop.sandbox.payments.list();
    await shop.kit.tick();
    expect(await shop.reviews()).toEqual([]);
    shop.pass(61 * MINUTE);
    await shop.kit.tick();
    expect(await shop.kit.kit.reviews.list({ open: true })).toMatchObject([
      {
        orderRef: null,
        reason: 'unmatched_payment',
        evidence: { paymentId: payment!.requirementId, why: 'unknown_challenge_hash', amountMinor: 1200 },
      },
    ]);
    // Told once.
    await shop.kit.tick();
    expect(await shop.reviews()).toEqual(['unmatched_payment']);
  });

  it('and was shown to a person already is still applied when its attempt turns up', async () => {
    const shown: string[] = [];
    await shop.deploy(
      {
        challengeSecret: undefined as never,
        // The vendor's answer takes six minutes on its way; a person is asked after five.
        fetch: async (...request) => {
          const answer = await fetch(...request);
          shop.pass(6 * MINUTE);
          await shop.kit.tick();
          shown.push(...(await shop.reviews()));
          return answer;
        },
      },
      { schedule: { parkMs: 5 * MINUTE } },
    );
    shop.sandbox.faults.set('webhook-before-answer', { times: 1 });
    const { attempt, next } = await shop.start('order-1');
    expect(shown).toEqual(['unmatched_payment']);
    // Nobody is sent to pay again.
    expect(next.type).toBe('wait');
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('fulfilled');
    expect(await shop.world.granted()).toHaveLength(1);
    expect((await shop.order('order-1')).deliveries).toMatchObject([{ outcome: 'applied' }]);
    const { rowCount } = await shop.world.pool.query(`SELECT 1 FROM ${shop.world.schema}.parked_payments`);
    expect(rowCount).toBe(0);
    // What a person was asked is a person's to answer.
    expect(await shop.reviews()).toEqual(['unmatched_payment']);
  });
});

describe('a checkout that is over', () => {
  it('by the buyer’s cancelling is followed by another one, under another nonce', async () => {
    const first = await shop.redirect('order-1');
    shop.sandbox.sessions.act(shop.sessionOf(first.url), 'cancel');
    shop.pass(5_000);
    const second = await shop.redirect('order-1');
    expect(second.url).not.toBe(first.url);
    expect(new Set(shop.sandbox.sessions.list().map(({ nonce }) => nonce)).size).toBe(2);
    await shop.buy(second.url);
    await shop.kit.tick();
    expect((await shop.status(second.attempt)).status).toBe('fulfilled');
  });

  it('by the clock takes money all the same when it comes late', async () => {
    const { attempt, url } = await shop.redirect('order-1');
    shop.sandbox.faults.set('webhook-late', { times: 1 });
    shop.sandbox.faults.set('paid-after-expiry', { times: 1 });
    await shop.buy(url);
    shop.pass(32 * MINUTE);
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('expired');
    shop.pass(10 * MINUTE);
    await shop.sandbox.idle();
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('fulfilled');
    expect((await shop.order('order-1')).facts).toContainEqual(
      expect.objectContaining({ kind: 'payment', late: true }),
    );
  });

  it('and paid late, beside another one that was paid, is fulfilled once and reviewed', async () => {
    const first = await shop.redirect('order-1');
    shop.sandbox.faults.set('webhook-late', { times: 1 });
    shop.sandbox.faults.set('paid-after-expiry', { times: 1 });
    await shop.buy(first.url);
    shop.pass(32 * MINUTE);
    const second = await shop.redirect('order-1');
    await shop.buy(second.url);
    await shop.kit.tick();
    shop.pass(10 * MINUTE);
    await shop.sandbox.idle();
    await shop.kit.tick();
    expect((await shop.status(second.attempt)).status).toBe('fulfilled');
    expect(await shop.world.granted()).toHaveLength(1);
    expect(await shop.kit.kit.reviews.list({ open: true })).toMatchObject([
      { reason: 'second_payment', evidence: { payments: 2 } },
    ]);
  });

  it('by a new price, and was paid before, is not followed by another one: its webhook is only late', async () => {
    const { url } = await shop.redirect('order-1');
    shop.sandbox.faults.set('webhook-late', { times: 1 });
    await shop.buy(url);
    shop.prices.set('order-1', { amountMinor: 1500, currency: 'JPY' });
    // Not known is not unpaid.
    shop.sandbox.faults.set('server-error', { times: 1 });
    expect((await shop.post('order-1')).status).toBe(502);
    expect((await shop.start('order-1')).next).toEqual({ type: 'wait', retryAfterMs: 1000 });
    expect(shop.creations).toBe(1);
  });

  it('at a price that is no longer the order’s, paid, is held', async () => {
    const { url } = await shop.redirect('order-1');
    shop.prices.set('order-1', { amountMinor: 1500, currency: 'JPY' });
    const later = await shop.redirect('order-1');
    await shop.buy(url);
    await shop.kit.tick();
    expect((await shop.status(later.attempt)).status).toBe('review');
    expect(await shop.reviews()).toEqual(['superseded_terms']);
  });
});

describe('a webhook that is lost', () => {
  it('leaves a paid session: nobody pays again, and a person is asked; a reading never fulfills', async () => {
    const { attempt, url } = await shop.redirect('order-1');
    shop.sandbox.faults.set('webhook-lost', true);
    await shop.buy(url);
    shop.pass(5_000);
    expect((await shop.start('order-1')).next).toEqual({ type: 'wait', retryAfterMs: 1000 });
    expect((await shop.status(attempt)).status).toBe('pending');
    expect(shop.creations).toBe(1);
    // What is known already is not asked again, start by start.
    const { readings } = shop;
    expect((await shop.start('order-1')).next.type).toBe('wait');
    expect(shop.readings).toBe(readings);
    for (const minutes of [2, 10, 30]) {
      shop.pass(minutes * MINUTE);
      await shop.kit.tick();
    }
    expect(await shop.reviews()).toEqual(['paid_without_webhook']);
    expect((await shop.status(attempt)).status).toBe('review');
    expect(await shop.world.granted()).toEqual([]);

    // The delivery comes after all: it stands in place of the reading.
    shop.sandbox.faults.reset();
    await shop.sandbox.deliveries.redeliver(shop.sandbox.deliveries.list()[0]!.id);
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('fulfilled');
    expect(await shop.world.granted()).toHaveLength(1);
  });

  it('whose money a person did not find is over: the order can be bought again, and a late delivery is a second payment', async () => {
    const { attempt, url } = await shop.redirect('order-1');
    shop.sandbox.faults.set('webhook-lost', true);
    await shop.buy(url);
    for (const minutes of [2, 10, 30]) {
      shop.pass(minutes * MINUTE);
      await shop.kit.tick();
    }
    const [review] = (await shop.order('order-1')).reviews;
    await shop.kit.kit.reviews.resolve(review!.id, { resolution: 'reject', by: 'ida' });
    expect((await shop.status(attempt)).status).toBe('failed');

    shop.sandbox.faults.reset();
    const again = await shop.redirect('order-1');
    expect((await shop.status(again.attempt)).status).toBe('open');
    await shop.buy(again.url);
    await shop.kit.tick();
    expect((await shop.status(again.attempt)).status).toBe('fulfilled');
    expect(await shop.reviews()).toEqual([]);

    await shop.sandbox.deliveries.redeliver(shop.sandbox.deliveries.list()[0]!.id);
    await shop.kit.tick();
    expect((await shop.status(again.attempt)).status).toBe('fulfilled');
    expect(await shop.reviews()).toEqual(['second_payment']);
    expect(await shop.world.granted()).toHaveLength(1);
  });

  it('is found out at once by a person who asks about the order', async () => {
    const { attempt, url } = await shop.redirect('order-1');
    shop.sandbox.faults.set('webhook-lost', true);
    await shop.buy(url);
    expect(await shop.kit.kit.reconcile('order-1')).toMatchObject({
      outcome: 'reconciled',
      status: { before: 'open', after: 'pending' },
    });
    expect((await shop.status(attempt)).status).toBe('pending');
    expect(await shop.world.granted()).toEqual([]);
  });

  it('is made up for by a person who saw the money, once', async () => {
    const { attempt, url } = await shop.redirect('order-1');
    shop.sandbox.faults.set('webhook-lost', true);
    await shop.buy(url);
    for (const minutes of [2, 2, 10, 30]) {
      shop.pass(minutes * MINUTE);
      await shop.kit.tick();
    }
    const [review] = await shop.kit.kit.reviews.list({ open: true });
    await shop.kit.kit.reviews.resolve(review!, { resolution: 'accept', by: 'test' });
    await shop.kit.tick();
    shop.sandbox.faults.reset();
    await shop.sandbox.deliveries.redeliver(shop.sandbox.deliveries.list()[0]!.id);
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('fulfilled');
    expect(await shop.world.granted()).toHaveLength(1);
    expect(await shop.reviews()).toEqual([]);
  });
});

describe('a small payment', () => {
  const HOUR = 60 * MINUTE;
  const buySmall = async (order: string): Promise<Awaited<ReturnType<SiglumeShop['redirect']>>> => {
    shop.prices.set(order, { amountMinor: 100, currency: 'JPY' });
    const started = await shop.redirect(order);
    await shop.buy(started.url);
    await shop.kit.tick();
    return started;
  };
  const settlement = async (order: string): Promise<string | null> => (await shop.order(order)).settlement;

  beforeEach(() => shop.deploy({ allowMeteredPayments: true }));

  it('is fulfilled and unsettled until a batch has settled it', async () => {
    const { attempt } = await buySmall('order-1');
    expect((await shop.status(attempt)).status).toBe('fulfilled');
    expect(await settlement('order-1')).toBe('unsettled');
    expect((await shop.order('order-1')).effects).toMatchObject([{ evidence: { vendorStatus: 'accepted' } }]);
    const [batch] = shop.sandbox.metered.closePeriods();
    shop.sandbox.metered.act(batch!.id, 'settle');
    await shop.sandbox.idle();
    await shop.kit.tick();
    expect(await settlement('order-1')).toBe('settled');
    expect(await shop.world.granted()).toHaveLength(1);
    expect(await shop.reviews()).toEqual([]);
    expect(await shop.kit.kit.orders.list({ settlement: 'settled' })).toMatchObject([{ ref: 'order-1' }]);
    expect(await shop.kit.kit.orders.list({ settlement: 'unsettled' })).toEqual([]);
  });

  it('is held where that was allowed once and is no more', async () => {
    shop.prices.set('order-1', { amountMinor: 100, currency: 'JPY' });
    const { url } = await shop.redirect('order-1');
    await shop.deploy({ allowMeteredPayments: false });
    await shop.buy(url);
    await shop.kit.tick();
    expect(await shop.reviews()).toEqual(['metered_integration_required']);
    expect(await shop.world.granted()).toEqual([]);
  });

  it('whose debit fails for good is past due, then written off: told each time, taken back only by a person', async () => {
    const { attempt } = await buySmall('order-1');
    const [batch] = shop.sandbox.metered.closePeriods();
    shop.sandbox.metered.act(batch!.id, 'past_due');
    // No webhook says so: the statements are read every six hours.
    await shop.kit.tick();
    expect(await settlement('order-1')).toBe('unsettled');
    shop.pass(6 * HOUR);
    await shop.kit.tick();
    expect(await settlement('order-1')).toBe('past_due');
    shop.sandbox.metered.act(batch!.id, 'written_off');
    shop.pass(6 * HOUR);
    await shop.kit.tick();
    expect(await settlement('order-1')).toBe('written_off');
    expect([...(await shop.reviews())].sort()).toEqual(['settlement_past_due', 'settlement_written_off']);
    expect((await shop.status(attempt)).status).toBe('fulfilled');

    const review = (await shop.kit.kit.reviews.list({ open: true })).find(
      ({ reason }) => reason === 'settlement_written_off',
    );
    await shop.kit.kit.reviews.resolve(review!, { resolution: 'reject', by: 'test' });
    await shop.kit.tick();
    expect((await shop.status(attempt)).status).toBe('ended');
    expect(await shop.world.granted('revoke')).toHaveLength(1);
  });

  it('that the statements do not name stays unsettled, and a person is told once', async () => {
    shop.sandbox.assumptions.set('usageNamesRequirement', false);
    await buySmall('order-1');
    const [batch] = shop.sandbox.metered.closePeriods();
    shop.sandbox.metered.act(batch!.id, 'settle');
    await shop.sandbox.idle();
    await shop.kit.tick();
    shop.pass(6 * HOUR);
    await shop.kit.tick();
    expect(await settlement('order-1')).toBe('unsettled');
    expect(await shop.reviews()).toEqual(['settlement_unclear']);
  });
});
