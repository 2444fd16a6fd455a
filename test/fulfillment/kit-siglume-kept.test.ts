/** What is kept of a purchase at Siglume: no secret, nothing of an erased buyer, and for ever what refuses a repetition. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { MINUTE, SiglumeShop } from './kit/siglume-shop.js';

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
});
