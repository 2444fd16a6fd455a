/** The line to the merchant's backend: tokens for the frame asked for, signals out, the status in. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import type { OrderStatus } from 'checkout-embed/core';
import { eventually, heard, hushed, judged, mount, part, PICK, reach, say, words } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PENDING = { ...PICK, status: 'PENDING_VERIFICATION' } as const;

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a bind token', () => {
  it('comes from the provider of the element whose frame asks, anew each time', async () => {
    const one = await mount('order="one" target="inline"');
    const other = await mount('order="other" target="inline"');
    let count = 0;
    for (const element of [one, other]) {
      element.fetchBindToken = ({ order, planItemId }) =>
        Promise.resolve(`${order ?? ''}-${planItemId ?? ''}-${String((count += 1))}`);
    }
    await Promise.all([reach(one, 'ready'), reach(other, 'ready')]);
    expect(await askToken(other)).toBe('other-item_1-1');
    expect(await askToken(one)).toBe('one-item_1-2');
    expect(await askToken(one)).toBe('one-item_1-3');
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    ['gives null', () => Promise.resolve(null)],
    ['gives something else', () => Promise.resolve({ token: 'x' } as unknown as string)],
  ])('is missing where the provider %s: the checkout goes on anonymously', async (_, provider) => {
    const element = await mount('target="inline"');
    element.fetchBindToken = provider;
    await reach(element, 'ready');
    expect(await askToken(element)).toBeNull();
    expect(console.warn).toHaveBeenCalled();
  });

  it('of the page’s own provider serves frames that are not ours, also afterwards', async () => {
    const own = vi.fn(() => Promise.resolve('own'));
    const scope = window as { LedgerBeeEmbed?: { fetchBindToken: unknown } };
    scope.LedgerBeeEmbed = { fetchBindToken: own };
    const element = await mount('target="inline"');
    element.fetchBindToken = () => Promise.resolve('ours');
    await reach(element, 'ready');
    expect(scope.LedgerBeeEmbed.fetchBindToken).not.toBe(own);
    const ask = scope.LedgerBeeEmbed.fetchBindToken as (of: object) => Promise<string>;
    expect(await ask({ frame: document.createElement('iframe') })).toBe('own');
    expect(await ask({ frame: element.frame })).toBe('ours');
    element.remove();
    await judged();
    expect(scope.LedgerBeeEmbed.fetchBindToken).toBe(own);
    delete scope.LedgerBeeEmbed;
  });

  it('is minted anew for the frame in which a deferred checkout goes on', async () => {
    const { calls } = handoff();
    const element = await mount('handoff-url="/checkout" order="ord_1" target="callback"');
    element.addEventListener('checkout-initiated', (event) => event.preventDefault());
    await reach(element, 'ready');
    expect(await askToken(element)).toBe('token-1');
    say(element, 'checkoutInitiated', { ...PICK, vanity: 'pro-plan', deferred: true });
    await reach(element, 'deferred');
    element.resume();
    await reach(element, 'checkout');
    expect(element.frame?.src).toContain('/embed/checkout/pro-plan/item_1');
    expect(await askToken(element)).toBe('token-2');
    const asked = calls.filter((call) => call.endsWith('/bind-token'));
    expect(asked).toEqual(Array(2).fill('POST /attempts/att_1/bind-token'));
    expect(calls.filter((call) => call === 'POST /attempts')).toHaveLength(1);
  });

  it('that never comes costs the buyer the reference, not the checkout', async () => {
    const element = await mount('target="inline"');
    const provider = vi.fn(() => new Promise<never>(() => undefined));
    element.fetchBindToken = provider;
    await reach(element, 'ready');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const asked = askToken(element);
    await eventually(() => expect(provider).toHaveBeenCalledOnce());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await asked).toBeNull();
    await judged();
  });

  it('that was handed out and not used is told to the developer', async () => {
    const element = await mount('target="inline"');
    element.fetchBindToken = () => Promise.resolve('expired');
    await reach(element, 'ready');
    await askToken(element);
    say(element, 'checkoutConfirmed', PENDING);
    expect((await heard(element, 'checkout-pending')).unbound).toBe('token_not_used');
    expect(vi.mocked(console.warn).mock.calls.flat().join(' ')).toContain('token_not_used');
  });

  it('that nobody promised is nothing to tell', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', PENDING);
    expect((await heard(element, 'checkout-pending')).unbound).toBeNull();
  });
});

describe('getStatus', () => {
  it('settles, where nothing else does', async () => {
    const element = await mount('target="inline"');
    let status: 'processing' | 'fulfilled' = 'processing';
    element.getStatus = vi.fn(() => Promise.resolve({ status }));
    await reach(element, 'ready');
    expect(element.getStatus).not.toHaveBeenCalled();
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    expect(part(element, 'progress')).not.toBeNull();
    expect(words(element)).toContain('confirming');
    status = 'fulfilled';
    expect((await heard(element, 'checkout-settled')).source).toBe('provider');
    expect(element.state).toBe('settled');
  });

  it('settles though its redirect leads nowhere, of which the developer is told', async () => {
    const element = await mount('target="inline"');
    element.getStatus = () => Promise.resolve({ status: 'fulfilled', redirect: '/thanks' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'settled');
    expect(vi.mocked(console.warn).mock.calls.flat().join(' ')).toContain('redirect');
  });

  it('is not believed where it makes no sense', async () => {
    const element = await mount('target="inline"');
    element.getStatus = () => Promise.resolve({ status: 'paid' as 'fulfilled' });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await eventually(() => expect(console.warn).toHaveBeenCalled());
    expect(element.state).toBe('confirmed');
  });
});

describe('the handoff', () => {
  it('begins an attempt when it is first needed, never on page view', async () => {
    const backend = handoff();
    const element = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(element, 'ready');
    expect(backend.calls).toEqual([]);
    expect(await askToken(element)).toBe('token-1');
    expect(element.attemptId).toBe('att_1');
    expect(await askToken(element)).toBe('token-2');
    expect(backend.calls.filter((call) => call === 'POST /attempts')).toHaveLength(1);
  });

  it('tells what was heard, and settles by the backend alone', async () => {
    const backend = handoff();
    const element = await mount('target="inline" handoff-url="/checkout"');
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', { ...PICK, vanity: 'pro-plan' });
    await reach(element, 'checkout');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await eventually(() => expect(backend.signals).toEqual(['initiated', 'confirmed']));
    backend.status = 'fulfilled';
    const { attemptId, source } = await heard(element, 'checkout-settled');
    expect([attemptId, source]).toEqual(['att_1', 'poll']);
  });

  it('that fails leaves an anonymous checkout, and says why once', async () => {
    const backend = handoff();
    backend.fails = true;
    const element = await mount('target="inline" handoff-url="/checkout"');
    await reach(element, 'ready');
    expect(await askToken(element)).toBeNull();
    say(element, 'checkoutConfirmed', PENDING);
    expect((await heard(element, 'checkout-pending')).unbound).toBe('provider_failed');
    expect(element.state).toBe('pending');
  });
});

describe('a return', () => {
  const url = location.href;
  afterEach(() => history.replaceState(null, '', url));

  it.each([
    ['?subscriptionId=sub_1', 'confirmed'],
    ['?checkout=pending&keep=1', 'pending'],
  ] as const)('with %s is read once, stripped, and settles nothing', async (query, state) => {
    history.replaceState({ mine: 1 }, '', new URL(query, url));
    const element = await mount('target="inline"');
    expect(element.state).toBe(state);
    expect(location.search).toBe(query.includes('keep') ? '?keep=1' : '');
    expect(history.state).toEqual({ mine: 1 });
    // Its cards would offer to buy again.
    expect(element.frame?.checkVisibility({ visibilityProperty: true })).not.toBe(true);
    expect(part(element, `panel-${state}`)).not.toBeNull();
    expect((await mount('target="inline"')).state).toBe('loading');
  });

  it('to a link that never came can be started over; a confirmation cannot', async () => {
    history.replaceState(null, '', new URL('?subscriptionId=sub_1', url));
    const paid = await mount('target="inline"');
    expect(part(paid, 'button')).toBeNull();
    paid.remove();
    history.replaceState(null, '', new URL('?checkout=pending', url));
    const element = await mount('target="inline"');
    part(element, 'button')?.click();
    await reach(element, 'ready');
    expect(element.frame?.checkVisibility({ visibilityProperty: true })).toBe(true);
  });

  it('counts for the order that the page names after it was read', async () => {
    history.replaceState(null, '', new URL('?subscriptionId=sub_1', url));
    const element = await mount('target="inline"');
    element.order = 'ord_late';
    await element.updateComplete;
    await judged();
    expect(element.state).toBe('confirmed');
    // A link alone says it for this visit only.
    expect((await mount('target="inline" order="ord_late"')).state).toBe('loading');
  });

  it('asks the backend, by who is logged in where this browser has no token', async () => {
    const backend = handoff();
    backend.status = 'fulfilled';
    history.replaceState(null, '', new URL('?subscriptionId=sub_1&attempt=att_9', url));
    const element = await mount('target="inline" handoff-url="/checkout"');
    expect(location.search).toBe('');
    await reach(element, 'settled');
    expect(backend.calls[0]).toBe('POST /attempts');
  });

  it('that nobody can answer for is neutral: we have your order', async () => {
    const backend = handoff();
    backend.fails = true;
    history.replaceState(null, '', new URL('?subscriptionId=sub_1&attempt=att_9', url));
    const told = heard(document, 'checkout-unsettled');
    const element = await mount('target="inline" handoff-url="/checkout"');
    await reach(element, 'unsettled');
    expect(part(element, 'button')).toBeNull();
    expect((await told).source).toBe('refused');
  });
});

describe('after a reload', () => {
  it('an order that is paid is not offered again', async () => {
    const backend = handoff();
    const first = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(first, 'ready');
    await askToken(first);
    first.remove();
    backend.status = 'fulfilled';
    const again = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(again, 'settled');
  });

  it.each([
    ['confirmed', CONFIRMED],
    ['pending', PENDING],
  ] as const)(
    'an order of which %s was heard is not offered again, whatever the backend knows yet',
    async (word, detail) => {
      handoff();
      const first = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
      await reach(first, 'ready');
      await askToken(first);
      say(first, 'checkoutConfirmed', detail);
      await reach(first, word);
      first.remove();
      const again = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
      expect(again.state).toBe(word);
      expect(again.frame?.checkVisibility({ visibilityProperty: true })).not.toBe(true);
      const other = await mount('target="inline" handoff-url="/checkout" order="ord_2"');
      await reach(other, 'ready');
    },
  );

  it('a link alone says it for this visit only: anybody can make one', async () => {
    handoff();
    const here = location.href;
    history.replaceState(null, '', '?subscriptionId=sub_1');
    const first = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    expect(first.state).toBe('confirmed');
    first.remove();
    history.replaceState(null, '', here);
    const again = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(again, 'ready');
  });

  it('an order that is being fulfilled is not offered again, though nothing was heard', async () => {
    const backend = handoff();
    const first = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(first, 'ready');
    await askToken(first);
    first.remove();
    backend.status = 'processing';
    const again = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(again, 'confirmed');
  });

  it('an order that the backend calls failed may be bought again', async () => {
    const backend = handoff();
    const first = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(first, 'ready');
    await askToken(first);
    backend.status = 'failed';
    say(first, 'checkoutConfirmed', CONFIRMED);
    await reach(first, 'failed');
    first.remove();
    const again = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(again, 'ready');
  });
});

describe('in two tabs', () => {
  it('an order that was confirmed in one is not offered in the other', async () => {
    handoff();
    const here = await mount('target="inline" handoff-url="/checkout" order="ord_1"');
    await reach(here, 'ready');
    await askToken(here);
    const key = Object.keys(localStorage).find((name) => name.includes('attempts'))!;
    // What the other tab's element writes, and what the browser tells this one of it.
    const kept = JSON.parse(localStorage.getItem(key)!) as object[];
    localStorage.setItem(key, JSON.stringify(kept.map((one) => ({ ...one, heard: 'confirmed' }))));
    window.dispatchEvent(new StorageEvent('storage', { key }));
    await reach(here, 'confirmed');
    expect(here.frame?.checkVisibility({ visibilityProperty: true })).not.toBe(true);
  });
});

/** The frame asks as the vendor's would, and says what it was given. */
async function askToken(element: CheckoutEmbed): Promise<string | null> {
  const { frame } = element;
  const answer = new Promise<string | null>((resolve) => {
    const listen = ({
      source,
      data,
    }: MessageEvent<{ type?: string; payload?: { token: string | null } }>): void => {
      if (source !== frame?.contentWindow || data.type !== 'stubToken') return;
      removeEventListener('message', listen);
      resolve(data.payload?.token ?? null);
    };
    addEventListener('message', listen);
  });
  say(element, 'bindTokenRequest', { ...PICK, vanity: 'pro-plan' });
  return answer;
}

