/** As `kit-secrets`: nothing secret comes out through a life at Ledyer, or at Siglume, in which everything goes wrong once. */
import { afterEach, expect, it, vi } from 'vitest';
import { prometheus } from 'checkout-embed/fulfillment/prometheus';
import { idempotentEffect, type FulfillmentKitOptions } from '../../src/fulfillment/index.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { ledyerClient } from '../../src/fulfillment/vendors/ledyer/client.js';
import type { StartAttemptAnswer } from '../../src/protocol/index.js';
import { optionsFor } from '../support/ledyer.js';
import { flat, LedyerShop } from './kit/ledyer-shop.js';
import { Outside } from './kit/outside.js';
import { MINUTE, PAGE, SiglumeShop } from './kit/siglume-shop.js';
import type { World } from './kit/world.js';

const HOUR = 60 * MINUTE;
/** For a whole life, on a machine that may be busy. */
const LONG_MS = 120_000;
const EMAIL = 'planted.buyer@private.example';
/** In what pages and strangers send. */
const PAYLOAD = 'payload-planted-0c6e';
/** In errors that the merchant's own functions throw. */
const INTERNAL = 'internal-planted-e2b7';
/** What the vendors' sandboxes know of their buyers, and the merchant of its own. */
const BUYERS = [
  'ida@nordlys.example',
  '559311-8714',
  'Nordlys Kontor',
  'aoi@buyer.example',
  'ada@example.test',
];

let close: () => Promise<void>;
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
});

const complaint = (): Error =>
  Object.assign(new Error(`cannot serve ${EMAIL}: ${INTERNAL}`), { cause: new Error(PAYLOAD) });

/** Everything of the host's that hears or fails. */
function loudHost(
  outside: Outside,
  metrics: FulfillmentKitOptions['metrics'],
): Partial<FulfillmentKitOptions> {
  const fail = () => Promise.reject(complaint());
  return {
    ...(metrics === undefined ? {} : { metrics }),
    schedule: { effectMaxTries: 2 },
    effects: { fulfill: idempotentEffect(fail), revoke: idempotentEffect(fail) },
    log: (entry) => outside.hear('log', entry),
    onReview: (review) => {
      outside.hear('onReview', review);
      throw complaint();
    },
    onDeadLetter: (review) => {
      outside.hear('onDeadLetter', review);
      throw complaint();
    },
  };
}

