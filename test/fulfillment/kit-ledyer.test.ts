/** The kit and its Ledyer adapter over real HTTP, against the vendor's sandbox: what is linked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flat, LedyerShop } from './kit/ledyer-shop.js';

let shop: LedyerShop;
beforeEach(async () => {
  shop = await LedyerShop.open();
});
afterEach(() => shop.close());

describe('a linked order', () => {
  it('is fulfilled once and acknowledged once, and its page hears of it', async () => {
    const { sessionId, orderId } = await shop.sell('order-1');
    await shop.settle();
    const response = await shop.start('order-1');
    expect(response.status).toBe(201);
    const { attempt, next } = (await response.json()) as Awaited<ReturnType<typeof shop.kit.start>>;
    expect(next).toEqual({ type: 'wait', retryAfterMs: 1000 });
    expect(await shop.kit.status(attempt)).toEqual({ v: 1, status: 'pending' });

    shop.sandbox.acts.pay(sessionId);
    await shop.settle();
    await shop.pass();
    await shop.pass();
    expect(await shop.kit.status(attempt)).toEqual({ v: 1, status: 'fulfilled' });
    expect(await shop.world.granted()).toMatchObject([{ order_ref: 'order-1', subscription_id: orderId }]);
    expect(shop.calls('acknowledge')).toBe(1);
  });
});
