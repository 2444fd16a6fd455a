/** The events a page builds on: their order, their fields, what preventing them stops. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed, CheckoutEventMap, CheckoutTimingEvent } from 'checkout-embed';
import {
  eventually,
  heard,
  judged,
  mount,
  nextFrameLoad,
  part,
  PICK,
  PORTAL,
  reach,
  say,
  words,
} from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;

afterEach(() => vi.restoreAllMocks());

describe('events', () => {
  it('tell the move first, then the step, and find everything set', async () => {
    const told: string[] = [];
    const note = (event: Event): void => {
      told.push(`${event.type} ${(event.target as CheckoutEmbed).dataset['state'] ?? ''}`);
    };
    for (const type of ['checkout-statechange', 'checkout-ready', 'checkout-confirmed']) {
      document.addEventListener(type, note);
    }
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await judged();
    for (const type of ['checkout-statechange', 'checkout-ready', 'checkout-confirmed']) {
      document.removeEventListener(type, note);
    }
    expect(told).toEqual([
      'checkout-statechange loading',
      'checkout-statechange ready',
      'checkout-ready ready',
      'checkout-statechange confirmed',
      'checkout-confirmed confirmed',
    ]);
  });

  it('bubble out of shadow roots and carry their fields, for a log too', async () => {
    const element = await mount();
    const ready = await heard(element, 'checkout-ready');
    expect([ready.bubbles, ready.composed]).toEqual([true, true]);
    expect(ready.ms).toBeGreaterThanOrEqual(0);
    expect(JSON.parse(JSON.stringify(ready))).toEqual({ type: 'checkout-ready', ms: ready.ms });
  });

  it('say whether the frame itself stood behind a confirmation', async () => {
    const element = await mount('target="inline" order="ord_verified"');
    await reach(element, 'ready');
    const confirmed = heard(element, 'checkout-confirmed');
    say(element, 'checkoutConfirmed', CONFIRMED);
    expect((await confirmed).verified).toBe(true);
    const again = document.createElement('checkout-embed');
    const known = heard(again, 'checkout-confirmed');
    Object.assign(again, { portal: PORTAL, plan: 'pro-plan', order: 'ord_verified' });
    document.body.append(again);
    expect((await known).verified).toBe(false);
    again.remove();
  });

  it('say why a frame is slow, and by whose wish it is loaded again', async () => {
    const element = await mount(
      `portal="${PORTAL}" plan="silent" item="item_1" slow-after="10" timeout="60000"`,
    );
    expect((await heard(element, 'checkout-slow')).diagnosis).toBeNull();
    const silent = await mount(
      `portal="${PORTAL}" plan="silent" item="item_1" slow-after="60000" timeout="50"`,
    );
    expect((await heard(silent, 'checkout-slow')).diagnosis).toBe(silent.diagnosis);
    const retried = heard(silent, 'checkout-retry');
    silent.retry();
    expect((await retried).cause).toBe('retry');
  });

  it('name where a move came from and why', async () => {
    const element = await mount();
    const { from, to, cause } = await heard(element, 'checkout-statechange');
    expect({ from, to, cause }).toEqual({ from: 'loading', to: 'ready', cause: 'pageLoaded' });
  });

  it('tell each step and its time to an analytics tag, right after the move, and count the loads', async () => {
    const element = await mount('target="inline"');
    const moves: string[] = [];
    const timings: CheckoutTimingEvent[] = [];
    /** When each came, in milliseconds of the page. */
    const atMs: number[] = [];
    element.addEventListener('checkout-statechange', ({ to }) => moves.push(to));
    // At the top of the page, where such a tag stands.
    const note = (event: CheckoutTimingEvent): void => {
      if (event.target !== element) return;
      timings.push(event);
      atMs.push(performance.now());
      expect(moves.at(-1)).toBe(event.name);
    };
    document.addEventListener('checkout-timing', note);
    await reach(element, 'ready');
    element.close();
    const againMs = performance.now();
    element.retry();
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await judged();
    document.removeEventListener('checkout-timing', note);
    const ms = expect.any(Number) as number;
    expect(timings.map((event) => JSON.parse(JSON.stringify(event)) as object)).toEqual([
      { type: 'checkout-timing', name: 'ready', ms, load: 1 },
      { type: 'checkout-timing', name: 'closed', ms, load: 1 },
      { type: 'checkout-timing', name: 'loading', ms, load: 2 },
      { type: 'checkout-timing', name: 'ready', ms, load: 2 },
      { type: 'checkout-timing', name: 'confirmed', ms, load: 2 },
    ]);
    expect(timings.map(({ cancelable }) => cancelable)).not.toContain(true);
    expect(timings.every((event) => Number.isInteger(event.ms) && event.ms >= 0)).toBe(true);
    // Since its own load began: the second began anew.
    for (const nth of [2, 3, 4])
      expect(timings[nth]!.ms).toBeLessThanOrEqual(Math.round(atMs[nth]! - againMs));
  });

  it('is the time of the step, whatever the listeners of the page take', async () => {
    const element = await mount('target="inline"');
    const told: { readonly ms: number; readonly atMs: number }[] = [];
    element.addEventListener('checkout-timing', ({ ms }) => told.push({ ms, atMs: performance.now() }));
    element.reset();
    await reach(element, 'ready');
    element.addEventListener(
      'checkout-statechange',
      () => {
        const endMs = performance.now() + 400;
        while (performance.now() < endMs);
      },
      { once: true },
    );
    const beforeMs = performance.now();
    element.close();
    const [ready, closed] = told.slice(-2);
    expect(closed!.atMs - beforeMs).toBeGreaterThanOrEqual(400);
    expect(closed!.ms - ready!.ms).toBeLessThan(beforeMs - ready!.atMs + 300);
  });

  it.each<[keyof CheckoutEventMap, string, object]>([
    ['checkout-confirmed', 'checkoutConfirmed', CONFIRMED],
    ['checkout-pending', 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' }],
    ['checkout-error', 'checkoutError', { ...PICK, reason: 'SESSION_MINT_FAILED' }],
    ['checkout-closed', 'checkoutClosed', PICK],
  ])('%s can be prevented: the frame stays as it was, the state goes on', async (type, name, payload) => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    element.addEventListener(type, (event) => event.preventDefault());
    say(element, name, payload);
    await heard(element, type);
    await element.updateComplete;
    expect(element.dataset['state']).toBe(type.replace('checkout-', ''));
    expect([part(element, 'panel'), part(element, 'note')]).toEqual([null, null]);
    expect(words(element)).toBe('');
    expect(element.frame?.checkVisibility({ visibilityProperty: true })).toBe(true);
  });

  it('prevented once, hold back one view and not the next', async () => {
    const element = await mount('target="inline"');
    await reach(element, 'ready');
    element.addEventListener('checkout-error', (event) => event.preventDefault());
    say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, 'error');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    expect(part(element, 'panel-confirmed')).not.toBeNull();
  });
});