/** Rows of every table that hold one of the words; what is kept for operators, or until the merchant had it, aside. */
async function kept(world: World, words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, table] of Object.entries(tablesOf(world.schema))) {
    if (name === 'schema') continue;
    const { rows } = await world.pool.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
    for (const row of rows) {
      delete row['raw_body'];
      if (name === 'effects') delete row['last_error'];
      if (name === 'parkedTriggers') delete row['secret'];
      const text = JSON.stringify(row);
      found.push(...words.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`));
    }
  }
  return found;
}

it(
  'Ledyer: no key, token, buyer or payload comes out, and none is kept',
  async () => {
    const outside = new Outside();
    /** The keys and tokens of every call that was made, by anybody. */
    const credentials = new Set<string>();
    const direct = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      const authorization = new Headers(init?.headers).get('authorization');
      if (authorization !== null) credentials.add(authorization.replace(/^\w+ /, ''));
      return direct(input, init);
    });
    outside.hearConsole();
    const { metrics, text } = prometheus();
    const shop = await LedyerShop.open({
      ...loudHost(outside, metrics),
      onUnlinkedOrder: () => Promise.reject(complaint()),
    });
    close = () => shop.close();
    const { clientSecret } = shop.sandbox.credentials;
    const told = async (where: string, answer: Promise<Response>): Promise<number> =>
      outside.hearAnswer(where, await answer);

    // A page, and strangers at the door.
    const { sessionId, orderId } = await shop.sell('order-1');
    const { attempt } = (await (await shop.start('order-1')).json()) as StartAttemptAnswer;
    const spoken = { note: PAYLOAD, email: EMAIL };
    const statuses = [
      await told('answer', shop.notify({ ...flat('order.create', { orderId }), ...spoken })),
      await told('answer', shop.notify({ ...flat(`${PAYLOAD} ${EMAIL}`, { orderId }), ...spoken })),
      await told('answer', shop.notify({ ...flat('order.create', { orderId: 'or_nobody' }), ...spoken })),
      await told('answer', shop.notify({ eventType: PAYLOAD, orderId: `or_../${EMAIL}` })),
      await told('answer', shop.notify(`${PAYLOAD} ${EMAIL}`)),
      await told('answer', shop.kit.about(attempt, '')),
      await told('answer', shop.kit.bindToken(attempt)),
      await told('answer', shop.kit.signal(attempt, 'confirmed')),
      await told(
        'answer',
        shop.kit.fetch(`/attempts/${attempt.id}`, { headers: { authorization: PAYLOAD } }),
      ),
    ];
    expect(statuses).toEqual([200, 200, 200, 400, 400, 200, 404, 202, 401]);
    expect(
      await outside.hearFailure('error', shop.kit.kit.linkOrder('order-1', { orderId: `or_../${EMAIL}` })),
    ).toBe(true);

    // The vendor fails in each of its ways, and says more than it should.
    const { orderManagement } = shop.kit.kit;
    const ways = [
      'credentials-refused',
      'api-down',
      'api-garbage',
      'api-redirects',
      'api-rate-limited',
    ] as const;
    for (const scenario of ways) {
      shop.sandbox.tokens.revokeAll();
      shop.sandbox.scenarios.set(scenario, true);
      expect(await outside.hearFailure('error', orderManagement.capture('order-1'))).toBe(true);
      await shop.notify(flat('order.create', { orderId }));
      await shop.pass(MINUTE);
      shop.sandbox.scenarios.reset();
    }
    const wrong = ledyerClient({ ...optionsFor(shop.sandbox), clientSecret: `${PAYLOAD}-as-a-key` });
    expect(await outside.hearFailure('error', wrong.read(orderId, AbortSignal.timeout(5000)))).toBe(true);

    // Bought; the merchant's functions fail until they are given up. And one that is signed later, whose token waits.
    shop.sandbox.acts.pay(sessionId);
    await shop.pass(HOUR);
    const journey = shop.sandbox.begin('payments-signed-later');
    await shop.kit.kit.linkOrder('order-2', { sessionId: journey.sessionId });
    journey.next();
    await shop.pass(1_000);
    journey.next();
    for (let round = 0; round < 3; round += 1) await shop.pass(HOUR);
    const token = shop.sandbox.authorizationTokenOf(journey.sessionId)!;
    const read = await Promise.all(['order-1', 'order-2'].map((ref) => shop.kit.order(ref)));
    expect(read[0]).toMatchObject({ effects: [{ kind: 'acknowledge', state: 'done' }, { state: 'dead' }] });
    const withoutErrors = read.map((order) => ({
      ...order,
      effects: order.effects.map((effect) => ({ ...effect, lastError: null })),
    }));
    outside.hear('orders', withoutErrors);
    outside.hear('reviews', await shop.kit.kit.reviews.list({}));
    outside.hear('metrics', text());

    for (const place of ['log', 'onReview', 'onDeadLetter', 'answer', 'error', 'metrics', 'reviews']) {
      expect(outside.places).toContain(place);
    }
    // The key, and a token of each time that all were revoked.
    expect(credentials.size).toBeGreaterThan(ways.length);
    const secrets = [...credentials, clientSecret, token, attempt.token, EMAIL, INTERNAL, ...BUYERS];
    expect(outside.findings([...secrets, PAYLOAD])).toEqual([]);
    expect(await kept(shop.world, [...secrets, PAYLOAD])).toEqual([]);
  },
  LONG_MS,
);

it(
  'Siglume: no key, secret, buyer or payload comes out, and none is kept',
  async () => {
    const outside = new Outside();
    outside.hearConsole();
    const { metrics, text } = prometheus();
    const shop = await SiglumeShop.open({ allowMeteredPayments: true }, loudHost(outside, metrics));
    close = () => shop.close();
    const { sandbox } = shop;
    const start = async (order: string, page = PAGE): Promise<number> =>
      outside.hearAnswer('answer', await shop.post(order, { page }));

    // The vendor fails in each of its ways, then opens.
    const refusals = [
      'unauthorized',
      'forbidden',
      'validation-failed',
      'readiness-required',
      'rate-limited',
      'server-error',
      'not-json',
      'redirected',
      'error-after-creating',
    ] as const;
    for (const fault of refusals) {
      sandbox.faults.set(fault, { times: 1 });
      expect(await start(`order-${fault}`)).toBeGreaterThanOrEqual(409);
      shop.pass(MINUTE);
    }
    expect(await start('order-1', `https://${PAYLOAD}.example/?who=${EMAIL}`)).toBe(409);

    // Webhooks as they may come; each pays an order of its own.
    const tokens: string[] = [];
    const faults = [
      'webhook-wrongly-signed',
      'webhook-altered-body',
      'webhook-stale',
      'webhook-unknown-hash',
      'webhook-wrong-amount',
      'webhook-missing-receipt',
      'webhook-unknown-mode',
      'webhook-lost',
    ] as const;
    for (const fault of faults) {
      const { attempt, url } = await shop.redirect(`paid-${fault}`);
      tokens.push(attempt.token);
      await outside.hearAnswer('answer', await shop.kit.about(attempt, ''));
      await outside.hearAnswer('answer', await shop.kit.signal(attempt, 'confirmed'));
      sandbox.faults.set(fault, { times: 1 });
      await shop.buy(url);
      await shop.kit.tick();
    }
    await sandbox.deliveries.send('direct_payment.confirmed', { email: EMAIL, note: PAYLOAD });
    await sandbox.deliveries.send(`${PAYLOAD} ${EMAIL}`, { email: EMAIL });
    await sandbox.deliveries.send('x', {}, { body: `no json: ${PAYLOAD} ${EMAIL}` });
    const forged = await shop.kit.fetch('/webhooks/siglume', {
      method: 'POST',
      headers: { 'siglume-signature': `t=1,v1=${PAYLOAD}` },
      body: `${PAYLOAD} ${EMAIL}`,
    });
    expect(await outside.hearAnswer('answer', forged)).toBe(401);

    // Money that comes later, and does not.
    shop.prices.set('small', { amountMinor: 100, currency: 'JPY' });
    await shop.buy((await shop.redirect('small')).url);
    const [batch] = sandbox.metered.closePeriods();
    sandbox.metered.act(batch!.id, 'past_due');
    for (let round = 0; round < 5; round += 1) {
      shop.pass(3 * HOUR);
      await sandbox.idle();
      await shop.kit.tick();
    }
    const reasons = new Set(await shop.reviews());
    for (const reason of [
      'terms_mismatch',
      'unreadable_delivery',
      'unmatched_payment',
      'paid_without_webhook',
    ])
      expect(reasons).toContain(reason);
    expect(reasons).toContain('settlement_past_due');
    const orders = await shop.kit.kit.orders.list();
    for (const { ref } of orders) {
      const { effects, ...order } = await shop.order(ref);
      outside.hear('orders', [order, effects.map((effect) => ({ ...effect, lastError: null }))]);
    }
    outside.hear('reviews', await shop.kit.kit.reviews.list({}));
    outside.hear('metrics', text());

    for (const place of ['log', 'onReview', 'onDeadLetter', 'answer', 'metrics', 'reviews', 'orders']) {
      expect(outside.places).toContain(place);
    }
    const { merchantToken, webhookSecret } = sandbox;
    const secrets = [merchantToken, webhookSecret, sandbox.challengeSecret(), EMAIL, INTERNAL, ...BUYERS];
    expect(outside.findings([...secrets, ...tokens, PAYLOAD])).toEqual([]);
    expect(await kept(shop.world, [...secrets, ...tokens, PAYLOAD])).toEqual([]);
  },
  LONG_MS,
);
