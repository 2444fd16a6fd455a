/** The kit and its Ledyer adapter over real HTTP, against the vendor's sandbox: what the merchant has linked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command, CommandResult, Flags } from '../../src/commands/command.js';
import type { Desk } from '../../src/commands/desk.js';
import { ledyerCancel, ledyerCapture, ledyerRefund } from '../../src/commands/ledyer.js';
import type { Progress } from '../../src/commands/progress.js';
import { flat, LedyerShop } from './kit/ledyer-shop.js';

const MINUTE = 60_000;

let shop: LedyerShop;
beforeEach(async () => {
  shop = await LedyerShop.open();
});
afterEach(() => shop.close());

const inboxRows = async (source: string): Promise<number> => {
  const { rows } = await shop.world.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${shop.world.schema}.inbox WHERE source = $1`,
    [source],
  );
  return rows[0]!.n;
};
const latest = async (orderRef: string) => {
  const { facts } = await shop.kit.order(orderRef);
  const readings = facts.filter((fact) => fact.kind === 'observed');
  return readings.sort((a, b) => a.generation - b.generation).map(({ observation }) => observation);
};

describe('a linked order', () => {
  it('is fulfilled once and acknowledged once, and its page hears of it', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    await shop.settle();
    const response = await shop.start('order-1');
    expect(response.status).toBe(201);
    const { attempt, next } = (await response.json()) as Awaited<ReturnType<typeof shop.kit.start>>;
    expect(next).toEqual({ type: 'wait', retryAfterMs: 1000 });
    expect(await shop.kit.status(attempt)).toEqual({ v: 1, status: 'pending' });
    expect((await shop.kit.bindToken(attempt)).status).toBe(404);

    shop.sandbox.acts.pay(sessionId);
    await shop.settle();
    await shop.pass();
    // The same body eight times, as a replay may bring it.
    const body = flat('order.ready_for_capture', { orderId });
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.notify(body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    await shop.pass();
    await shop.pass(MINUTE);

    expect(await shop.kit.status(attempt)).toEqual({ v: 1, status: 'fulfilled' });
    expect(await shop.world.granted()).toMatchObject([{ order_ref: 'order-1', subscription_id: orderId }]);
    expect(shop.calls('acknowledge')).toBe(1);
    const order = await shop.adapter.client.read(orderId, AbortSignal.timeout(5000));
    expect(order?.order?.merchantReference).toBe('order-1');
  });

  it('is held while an advance invoice is unpaid, whatever a notification says, and acknowledged at once', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    shop.sandbox.acts.pay(sessionId, 'advanceInvoice');
    await shop.notify(flat('order.ready_for_capture', { orderId }));
    await shop.pass();
    expect(await shop.status('order-1')).toBe('pending');
    expect(await shop.world.granted()).toEqual([]);
    expect(shop.calls('acknowledge')).toBe(1);
    shop.sandbox.acts.approve(orderId);
    await shop.pass();
    expect(await shop.status('order-1')).toBe('fulfilled');
  });

  it('shows both of two captures whose notifications are equal bytes, and grants once', async () => {
    const journey = shop.sandbox.begin('two-partial-captures');
    const { sessionId } = journey;
    await shop.kit.kit.linkOrder('order-1', { sessionId, orderId: journey.orderId! });
    for (let step = journey.next(); step !== null; step = journey.next()) {
      await shop.settle();
      await shop.pass(5_000);
    }
    const captured = (await latest('order-1')).map(({ capturedMinor }) => capturedMinor);
    expect(captured).toEqual(expect.arrayContaining([0, 375_000, 500_000, 625_000]));
    expect(await shop.world.granted()).toHaveLength(1);
    expect(await shop.status('order-1')).toBe('fulfilled');
  });

  it.each([
    ['cancelled', 'cancel-before-capture'],
    ['refunded', 'partial-then-full-refund'],
  ] as const)('that is %s after its grant is taken back once', async (_, name) => {
    const journey = shop.sandbox.begin(name);
    await shop.kit.kit.linkOrder('order-1', { sessionId: journey.sessionId, orderId: journey.orderId! });
    for (let step = journey.next(); step !== null; step = journey.next()) {
      await shop.settle();
      await shop.pass(2_000);
    }
    await shop.pass(MINUTE);
    expect(await shop.status('order-1')).toBe('ended');
    expect(await shop.world.granted()).toHaveLength(1);
    expect(await shop.world.granted('revoke')).toHaveLength(1);
  });

  it.each([['as they should'], ['notification-delayed'], ['notification-out-of-order']] as const)(
    'whose notifications come (%s) ends as it stands at the vendor',
    async (how) => {
      if (how !== 'as they should') shop.sandbox.scenarios.set(how, true);
      const journey = shop.sandbox.begin('two-partial-captures');
      await shop.kit.kit.linkOrder('order-1', { sessionId: journey.sessionId, orderId: journey.orderId! });
      for (let step = journey.next(); step !== null; step = journey.next()) await shop.pass(1_000);
      // The vendor's patience: what was held for long has come.
      for (let hours = 0; hours < 30; hours += 10) await shop.pass(10 * 60 * MINUTE);
      await shop.pass(MINUTE);
      expect(shop.sandbox.notifications.list().every(({ state }) => state === 'delivered')).toBe(true);
      expect(await shop.status('order-1')).toBe('fulfilled');
      expect((await latest('order-1')).at(-1)).toMatchObject({
        vendorStatus: 'orderCaptured',
        capturedMinor: 625_000,
        refundedMinor: 0,
      });
      expect(await shop.world.granted()).toHaveLength(1);
      expect(await shop.world.granted('revoke')).toEqual([]);
      expect(shop.calls('acknowledge')).toBe(1);
      expect((await shop.kit.order('order-1')).reviews).toEqual([]);
    },
  );

  it('that was captured before it was ever read is fulfilled all the same', async () => {
    shop.sandbox.scenarios.set('notification-lost', true);
    const { sessionId, orderId } = await shop.sell('order-1');
    shop.sandbox.acts.pay(sessionId);
    shop.sandbox.scenarios.reset();
    await shop.pass(1_000);
    shop.sandbox.acts.capture(orderId);
    await shop.pass(2_000);
    expect((await latest('order-1')).at(-1)).toMatchObject({ vendorStatus: 'orderCaptured' });
    expect(await shop.world.granted()).toHaveLength(1);
  });

  it('known by its session alone learns its order’s id from the vendor, and is one purchase', async () => {
    const { sessionId, orderId } = await shop.sell('order-1', null);
    await shop.kit.kit.linkOrder('order-1', { sessionId });
    await shop.notify(flat('checkout.session.awaiting_signatory', { sessionId }));
    await shop.settle();
    shop.sandbox.acts.pay(sessionId);
    await shop.settle();
    await shop.pass(2_000);
    expect(await shop.status('order-1')).toBe('fulfilled');
    // Under its other name, later: the same subject, and nothing parked.
    await shop.kit.kit.linkOrder('order-1', { orderId });
    await shop.pass(2_000);
    const { subjects, reviews } = await shop.kit.order('order-1');
    expect(subjects.map(({ subject }) => subject)).toEqual([sessionId]);
    expect(reviews).toEqual([]);
  });

  it('waits through the vendor’s outage with every answer given, and is right after it', async () => {
    const { sessionId } = await shop.sell('order-1');
    shop.sandbox.scenarios.set('api-down', true);
    shop.sandbox.acts.pay(sessionId);
    await shop.pass(1_000);
    await shop.pass(5_000);
    expect(shop.sandbox.notifications.list().every(({ state }) => state === 'delivered')).toBe(true);
    expect(await shop.status('order-1')).toBe('open');
    shop.sandbox.scenarios.reset();
    shop.sandbox.tokens.revokeAll();
    await shop.pass(MINUTE);
    await shop.pass(1_000);
    expect(await shop.status('order-1')).toBe('fulfilled');
    expect(shop.calls('acknowledge')).toBe(1);
  });

  it('whose API is a minute behind its notifications is read again without another word', async () => {
    const { sessionId } = await shop.sell('order-1');
    await shop.settle();
    shop.sandbox.assumptions.set('readLagSeconds', 60);
    shop.sandbox.acts.pay(sessionId);
    await shop.settle();
    await shop.pass(1_000);
    await shop.pass(2_000);
    expect(await shop.status('order-1')).toBe('pending');
    await shop.pass(MINUTE);
    await shop.pass(10 * MINUTE);
    expect(await shop.status('order-1')).toBe('fulfilled');
  });

  it('that comes to another amount than it was linked with goes to a person, who may let it pass', async () => {
    const { sessionId } = await shop.sell('order-1', { amountMinor: 600_000, currency: 'SEK' });
    shop.sandbox.acts.pay(sessionId);
    await shop.pass(1_000);
    await shop.pass(2_000);
    expect(await shop.status('order-1')).toBe('review');
    expect(await shop.world.granted()).toEqual([]);
    // The order exists all the same.
    expect(shop.calls('acknowledge')).toBe(1);
    const [review] = (await shop.kit.order('order-1')).reviews;
    expect(review).toMatchObject({
      reason: 'amount_mismatch',
      evidence: { expectedAmountMinor: 600_000, amountMinor: 625_000 },
    });
    await shop.kit.kit.reviews.resolve(review!.id, { resolution: 'accept', by: 'ida' });
    await shop.settle();
    expect(await shop.status('order-1')).toBe('fulfilled');
  });

  it('is read when its page heard something and the notification was lost', async () => {
    const { sessionId } = await shop.sell('order-1');
    await shop.settle();
    const started = await shop.start('order-1');
    const { attempt } = (await started.json()) as Awaited<ReturnType<typeof shop.kit.start>>;
    shop.sandbox.scenarios.set('notification-lost', true);
    shop.sandbox.acts.pay(sessionId);
    await shop.pass(1_000);
    expect(await shop.status('order-1')).toBe('pending');
    expect((await shop.kit.signal(attempt, 'confirmed')).status).toBe(202);
    await shop.settle();
    expect(await shop.status('order-1')).toBe('fulfilled');
  });

  it('that nobody has linked yet is answered as open, with a handle', async () => {
    const started = await shop.start('order-9');
    expect(started.status).toBe(201);
    const { attempt } = (await started.json()) as Awaited<ReturnType<typeof shop.kit.start>>;
    expect(await shop.kit.status(attempt)).toEqual({ v: 1, status: 'open' });
    await shop.pass(60 * MINUTE);
    expect(await shop.status('order-9')).toBe('open');
  });
});

describe('a word that nobody can read', () => {
  it.each(['status-unknown', 'status-new-word'] as const)(
    'under %s grants nothing, and a person is asked',
    async (scenario) => {
      const { sessionId } = await shop.sell('order-1');
      shop.sandbox.scenarios.set(scenario, true);
      shop.sandbox.acts.pay(sessionId);
      await shop.patience();
      expect(await shop.world.granted()).toEqual([]);
      const { reviews } = await shop.kit.order('order-1');
      expect(reviews).toMatchObject([{ reason: 'unknown_vendor_status' }]);
      shop.sandbox.scenarios.reset();
      await shop.pass(60 * MINUTE);
      expect(await shop.status('order-1')).toBe('fulfilled');
    },
  );

  it('takes nothing back of what was granted', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    shop.sandbox.acts.pay(sessionId);
    await shop.pass(1_000);
    await shop.pass(2_000);
    expect(await shop.status('order-1')).toBe('fulfilled');
    shop.sandbox.scenarios.set('status-new-word', true);
    await shop.notify(flat('order.disputed', { orderId }));
    await shop.patience();
    const { reviews, status } = await shop.kit.order('order-1');
    expect(reviews).toMatchObject([{ reason: 'unknown_vendor_status' }]);
    expect(status).toBe('fulfilled');
    expect(await shop.world.granted('revoke')).toEqual([]);
  });
});

describe('an unsigned delivery', () => {
  it.each([
    ['no JSON', 'orderId=or_1'],
    ['a path for an id', JSON.stringify({ eventType: 'x', orderId: 'or_../x' })],
    ['no id', JSON.stringify({ eventType: 'x' })],
  ])('with %s is answered 400, stored nowhere and asked about nowhere', async (_, body) => {
    expect((await shop.notify(body)).status).toBe(400);
    await shop.settle();
    expect(shop.sandbox.activity.list()).toEqual([]);
    const { rows } = await shop.world.pool.query(`SELECT 1 FROM ${shop.world.schema}.parked_triggers`);
    expect(rows).toEqual([]);
  });

  it('that is larger than any honest one is refused', async () => {
    const body = JSON.stringify({ ...flat('order.create', { orderId: 'or_1' }), pad: 'x'.repeat(300_000) });
    expect((await shop.notify(body)).status).toBe(413);
  });

  it('adds no row and no fact, however often it comes, and asks for one reading a second', async () => {
    const { orderId } = await shop.sell('order-1');
    await shop.settle();
    const before = (await shop.kit.order('order-1')).facts.length;
    const callsBefore = shop.calls('paymentstatus');
    for (let second = 0; second < 3; second += 1) {
      for (let burst = 0; burst < 2; burst += 1) {
        const bodies = Array.from({ length: 25 }, () => flat('order.full_capture', { orderId }));
        await Promise.all(bodies.map((body) => shop.notify(body)));
        await shop.settle();
      }
      shop.world.pass(500);
    }
    expect(shop.calls('paymentstatus') - callsBefore).toBeLessThanOrEqual(3);
    expect((await shop.kit.order('order-1')).facts).toHaveLength(before);
    expect(await inboxRows('delivery')).toBe(0);
    expect(await shop.status('order-1')).toBe('pending');
  });
});

describe('ten thousand spoofed bodies', () => {
  it('about one known order leave no row in the inbox, no fact, nothing parked, and few readings', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    await shop.settle();
    const before = (await shop.kit.order('order-1')).facts;
    const callsBefore = shop.calls('paymentstatus');
    const words = [
      'order.create',
      'order.full_capture',
      'order.full_refund',
      'order.cancel',
      'no.word.of.theirs',
    ];
    const spoof = (index: number): Promise<Response> => {
      const ids = index % 3 === 0 ? { sessionId } : { orderId, sessionId };
      const body = JSON.stringify({ ...flat(words[index % words.length] ?? '', ids), nonce: index });
      // Past the socket: ten thousand of those take longer than all that is asked about here.
      return shop.kit.kit.fetch(
        new Request('http://api.test/checkout/webhooks/ledyer', { method: 'POST', body }),
      );
    };
    const answers = new Set<number>();
    for (let from = 0; from < 10_000; from += 1_000) {
      const batch = Array.from({ length: 1_000 }, (_, index) => spoof(from + index));
      for (const { status } of await Promise.all(batch)) answers.add(status);
    }
    await shop.settle();
    expect([...answers]).toEqual([200]);
    expect(await inboxRows('delivery')).toBe(0);
    expect((await shop.kit.order('order-1')).facts).toEqual(before);
    expect(shop.calls('paymentstatus') - callsBefore).toBeLessThanOrEqual(2);
    for (const table of ['parked_triggers', 'reviews', 'effects']) {
      expect((await shop.world.pool.query(`SELECT 1 FROM ${shop.world.schema}.${table}`)).rowCount).toBe(0);
    }
    expect((await shop.kit.order('order-1')).subjects).toHaveLength(1);
    // Seconds; minutes on a machine that is busy with everything else.
  }, 120_000);
});

it('a delivery for each reading that is under way asks for one reading a second all the same', async () => {
  let readings = 0;
  const { orderId } = await shop.sell('order-1', null);
  const kit = await shop.world.kit({
    vendors: [
      {
        ...shop.adapter,
        fetchSubject: async (...call) => {
          readings += 1;
          if (readings < 20) await shop.notify(flat('order.full_capture', { orderId }));
          return shop.adapter.fetchSubject(...call);
        },
      },
    ],
  });
  await kit.kit.linkOrder('order-1', { orderId });
  await kit.tick();
  expect(readings).toBe(1);
  shop.world.pass(1_000);
  await kit.tick();
  expect(readings).toBe(2);
});

describe('linking', () => {
  it('is harmless when repeated, and ties no id to a second order', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    const { kit } = shop.kit;
    expect(await kit.linkOrder('order-1', { sessionId, orderId })).toEqual({ linked: true });
    for (const ids of [{ orderId }, { sessionId }, { sessionId, orderId: 'or_another' }]) {
      expect(await kit.linkOrder('order-2', ids)).toEqual({
        linked: false,
        reason: 'other-order',
        orderRef: 'order-1',
      });
    }
    expect(await shop.kit.kit.orders.read('order-2')).toBeNull();
    const { facts } = await shop.kit.order('order-1');
    expect(facts.filter(({ kind }) => kind === 'expected')).toHaveLength(1);
    // A cart that changed is expected at its new price.
    await kit.linkOrder('order-1', { orderId, amountMinor: 1 });
    const expected = (await shop.kit.order('order-1')).facts.filter(({ kind }) => kind === 'expected');
    expect(expected).toHaveLength(2);
  });

  it.each([{ orderId: 'or_../x' }, { sessionId: 'or_1' }, {}])('refuses %o', async (ids) => {
    await expect(shop.kit.kit.linkOrder('order-1', ids)).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('of two orders to one id at once gives it to one', async () => {
    const { sessionId, orderId } = await shop.sell('order-0', null);
    const refs = Array.from({ length: 12 }, (_, index) => `order-${index}`);
    const results = await Promise.all(refs.map((ref) => shop.kit.kit.linkOrder(ref, { sessionId, orderId })));
    expect(results.filter(({ linked }) => linked)).toHaveLength(1);
  });

  it('in the merchant’s own transaction goes with it', async () => {
    const { sessionId, orderId } = await shop.sell('order-1', null);
    const tx = await shop.world.pool.connect();
    await tx.query('BEGIN');
    expect(await shop.kit.kit.linkOrder('order-1', { sessionId, orderId }, { tx })).toEqual({ linked: true });
    await tx.query('ROLLBACK');
    tx.release();
    expect(await shop.kit.kit.orders.read('order-1')).toBeNull();
    expect(await shop.kit.kit.linkOrder('order-2', { sessionId, orderId })).toEqual({ linked: true });
  });
});

describe('an operator', () => {
  it('captures, refunds and cancels by the order’s reference, each once, and the order follows', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    const { orderManagement } = shop.kit.kit;
    expect(await orderManagement.capture('order-9')).toEqual({ outcome: 'not-linked' });
    // Confirmed, and capture is still refused for a moment.
    shop.sandbox.scenarios.set('ready-dropped', true);
    shop.sandbox.acts.pay(sessionId);
    await shop.settle();
    expect(await orderManagement.capture('order-1')).toMatchObject({ outcome: 'not-available' });
    expect(shop.calls(`POST /v1/orders/${orderId}/capture`)).toBe(0);
    await shop.pass(2_000);
    // Done, and its answer lost: made again, it was done once.
    shop.sandbox.scenarios.set('api-loses-answer', { times: 1 });
    await orderManagement.capture('order-1').catch(() => undefined);
    shop.sandbox.scenarios.reset();
    expect(await orderManagement.capture('order-1')).toMatchObject({ capturedMinor: 625_000 });
    expect(await orderManagement.capture('order-1')).toMatchObject({
      outcome: 'already',
      capturedMinor: 625_000,
    });
    expect(await orderManagement.cancel('order-1')).toMatchObject({ outcome: 'not-available' });
    // The lost answer counts as trouble of the vendor's: it is given a moment.
    await shop.pass(2_000);
    expect((await latest('order-1')).at(-1)).toMatchObject({
      capturedMinor: 625_000,
      vendorStatus: 'orderCaptured',
    });
    expect(await orderManagement.refund('order-1')).toMatchObject({
      outcome: 'done',
      refundedMinor: 625_000,
    });
    expect(await orderManagement.refund('order-1')).toMatchObject({ outcome: 'already' });
    await shop.pass(2_000);
    expect(await shop.status('order-1')).toBe('ended');
    expect(await shop.world.granted('revoke')).toHaveLength(1);
  });

  it('who does not say which of two captures to refund is asked', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    shop.sandbox.acts.pay(sessionId);
    await shop.pass(2_000);
    shop.sandbox.acts.captureFirstLine(orderId);
    shop.sandbox.acts.capture(orderId);
    const asked = await shop.kit.kit.orderManagement.refund('order-1');
    expect(asked).toMatchObject({ outcome: 'which-capture', refundedMinor: 0 });
    const captureId = 'captureIds' in asked ? (asked.captureIds[0] ?? '') : '';
    expect(await shop.kit.kit.orderManagement.refund('order-1', { captureId })).toMatchObject({
      outcome: 'done',
    });
  });

  it('at the shell does the same, with an exit code', async () => {
    const { sessionId } = await shop.sell('order-1');
    const { orderManagement } = shop.kit.kit;
    const progress = { during: <T>(_: string, work: () => Promise<T>): Promise<T> => work() };
    const run = (command: Command, flags: Flags = {}): Promise<CommandResult> =>
      command.read({ positionals: ['order-1'], flags })({
        desk: { orderManagement } as unknown as Desk,
        progress: progress as unknown as Progress,
      });
    expect(await run(ledyerCapture)).toMatchObject({ exitCode: 1, json: { outcome: 'not-available' } });
    shop.sandbox.acts.pay(sessionId);
    await shop.pass(2_000);
    expect(await run(ledyerCapture)).toMatchObject({
      exitCode: 0,
      json: { outcome: 'done', orderRef: 'order-1' },
    });
    expect(await run(ledyerCancel)).toMatchObject({ exitCode: 1, json: { outcome: 'not-available' } });
    shop.sandbox.scenarios.set('api-down', true);
    expect(await run(ledyerRefund)).toMatchObject({ exitCode: 2, json: { outcome: 'not-answered' } });
    shop.sandbox.scenarios.reset();
    expect(await run(ledyerRefund)).toMatchObject({ exitCode: 0, json: { refundedMinor: 625_000 } });
    expect(() => ledyerCapture.read({ positionals: ['order-1'], flags: { lines: 'ol_1,../x' } })).toThrow(
      'line ids',
    );
  });
});
