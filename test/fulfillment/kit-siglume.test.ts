/** An order paid through Siglume's hosted checkout, from the start to the effect. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, PAGE, SiglumeShop } from './kit/siglume-shop.js';
import { eventually } from './kit/world.js';

let shop: SiglumeShop;
beforeEach(async () => {
  shop = await SiglumeShop.open();
});
afterEach(() => shop.close());

describe('a purchase through a hosted checkout', () => {
  it('is opened for the merchant’s own price, paid at the vendor’s, and fulfilled once', async () => {
    const { attempt, url } = await shop.redirect('order-1');
    const [session] = shop.sandbox.sessions.list();
    expect(session).toMatchObject({ amountMinor: 1200, currency: 'JPY' });
    for (const [word, back] of [
      ['returned', session!.successUrl],
      ['cancelled', session!.cancelUrl],
    ]) {
      expect(back).toBe(`${PAGE}?checkout=${word}&attempt=${attempt.id}`);
    }
    expect(await shop.status(attempt)).toEqual({ v: 1, status: 'open' });

    await shop.buy(url);
    expect((await shop.status(attempt)).status).toBe('processing');
    await shop.kit.tick();
    expect(await shop.status(attempt)).toEqual({ v: 1, status: 'fulfilled' });
    expect(await shop.world.granted()).toMatchObject([
      { order_ref: 'order-1', effect_key: 'order-1:fulfill:' },
    ]);
    const [payment] = shop.sandbox.payments.list();
    expect((await shop.order('order-1')).effects).toMatchObject([
      {
        evidence: {
          paymentId: payment!.requirementId,
          receiptId: payment!.chainReceiptId,
          vendorStatus: 'settled',
        },
      },
    ]);
    expect((await shop.order('order-1')).deliveries).toMatchObject([
      { topic: 'direct_payment.confirmed', outcome: 'applied' },
    ]);
    expect(await shop.reviews()).toEqual([]);
  });

  it('is one session however many starts come at once, and none after it was paid', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.start('order-1')));
    expect(shop.creations).toBe(1);
    expect(new Set(answers.map(({ attempt }) => attempt.id)).size).toBe(1);
    const urls = new Set(answers.flatMap(({ next }) => (next.type === 'redirect' ? [next.url] : [])));
    expect(urls.size).toBe(1);
    expect(answers.every(({ next }) => next.type !== 'frame')).toBe(true);

    shop.pass(1000);
    const { attempt, url } = await shop.redirect('order-1');
    expect(urls).toContain(url);
    await shop.buy(url);
    await shop.kit.tick();
    const again = await shop.start('order-1');
    expect(again.next).toEqual({ type: 'wait', retryAfterMs: 0 });
    expect((await shop.status(again.attempt)).status).toBe('fulfilled');
    expect((await shop.status(attempt)).status).toBe('fulfilled');
    expect(shop.creations).toBe(1);
  });

  it('keeps all that the vendor answered before the buyer goes, whose key it had foretold', async () => {
    const { attempt } = await shop.redirect('order-1');
    const { schema, pool } = shop.world;
    const [session] = shop.sandbox.sessions.list();
    const kept = await pool.query(
      `SELECT s.session_id, s.checkout_url, k.key FROM ${schema}.redirect_sessions s
         JOIN ${schema}.attempt_keys k ON k.attempt_id = s.attempt_id WHERE s.attempt_id = $1`,
      [attempt.id],
    );
    expect(kept.rows).toEqual([
      {
        session_id: session!.id,
        checkout_url: expect.stringContaining(session!.id) as string,
        key: session!.challengeHash,
      },
    ]);
  });

  it('refuses a page that is not the merchant’s, and an amount that settles late, and writes nothing', async () => {
    shop.prices.set('cheap', { amountMinor: 500, currency: 'JPY' });
    shop.prices.set('euros', { amountMinor: 900, currency: 'EUR' });
    const refused = await Promise.all([
      shop.post('order-1', { page: 'https://elsewhere.example/' }),
      shop.post('cheap'),
      shop.post('euros'),
    ]);
    for (const answer of refused) {
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: 'checkout_unavailable' });
    }
    expect(shop.creations).toBe(0);
    expect(await shop.kit.kit.orders.list()).toEqual([]);
    expect(shop.world.logs.map(({ fields }) => fields?.['why'])).toContain('METERED_INTEGRATION_REQUIRED');
  });

  it.each(['not-enabled', 'feature-disabled-404', 'readiness-required', 'unauthorized'] as const)(
    'that the vendor does not open to the merchant (%s) is told to the page by a code, and to the log by name',
    async (fault) => {
      shop.sandbox.faults.set(fault, { times: 1 });
      const answer = await shop.post('order-1');
      expect(answer.status).toBe(409);
      expect(await answer.json()).toEqual({
        v: 1,
        code: 'checkout_unavailable',
        message: 'The hosted checkout is not available',
      });
      expect(shop.world.logs.at(-1)).toMatchObject({ level: 'error', event: 'start.checkout-refused' });
      // Nothing is spent by it: once that is mended the same attempt goes on.
      expect((await shop.start('order-1')).next.type).toBe('redirect');
      expect((await shop.order('order-1')).attempts).toHaveLength(1);
    },
  );
});

describe('a start that is cut off', () => {
  it.each([
    'cut-off-after-creating',
    'error-after-creating',
    'not-json-after-creating',
    'rate-limited',
    'unavailable',
  ] as const)('%s: is repeated under the same nonce, and is the same session', async (fault) => {
    shop.sandbox.faults.set(fault, { times: 1 });
    const refused = await shop.post('order-1', { key: 'k1' });
    expect(refused.status).toBe(502);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    shop.pass(1000);
    const { next } = await shop.start('order-1', { key: 'k1' });
    expect(next.type).toBe('redirect');
    expect(shop.sandbox.sessions.list()).toHaveLength(1);
    expect((await shop.order('order-1')).attempts).toHaveLength(1);
  });

  it('hangs-after-creating: is repeated under the same nonce once the call has timed out', async () => {
    // Long enough for the call to arrive, and for this one start alone.
    await shop.deploy({ timeoutMs: 1_000 });
    shop.sandbox.faults.set('hangs-after-creating', { times: 1 });
    expect((await shop.post('order-1')).status).toBe(502);
    await shop.deploy();
    expect((await shop.start('order-1')).next.type).toBe('redirect');
    expect(shop.sandbox.sessions.list()).toHaveLength(1);
  });

  it('by a process that died: others wait for its lease, then take over', async () => {
    // A vendor that never answers holds the first process; it dies, and its claim stays.
    shop.sandbox.faults.set('hangs-after-creating', { times: 1 });
    const first = new AbortController();
    await shop.deploy({
      fetch: (input, init) => {
        first.signal.throwIfAborted();
        return fetch(input, { ...init, signal: AbortSignal.any([first.signal, init!.signal!]) });
      },
    });
    void shop.post('order-1').catch(() => undefined);
    await eventually(() => shop.sandbox.sessions.list().length === 1);
    await shop.deploy();
    expect((await shop.start('order-1')).next).toEqual({ type: 'wait', retryAfterMs: 250 });
    shop.pass(31_000);
    expect((await shop.start('order-1')).next.type).toBe('redirect');
    expect(shop.sandbox.sessions.list()).toHaveLength(1);
    // What the dead process may still write is refused.
    first.abort();
    expect((await shop.start('order-1')).next.type).toBe('redirect');
  });

  it('after the vendor’s answer, before it was kept: the same session is given again', async () => {
    const { schema, pool } = shop.world;
    await pool.query(`ALTER TABLE ${schema}.redirect_sessions ADD CONSTRAINT cut CHECK (session_id IS NULL)`);
    expect((await shop.post('order-1')).status).toBe(500);
    await pool.query(`ALTER TABLE ${schema}.redirect_sessions DROP CONSTRAINT cut`);
    shop.pass(31_000);
    expect((await shop.start('order-1')).next.type).toBe('redirect');
    expect(shop.sandbox.sessions.list()).toHaveLength(1);
  });

  it('after all was kept, before the page heard: the same URL is given again', async () => {
    const { url } = await shop.redirect('order-1');
    shop.pass(MINUTE);
    expect((await shop.redirect('order-1')).url).toBe(url);
    expect(shop.creations).toBe(1);
    // The vendor is away: what is known to live is still good.
    shop.sandbox.faults.set('unavailable', true);
    shop.pass(MINUTE);
    expect((await shop.redirect('order-1')).url).toBe(url);
  });
});
