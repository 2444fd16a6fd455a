/** Orders at Ledyer that nobody here has linked: parked within a bound, looked up, and made by the merchant's hook. */
import { afterEach, expect, it } from 'vitest';
import type { FulfillmentKitOptions, MadeOrder, UnlinkedOrder } from '../../src/fulfillment/index.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { flat, LedyerShop, TOTAL } from './kit/ledyer-shop.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let shop: LedyerShop;
let asked: UnlinkedOrder[];
afterEach(() => shop.close());

async function open(
  answer: (order: UnlinkedOrder) => MadeOrder | null | Promise<MadeOrder | null>,
  options: Partial<FulfillmentKitOptions> = {},
): Promise<void> {
  asked = [];
  shop = await LedyerShop.open({
    onUnlinkedOrder: async (order) => {
      asked.push(order);
      return answer(order);
    },
    ...options,
  });
}

const parked = async (): Promise<readonly string[]> => {
  const { rows } = await shop.world.pool.query<{ name: string }>(
    `SELECT name FROM ${shop.world.schema}.parked_triggers ORDER BY name`,
  );
  return rows.map(({ name }) => name);
};

it('an order that was never linked is made once by the hook, after the race, then fulfilled and acknowledged', async () => {
  await open(({ orderId, amountMinor, currency }) => ({
    orderRef: `made-for-${orderId}`,
    amountMinor: amountMinor!,
    currency: currency!,
  }));
  const { sessionId, orderId } = await shop.sell('', null);
  shop.sandbox.acts.pay(sessionId);
  await shop.pass(1_000);
  await shop.pass(30_000);
  expect(asked).toEqual([]);
  expect(shop.calls('paymentstatus')).toBe(0);
  await shop.pass(MINUTE);
  await shop.pass(1_000);
  await shop.pass(HOUR);
  expect(asked).toMatchObject([
    {
      vendor: 'ledyer',
      orderId,
      orderRef: null,
      ...TOTAL,
      key: `ledyer:${orderId}`,
      authorizationToken: null,
    },
  ]);
  expect(await shop.status(`made-for-${orderId}`)).toBe('fulfilled');
  expect(await shop.world.granted()).toHaveLength(1);
  expect(shop.calls('acknowledge')).toBe(1);
  expect(await parked()).toEqual([]);
});

it('a link that comes within the race takes what was parked, and the hook is not asked', async () => {
  await open(() => null);
  const { sessionId, orderId } = await shop.sell('', null);
  shop.sandbox.acts.pay(sessionId);
  await shop.pass(1_000);
  expect(await parked()).toEqual([orderId]);
  await shop.kit.kit.linkOrder('order-1', { sessionId, orderId });
  await shop.pass(2_000);
  expect(await shop.status('order-1')).toBe('fulfilled');
  await shop.pass(2 * MINUTE);
  expect(asked).toEqual([]);
  expect(await parked()).toEqual([]);
});

it('of two hundred links that race their trigger none loses it, and none leaves its merchant asked', async () => {
  await open(() => null, { schedule: { batchSize: 1 } });
  const ids = Array.from({ length: 200 }, (_, index) => `or_race${index}`);
  const trigger = async (orderId: string): Promise<number> => {
    const body = JSON.stringify(flat('order.create', { orderId }));
    const url = 'http://api.test/checkout/webhooks/ledyer';
    return (await shop.kit.kit.fetch(new Request(url, { method: 'POST', body }))).status;
  };
  // Few at a time: both then begin at once, and either may be first.
  for (let from = 0; from < ids.length; from += 4) {
    await Promise.all(
      ids.slice(from, from + 4).flatMap((orderId, index) => {
        const link = () => shop.kit.kit.linkOrder(`order-of-${orderId}`, { orderId });
        const both = [link, () => trigger(orderId).then((status) => expect(status).toBe(200))];
        return (index % 2 === 0 ? both : both.reverse()).map((one) => one());
      }),
    );
  }
  // Heard of after the link, or taken by it; or they passed each other, and it waits to be looked at.
  const { subjects } = tablesOf(shop.world.schema);
  const { rows } = await shop.world.pool.query<{ subject: string }>(
    `SELECT subject FROM ${subjects} WHERE triggered_at IS NOT NULL`,
  );
  expect([...new Set([...rows.map(({ subject }) => subject), ...(await parked())])].sort()).toEqual(
    [...ids].sort(),
  );
  // What they asked for is read elsewhere: here those that wait are looked at.
  await shop.world.pool.query(`UPDATE ${subjects} SET clean_gen = dirty_gen`);
  await shop.pass(2 * MINUTE);
  expect(await parked()).toEqual([]);
  expect(asked).toEqual([]);
  expect(shop.world.reviews).toEqual([]);
  // Four hundred transactions, on a machine that may be busy.
}, 120_000);