describe('the outcome', () => {
  it('of a checkout that cannot be shown is "blocked", and open again where it comes after all', async () => {
    const { outcome } = await mount('portal="acme" plan="pro-plan"');
    expect(await outcome).toBe('blocked');
    const loaded = nextFrameLoad();
    const element = await mount(`portal="${PORTAL}" plan="silent" slow-after="10" timeout="20" retries="0"`);
    expect(await element.outcome).toBe('blocked');
    await loaded;
    say(element, 'pageLoaded');
    await reach(element, 'ready');
    expect(await Promise.race([element.outcome, Promise.resolve('open')])).toBe('open');
  });

  it('of a mail that waits in the inbox is "pending", and then what the backend says', async () => {
    const element = await mount('target="inline" order="ord_inbox"');
    let status: 'pending' | 'fulfilled' = 'pending';
    element.getStatus = () => Promise.resolve({ status });
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', { ...PICK, status: 'PENDING_VERIFICATION' });
    expect(await element.outcome).toBe('pending');
    status = 'fulfilled';
    window.dispatchEvent(new Event('focus'));
    await reach(element, 'settled');
    expect(await element.outcome).toBe('settled');
  });
});

it('a thank-you that the page keeps to itself leaves no skeleton after a reload', async () => {
  const attributes = 'target="inline" order="ord_prevented"';
  const before = await mount(attributes);
  await reach(before, 'ready');
  say(before, 'checkoutConfirmed', CONFIRMED);
  await reach(before, 'confirmed');
  before.remove();
  await judged();
  const keep = (event: Event): void => event.preventDefault();
  document.addEventListener('checkout-confirmed', keep);
  const element = await mount(attributes);
  await reach(element, 'confirmed');
  document.removeEventListener('checkout-confirmed', keep);
  expect([part(element, 'skeleton'), part(element, 'panel'), part(element, 'note')]).toEqual([
    null,
    null,
    null,
  ]);
  expect(element.frame?.checkVisibility({ visibilityProperty: true })).not.toBe(true);
});

