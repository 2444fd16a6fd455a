/** What is kept of a purchase at Siglume: no secret, nothing of an erased buyer, and for ever what refuses a repetition. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimRedirectSession } from '../../src/fulfillment/postgres/claim-redirect-session.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { MINUTE, PAGE, SiglumeShop } from './kit/siglume-shop.js';

let shop: SiglumeShop;
beforeEach(async () => {
  shop = await SiglumeShop.open({ allowMeteredPayments: true });
});
afterEach(() => shop.close());

const bodies = async (): Promise<number> => {
  const { inbox } = tablesOf(shop.world.schema);
  const { rows } = await shop.world.pool.query<{ n: number }>(
    `SELECT count(raw_body)::integer AS n FROM ${inbox} WHERE topic = 'direct_payment.confirmed'`,
  );
  return rows[0]!.n;
};

/** Every row of the kit's tables, as text. */
const everything = async (): Promise<string> => {
  const texts: string[] = [];
  for (const [name, table] of Object.entries(tablesOf(shop.world.schema))) {
    if (name === 'schema') continue;
    const { rows } = await shop.world.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${table} AS t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
};

it('no secret comes into a log, an answer, a review or a table, whatever goes wrong', async () => {
  const heard: string[] = [];
  for (const fault of ['unauthorized', 'not-json', 'validation-failed', 'readiness-required'] as const) {
    shop.sandbox.faults.set(fault, { times: 1 });
    heard.push(await (await shop.post(`order-${fault}`)).text());
  }
  shop.sandbox.faults.set('webhook-unknown-hash', { times: 1 });
  const { url } = await shop.redirect('order-1');
  await shop.buy(url);
  shop.pass(61 * MINUTE);
  await shop.kit.tick();
  expect(await shop.reviews()).toEqual(['unmatched_payment']);
  heard.push(inspect(shop.world.logs, { depth: 9 }), inspect(shop.world.reviews, { depth: 9 }));
  const { redirectSessions, attemptKeys, parkedPayments, attempts, orders, reviews } = tablesOf(
    shop.world.schema,
  );
  for (const table of [redirectSessions, attemptKeys, parkedPayments, attempts, orders, reviews]) {
    const { rows } = await shop.world.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${table} AS t`);
    heard.push(...rows.map(({ row }) => row));
  }
  const { merchantToken, webhookSecret } = shop.sandbox;
  for (const secret of [merchantToken, webhookSecret, shop.sandbox.challengeSecret(), 'ada@example.test']) {
    expect(heard.filter((text) => text.includes(secret))).toEqual([]);
  }
});

it('a redelivery after the inbox was pruned is new there, and changes nothing', async () => {
  const { url } = await shop.redirect('order-1');
  await shop.buy(url);
  await shop.kit.tick();
  shop.pass(MINUTE);
  expect((await shop.kit.kit.prune({ inboxOlderThanMs: 1 })).inbox).toBeGreaterThan(0);
  const { facts } = await shop.order('order-1');
  for (const { id } of shop.sandbox.deliveries.list()) await shop.sandbox.deliveries.redeliver(id);
  await shop.kit.tick();
  expect((await shop.order('order-1')).facts).toEqual(facts);
  expect(await shop.world.granted()).toHaveLength(1);
});

it('an erased order keeps no body, also of a delivery that comes afterwards, and still takes its money', async () => {
  const { attempt, url } = await shop.redirect('order-1');
  shop.sandbox.faults.set('webhook-second-event-id', { times: 1 });
  shop.sandbox.faults.set('webhook-late', { times: 1 });
  await shop.buy(url);
  await shop.kit.tick();
  expect(await bodies()).toBe(1);
  const traces = [PAGE, shop.sessionOf(url)];
  for (const trace of traces) expect(await everything()).toContain(trace);
  expect((await shop.kit.kit.erase('order-1')).outcome).toBe('erased');
  expect(await bodies()).toBe(0);
  shop.pass(41 * MINUTE);
  await shop.sandbox.idle();
  await shop.kit.tick();
  const { status, deliveries, attempts } = await shop.order('order-1');
  expect(status).toBe('fulfilled');
  expect(deliveries.filter(({ outcome }) => outcome === 'applied')).toHaveLength(2);
  expect(attempts).toMatchObject([{ id: attempt.id }]);
  expect(await bodies()).toBe(0);
  for (const trace of traces) expect(await everything()).not.toContain(trace);
  // What refuses a repetition: the payment's key, and the nonce, are still this attempt's.
  const [session] = shop.sandbox.sessions.list();
  for (const kept of [session!.nonce, session!.challengeHash]) expect(await everything()).toContain(kept);
});

it('a payment that had waited for its attempt goes with the order, too', async () => {
  await shop.deploy({ challengeSecret: undefined as never });
  shop.sandbox.faults.set('webhook-before-answer', { times: 1 });
  await shop.start('order-1');
  await shop.sandbox.idle();
  await shop.kit.tick();
  const { requirementId } = shop.sandbox.payments.list()[0]!;
  expect((await shop.kit.kit.erase('order-1')).outcome).toBe('erased');
  expect(await bodies()).toBe(0);
  const { parkedPayments } = tablesOf(shop.world.schema);
  expect((await shop.world.pool.query(`SELECT 1 FROM ${parkedPayments}`)).rowCount).toBe(0);
  // Its id stays with the fact: it is counted once, however often it comes.
  await shop.sandbox.deliveries.redeliver(shop.sandbox.deliveries.list()[0]!.id);
  await shop.kit.tick();
  expect((await shop.order('order-1')).effects).toMatchObject([
    { state: 'done', evidence: { paymentId: requirementId } },
  ]);
});

it('an order whose checkout may still be paid is not erased; once a person has it, it is, and takes its money', async () => {
  const { url } = await shop.redirect('order-1');
  const erasing = async (): Promise<string> => (await shop.kit.kit.erase('order-1')).outcome;
  expect(await erasing()).toBe('checkout-open');
  shop.sandbox.faults.set('webhook-lost', true);
  await shop.buy(url);
  // Paid, and only its id tells: forgotten now, the money would be nobody's.
  for (const minutes of [2, 2, 10]) {
    shop.pass(minutes * MINUTE);
    await shop.kit.tick();
    expect(await erasing()).toBe('checkout-open');
  }
  expect(await everything()).toContain(shop.sessionOf(url));
  shop.pass(30 * MINUTE);
  await shop.kit.tick();
  expect(await shop.reviews()).toEqual(['paid_without_webhook']);
  expect(await erasing()).toBe('erased');
  expect(await everything()).not.toContain(shop.sessionOf(url));
  shop.sandbox.faults.reset();
  await shop.sandbox.deliveries.redeliver(shop.sandbox.deliveries.list()[0]!.id);
  await shop.kit.tick();
  expect(await shop.world.granted()).toHaveLength(1);
});

it('a start that was under way when its order was erased opens nothing under what was erased', async () => {
  const { attempt } = await shop.redirect('order-1');
  const tables = tablesOf(shop.world.schema);
  // As if the start had come as far as its commit, and the vendor had not been asked yet.
  await shop.world.pool.query(
    `UPDATE ${tables.redirectSessions} SET session_id = NULL, checkout_url = NULL, called_at = NULL, checked_at = NULL`,
  );
  expect((await shop.kit.kit.erase('order-1')).outcome).toBe('erased');
  const nowMs = shop.clock.now();
  const claim = { token: crypto.randomUUID(), nowMs, leaseUntilMs: nowMs + MINUTE, freshSinceMs: nowMs };
  expect(
    await claimRedirectSession(shop.world.pool, tables, { attemptId: attempt.id, ...claim }),
  ).toMatchObject({ active: false, claimed: false });
  const again = await shop.redirect('order-1');
  expect(again.attempt.id).not.toBe(attempt.id);
});
