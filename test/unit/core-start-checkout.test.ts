import { describe, expect, it } from 'vitest';
import { HandoffError } from '../../src/core/handoff.js';
import { startCheckout, type StartCheckoutOptions } from '../../src/core/start-checkout.js';
import { FakeBackend, FakeStore, FakeTimers, json, refusal, type Call } from './core-fakes.js';

const ATTEMPT = { id: 'att_1', token: 'plainly-fake.token', expiresAt: '2026-06-03T12:00:00Z' };
const URL_OF_VENDOR = 'https://siglume.example/pay/cs_1';
const next = (step: object): Response => json({ v: 1, attempt: ATTEMPT, next: step });
const WAIT = { type: 'wait', retryAfterMs: 250 };

function setup(respond: (call: Call) => Response) {
  const timers = new FakeTimers();
  const backend = new FakeBackend(respond);
  const start = (over: Partial<StartCheckoutOptions> = {}) =>
    startCheckout({
      handoffUrl: 'https://shop.example/checkout',
      order: 'order-1',
      pageUrl: 'https://shop.example/buy?email=someone#top',
      fetch: backend.fetch,
      store: new FakeStore(),
      timers,
      ...over,
    });
  const starts = (): readonly Call[] => backend.calls.filter(({ url }) => url.endsWith('/attempts'));
  return { timers, backend, start, starts };
}

describe('startCheckout', () => {
  it('gives the URL of the hosted checkout, and names the order, not a price', async () => {
    const { start, backend } = setup(() => next({ type: 'redirect', url: URL_OF_VENDOR }));
    const started = await start();
    expect(started).toEqual({ url: URL_OF_VENDOR, attempt: ATTEMPT, status: null });
    expect(backend.calls).toHaveLength(1);
    expect(backend.calls[0]?.body).toEqual({
      v: 1,
      vendor: 'siglume',
      order: 'order-1',
      page: 'https://shop.example/buy',
    });
  });

  it.each(['http://evil.example/pay', 'javascript:alert(1)'])('goes to no address like %s', async (url) => {
    const { start } = setup(() => next({ type: 'redirect', url }));
    await expect(start()).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('waits while another press opens the checkout', async () => {
    let asked = 0;
    const { start, timers, starts } = setup(({ url }) => {
      if (!url.endsWith('/attempts')) return json({ v: 1, status: 'open' });
      asked += 1;
      return next(asked < 3 ? WAIT : { type: 'redirect', url: URL_OF_VENDOR });
    });
    const started = start();
    await timers.advance(1_000);
    expect((await started).url).toBe(URL_OF_VENDOR);
    expect(starts()).toHaveLength(3);
  });

  it('gives no URL for an order that is being paid already', async () => {
    const { start } = setup(({ url }) =>
      url.endsWith('/attempts') ? next(WAIT) : json({ v: 1, status: 'processing' }),
    );
    expect(await start()).toMatchObject({ url: null, status: { status: 'processing' } });
  });

  it('gives up on a checkout that never opens', async () => {
    const { start, timers } = setup(({ url }) =>
      url.endsWith('/attempts') ? next(WAIT) : json({ v: 1, status: 'open' }),
    );
    const failed = expect(start()).rejects.toMatchObject({ code: 'timeout' });
    await timers.advance(20_000);
    await failed;
    expect(timers.pending).toBe(0);
  });

  it('says so where the backend sells in a frame', async () => {
    const { start } = setup(() => next({ type: 'frame', bindToken: null }));
    await expect(start()).rejects.toThrow(/in a frame/);
  });

  it('passes the backend’s own refusal on', async () => {
    const { start } = setup(() => refusal(404, 'order_not_resolved'));
    await expect(start()).rejects.toBeInstanceOf(HandoffError);
    await expect(start()).rejects.toMatchObject({ code: 'order_not_resolved' });
  });

  it('ends its waiting when told to', async () => {
    const ended = new AbortController();
    const { start, timers } = setup(({ url }) =>
      url.endsWith('/attempts') ? next(WAIT) : json({ v: 1, status: 'open' }),
    );
    const failed = expect(start({ signal: ended.signal })).rejects.toThrow('enough');
    await timers.advance(300);
    ended.abort(new Error('enough'));
    await failed;
  });
});