describe('a deferred checkout', () => {
  const deferred = { ...PICK, vanity: 'pro-plan', deferred: true } as const;

  it('is resumed at once, in the picked item’s own checkout', async () => {
    const element = await mount('target="callback"');
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', deferred);
    const { resumeUrl } = await heard(element, 'checkout-initiated');
    await reach(element, 'checkout');
    expect(resumeUrl).toBe(`${PORTAL}/embed/checkout/pro-plan/item_1?lang=en`);
    expect(element.frame?.src).toBe(resumeUrl);
  });

  it('waits for the page that prevents it, with the cards in view', async () => {
    const element = await mount('target="callback"');
    await reach(element, 'ready');
    element.addEventListener('checkout-initiated', (event) => event.preventDefault());
    say(element, 'checkoutInitiated', deferred);
    await reach(element, 'deferred');
    await judged();
    expect(element.state).toBe('deferred');
    expect(part(element, 'panel')).toBeNull();
    element.resume();
    element.resume();
    await reach(element, 'checkout');
  });

  it('waits where the page has filled its slot', async () => {
    const element = await mount('target="callback"');
    const step = document.createElement('form');
    step.slot = 'deferred';
    element.append(step);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', deferred);
    await reach(element, 'deferred');
    expect(step.checkVisibility()).toBe(true);
  });

  it('waits for the page’s own step, and goes on when that is done', async () => {
    const element = await mount('target="callback"');
    await reach(element, 'ready');
    let finish: () => void = () => undefined;
    const step = new Promise<void>((resolve) => (finish = resolve));
    element.addEventListener('checkout-initiated', (event) => event.waitUntil(step));
    say(element, 'checkoutInitiated', deferred);
    await reach(element, 'deferred');
    await judged();
    expect(element.state).toBe('deferred');
    finish();
    await reach(element, 'checkout');
  });

  it.each([true, false])('goes on after a double click, waited for twice: %s', async (twice) => {
    const element = await mount('target="callback"');
    await reach(element, 'ready');
    const ends: (() => void)[] = [];
    let clicks = 0;
    element.addEventListener('checkout-initiated', (event) => {
      clicks += 1;
      if (twice || ends.length === 0) event.waitUntil(new Promise<void>((resolve) => ends.push(resolve)));
    });
    say(element, 'checkoutInitiated', deferred);
    say(element, 'checkoutInitiated', deferred);
    await reach(element, 'deferred');
    await eventually(() => expect(clicks).toBe(2));
    await judged();
    expect(element.state).toBe('deferred');
    for (const end of ends) end();
    await reach(element, 'checkout');
  });

  it('is closed when the page’s own step fails, and can be opened again', async () => {
    const element = await mount('target="callback"');
    await reach(element, 'ready');
    element.addEventListener('checkout-initiated', (event) =>
      event.waitUntil(Promise.reject(new Error('no'))),
    );
    say(element, 'checkoutInitiated', deferred);
    await reach(element, 'closed');
    expect(part(element, 'button')).not.toBeNull();
  });

  it('refuses a step that is named too late, as behind an await', async () => {
    const element = await mount('target="callback"');
    await reach(element, 'ready');
    const initiated = heard(element, 'checkout-initiated');
    say(element, 'checkoutInitiated', deferred);
    const event = await initiated;
    await judged();
    expect(() => event.waitUntil(Promise.resolve())).toThrow('Call waitUntil() at once');
    await reach(element, 'checkout');
  });

  it('is left alone by a step that ends after the buyer has gone on', async () => {
    const element = await mount('target="callback"');
    await reach(element, 'ready');
    let fail: () => void = () => undefined;
    const step = new Promise<void>((_, reject) => (fail = () => reject(new Error('too late'))));
    element.addEventListener('checkout-initiated', (event) => event.waitUntil(step));
    say(element, 'checkoutInitiated', deferred);
    await reach(element, 'deferred');
    element.resume();
    await reach(element, 'checkout');
    fail();
    await judged();
    expect(element.state).toBe('checkout');
  });
});

describe('the link of a custom card', () => {
  const cta = (ctaLink: string | null) => ({ ...PICK, vanity: 'pro-plan', ctaLink });

  it.each(['https://elsewhere.example/talk', '/contact', 'contact?x=1'])('is followed: %s', async (link) => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const element = await mount('cta-callback target="inline"');
    await reach(element, 'ready');
    say(element, 'customCtaClicked', cta(link));
    const event = await heard(element, 'checkout-cta');
    expect(event.link).toBe(link);
    expect(open).toHaveBeenCalledWith(new URL(link, document.baseURI).href, '_blank', 'noopener');
    expect(element.state).toBe('ready');
  });

  it('is followed in the page itself where the checkout takes the whole window', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const element = await mount('cta-callback target="_top"');
    await reach(element, 'ready');
    const start = location.href;
    const gone = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
    say(element, 'customCtaClicked', cta('#contact'));
    await gone;
    expect(location.hash).toBe('#contact');
    expect(open).not.toHaveBeenCalled();
    history.replaceState(null, '', start);
  });

  it('is left to the page that prevents it', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const element = await mount('cta-callback target="inline"');
    await reach(element, 'ready');
    element.addEventListener('checkout-cta', (event) => event.preventDefault());
    say(element, 'customCtaClicked', cta('/contact'));
    await heard(element, 'checkout-cta');
    expect(open).not.toHaveBeenCalled();
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,hi',
    'http://elsewhere.example/',
    '//elsewhere.example/',
    '\\\\elsewhere.example',
    'vbscript:x',
    'file:///etc/passwd',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    URL.createObjectURL(new Blob(['<script>alert(1)</script>'], { type: 'text/html' })),
  ])('is refused, said and reported: %s', async (link) => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const element = await mount('cta-callback target="inline"');
    await reach(element, 'ready');
    // A link with a tab is no string the decoder lets through: then it is malformed, and refused all the same.
    say(element, 'customCtaClicked', cta(link));
    const { reason } = await heard(element, 'checkout-rejected');
    expect(['unsafe-link', 'malformed']).toContain(reason);
    expect(open).not.toHaveBeenCalled();
  });
});