interface Backend {
  status: OrderStatus;
  fails: boolean;
  readonly calls: string[];
  readonly signals: unknown[];
}

/** A backend that speaks the protocol, in place of the network. */
function handoff(): Backend {
  const backend: Backend = { status: 'open', fails: false, calls: [], signals: [] };
  let tokens = 0;
  vi.spyOn(window, 'fetch').mockImplementation((input, init) => {
    const path = new URL(input instanceof Request ? input.url : input, location.href).pathname.replace(
      '/checkout',
      '',
    );
    const method = init?.method ?? 'GET';
    backend.calls.push(`${method} ${path}`);
    if (backend.fails) return answer({ v: 1, code: 'unauthorized', message: 'Log in.' }, 401);
    if (path === '/attempts') {
      const attempt = {
        id: 'att_1',
        token: 'secret',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      };
      return answer({ v: 1, attempt, next: { type: 'frame', bindToken: null } }, 201);
    }
    if (path.endsWith('/bind-token')) return answer({ v: 1, bindToken: `token-${String((tokens += 1))}` });
    if (path.endsWith('/signals')) {
      backend.signals.push((JSON.parse(init?.body as string) as { kind: unknown }).kind);
      return answer({ v: 1 }, 202);
    }
    if (path.endsWith('/events'))
      return answer({ v: 1, code: 'not_found', message: 'No streams here.' }, 404);
    return answer({ v: 1, status: backend.status });
  });
  return backend;
}

function answer(body: object, status = 200): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
}