it('a trigger that passed its link by is looked at for the order that was linked', async () => {
  await open(() => null);
  const { sessionId, orderId } = await shop.sell('order-1');
  await shop.settle();
  shop.sandbox.scenarios.set('notification-lost', true);
  shop.sandbox.acts.pay(sessionId);
  // As two transactions leave it of which neither saw the other.
  const { parkedTriggers } = tablesOf(shop.world.schema);
  const now = new Date(shop.world.now);
  await shop.world.pool.query(
    `INSERT INTO ${parkedTriggers} (vendor, name, generation, first_at, last_at, next_look_at)
     VALUES ('ledyer', $1, 1, $2, $2, $2)`,
    [orderId, now],
  );
  await shop.pass(2_000);
  await shop.settle();
  expect(await shop.status('order-1')).toBe('fulfilled');
  expect(await parked()).toEqual([]);
  expect(asked).toEqual([]);
});

it('a hook that fails is asked again with the same key, and one that knows no order leaves it to a person', async () => {
  await open(() => {
    if (asked.length < 3) throw new Error('for ida@nordlys.example');
    return null;
  });
  const { sessionId, orderId } = await shop.sell('', null);
  shop.sandbox.acts.pay(sessionId);
  await shop.pass(1_000);
  await shop.pass(MINUTE);
  for (let seconds = 2; seconds < 20; seconds *= 2) await shop.pass(seconds * 1_000);
  expect(asked.map(({ key }) => key)).toEqual(Array(3).fill(`ledyer:${orderId}`));
  expect(shop.world.reviews).toMatchObject([
    { reason: 'unlinked_order', orderRef: null, evidence: { orderId } },
  ]);
  expect(await parked()).toEqual([]);
  expect(JSON.stringify(shop.world.logs)).not.toContain('nordlys');
  // A person links it: nothing was lost.
  await shop.kit.kit.linkOrder('order-1', { orderId });
  await shop.settle();
  expect(await shop.status('order-1')).toBe('fulfilled');
});

it('an invented id is looked up a few times within the vendor’s patience, then forgotten', async () => {
  await open(() => null);
  expect((await shop.notify(flat('order.create', { orderId: 'or_invented' }))).status).toBe(200);
  for (let hour = 0; hour < 8; hour += 1) await shop.pass(6 * HOUR);
  expect(await parked()).toEqual([]);
  expect(shop.calls('→ 404')).toBeLessThanOrEqual(8);
  expect(asked).toEqual([]);
  expect(shop.world.reviews).toEqual([]);
});

it('unknown ids are parked up to the bound, exactly, whoever sends them at once; beyond it the answer is 503', async () => {
  await open(() => null, { schedule: { parkedLimit: 20, batchSize: 1 } });
  const other = await shop.world.kit({
    vendors: [shop.adapter],
    schedule: { parkedLimit: 20, batchSize: 1 },
  });
  const send = (id: string, through: typeof other): Promise<Response> =>
    through.kit.fetch(
      new Request('http://api.test/checkout/webhooks/ledyer', {
        method: 'POST',
        body: JSON.stringify(flat('order.create', { orderId: id })),
      }),
    );
  const { orderId } = await shop.sell('order-1');
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => send(`or_${index}`, index % 2 === 0 ? shop.kit : other)),
  );
  const codes = answers.map(({ status }) => status);
  expect(codes.filter((status) => status === 200)).toHaveLength(20);
  expect(codes.filter((status) => status === 503)).toHaveLength(40);
  expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('5');
  expect(await parked()).toHaveLength(20);
  // One that waits already, and one that is linked, take no room.
  expect((await send((await parked())[0]!, other)).status).toBe(200);
  expect((await send(orderId, shop.kit)).status).toBe(200);
});

it('invented ids give their places to a real one once the vendor has been asked about them for half an hour', async () => {
  await open(({ orderId }) => ({ orderRef: `made-for-${orderId}` }), { schedule: { parkedLimit: 3 } });
  // A session that waits for its signatory is somebody's: it keeps its place.
  const { sessionId: waiting } = await shop.sell('', null);
  await shop.notify(flat('checkout.session.awaiting_signatory', { sessionId: waiting }));
  for (const id of ['or_1', 'or_2']) await shop.notify(flat('order.create', { orderId: id }));
  const { sessionId, orderId } = await shop.sell('', null);
  await shop.pass(MINUTE);
  expect((await shop.notify(flat('order.create', { orderId }))).status).toBe(503);
  // Its next two tries, and what was asked about meanwhile.
  for (const minutes of [5, 25, 5]) await shop.pass(minutes * MINUTE);
  shop.sandbox.acts.pay(sessionId);
  await shop.settle();
  expect(await parked()).toEqual(expect.arrayContaining([orderId, waiting]));
  expect(await parked()).toHaveLength(3);
  expect(shop.world.logs).toContainEqual(expect.objectContaining({ event: 'parked.crowded' }));
  await shop.pass(MINUTE);
  await shop.pass(1_000);
  expect(await shop.status(`made-for-${orderId}`)).toBe('fulfilled');
});

it('an invented id that is sent again and again is asked about ever less often', async () => {
  await open(() => null);
  for (let minute = 0; minute < 40; minute += 1) {
    await shop.notify(flat('order.create', { orderId: 'or_invented' }));
    await shop.pass(MINUTE);
  }
  expect(shop.calls('→ 404')).toBeLessThanOrEqual(8);
});

it('an order that is named beside somebody else’s session is not forgotten for that', async () => {
  await open(({ orderId }) => ({ orderRef: `made-for-${orderId}` }));
  shop.sandbox.scenarios.set('notification-lost', true);
  const { sessionId, orderId } = await shop.sell('', null);
  shop.sandbox.acts.pay(sessionId);
  const other = await shop.sell('', null);
  // The vendor's own word, and a stranger's beside it.
  await shop.notify(flat('order.create', { orderId }));
  await shop.notify(flat('order.create', { orderId, sessionId: other.sessionId }));
  await shop.kit.kit.linkOrder('order-1', { sessionId: other.sessionId });
  await shop.pass(MINUTE);
  await shop.pass(MINUTE);
  await shop.pass(1_000);
  expect(asked.map((order) => order.orderId)).toEqual([orderId]);
  expect(await shop.status(`made-for-${orderId}`)).toBe('fulfilled');
  expect(await parked()).toEqual([]);
});

it('the API being away delays a look, and does not spend one', async () => {
  await open(({ orderId }) => ({ orderRef: `made-for-${orderId}` }));
  const { sessionId, orderId } = await shop.sell('', null);
  shop.sandbox.acts.pay(sessionId);
  await shop.pass(1_000);
  shop.sandbox.scenarios.set('api-down', true);
  for (let day = 0; day < 3; day += 1) await shop.pass(24 * HOUR);
  expect(await parked()).toEqual([orderId]);
  shop.sandbox.scenarios.reset();
  await shop.pass(HOUR);
  await shop.pass(1_000);
  expect(await shop.status(`made-for-${orderId}`)).toBe('fulfilled');
});

it('a purchase that is signed later brings its token to the merchant, who makes the order with it, and keeps it nowhere', async () => {
  await open(async ({ authorizationToken, sessionId, orderRef }) => {
    const { api } = await import('../support/ledyer.js');
    const { sampleSession } = await import('../../src/testing/ledyer/sample-basket.js');
    const made = await api(shop.sandbox, 'POST', `/v1/authorization-tokens/${authorizationToken}/order`, {
      body: sampleSession(),
    });
    return { orderRef: orderRef ?? sessionId!, orderId: made.body['orderId'] as string };
  });
  const journey = shop.sandbox.begin('payments-signed-later');
  const { sessionId } = journey;
  await shop.kit.kit.linkOrder('order-1', { sessionId });
  journey.next();
  await shop.pass(1_000);
  journey.next();
  await shop.settle();
  const token = shop.sandbox.authorizationTokenOf(sessionId)!;
  expect(token).toMatch(/^at_/);
  await shop.pass(2 * MINUTE);
  await shop.pass(2_000);
  expect(asked).toMatchObject([{ orderRef: 'order-1', sessionId, authorizationToken: token }]);
  expect(await shop.status('order-1')).toBe('fulfilled');
  expect(await parked()).toEqual([]);
  expect(JSON.stringify([shop.world.logs, await shop.kit.order('order-1')])).not.toContain(token);
});

it('the token of a purchase whose order is erased goes with it, and the merchant is not asked any more', async () => {
  await open(() => {
    throw new Error('not now');
  });
  const journey = shop.sandbox.begin('payments-signed-later');
  const { sessionId } = journey;
  await shop.kit.kit.linkOrder('order-1', { sessionId });
  journey.next();
  await shop.pass(1_000);
  journey.next();
  await shop.settle();
  await shop.pass(2 * MINUTE);
  expect(asked).toHaveLength(1);
  const secrets = async (): Promise<readonly (string | null)[]> => {
    const table = `${shop.world.schema}.parked_triggers`;
    return (await shop.world.pool.query<{ secret: string | null }>(`SELECT secret FROM ${table}`)).rows.map(
      ({ secret }) => secret,
    );
  };
  expect(await secrets()).toEqual([shop.sandbox.authorizationTokenOf(sessionId)]);
  expect(await shop.kit.kit.erase('order-2')).toEqual({ outcome: 'unknown-order' });
  expect((await shop.kit.kit.erase('order-1')).outcome).toBe('erased');
  expect(await secrets()).toEqual([null]);
  await shop.pass(HOUR);
  await shop.pass(1_000);
  expect(asked).toHaveLength(1);
  expect(await parked()).toEqual([]);
});
