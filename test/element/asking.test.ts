/** How the backend is asked: one question at a time, not before it wants to be asked again, and not while nobody is there. */
import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutEmbed, CheckoutState } from 'checkout-embed';
import { handoff, type HandoffStub } from './handoff-stub.js';
import { eventually, fillStorage, heard, hushed, judged, mount, PICK, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PENDING = { ...PICK, status: 'PENDING_VERIFICATION' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const STATUS = 'GET /attempts/att_1';
const SIGNALS = 'POST /attempts/att_1/signals';

/** A backend of its own for each test: what one asked for stands for the whole page. */
let shops = 0;
let shop = '';

/** Time passes alike in every browser, and these take much of it. */
const timed = server.browser === 'chromium' ? describe : (): void => undefined;

beforeEach(() => {
  hushed();
  localStorage.clear();
  shops += 1;
  shop = `target="inline" handoff-url="/shop-${String(shops)}/checkout" order="ord_asked_${String(shops)}"`;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

timed('a backend that asks for time', () => {
  beforeEach(letTimePass);

  it('is left alone for it in the background, and then asked once what was to be asked meanwhile', async () => {
    const backend = handoff();
    await begun();
    backend.limits = 20;
    window.dispatchEvent(new Event('focus'));
    await eventually(() => expect(backend.to(STATUS)).toHaveLength(1));
    await judged();
    backend.limits = null;
    backend.status = 'processing';
    for (const type of ['focus', 'online', 'pageshow']) window.dispatchEvent(new Event(type));
    await absent('visibilityState', 'hidden', 'visibilitychange');
    await judged();
    expect(backend.to(STATUS)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await judged();
    const [first, second, ...more] = backend.to(STATUS);
    expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(20_000);
    expect(more).toEqual([]);
  });

  it('is left alone for it by the question of a reload, by what comes after that, and by the confirmation', async () => {
    const backend = handoff();
    const first = await begun();
    backend.limits = 20;
    window.dispatchEvent(new Event('focus'));
    await eventually(() => expect(backend.to(STATUS)).toHaveLength(1));
    await judged();
    first.remove();
    backend.limits = null;
    backend.status = 'fulfilled';
    const again = await mount(shop);
    await reach(again, 'ready');
    say(again, 'checkoutConfirmed', CONFIRMED);
    await reach(again, 'confirmed');
    await judged();
    expect([...backend.to(STATUS), ...backend.to(`${STATUS}/events`)]).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await reach(again, 'settled');
    const [asked, ...later] = backend.calls.filter(({ method }) => method === 'GET');
    expect(later[0]!.atMs - asked!.atMs).toBeGreaterThanOrEqual(20_000);
  });

  it('or is in trouble is left alone for a while, however often the buyer looks', async () => {
    const backend = handoff();
    await begun();
    backend.limits = 0;
    for (let looks = 0; looks < 3; looks += 1) {
      window.dispatchEvent(new Event('focus'));
      await eventually(() => expect(backend.to(STATUS)).toHaveLength(1));
      await judged();
    }
  });
});

it('a backend that does not know the attempt once is asked about it again, while nobody waits', async () => {
  const backend = handoff();
  const element = await begun();
  backend.forgets = true;
  window.dispatchEvent(new Event('focus'));
  await eventually(() => expect(backend.to(STATUS)).toHaveLength(1));
  await judged();
  backend.forgets = false;
  backend.status = 'fulfilled';
  window.dispatchEvent(new Event('focus'));
  await reach(element, 'settled');
});

describe('"check your inbox" that the backend does not know of', () => {
  it('is told of, and asked about, where the page gave the token itself', async () => {
    const backend = handoff();
    const element = await mount('item="item_1" forced handoff-url="/inbox/checkout" order="ord_forced"');
    element.fetchBindToken = () => Promise.resolve('own-token');
    await reach(element, 'checkout');
    say(element, 'checkoutConfirmed', PENDING);
    await reach(element, 'pending');
    await eventually(() => expect(kinds(backend)).toEqual(['pending']));
    backend.status = 'fulfilled';
    window.dispatchEvent(new Event('focus'));
    await reach(element, 'settled');
  });

  it('is asked about after a return in another browser', async () => {
    const here = location.href;
    const backend = handoff();
    backend.status = 'fulfilled';
    history.replaceState(null, '', new URL('?checkout=pending', here));
    const element = await mount(shop);
    history.replaceState(null, '', here);
    await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(1));
    await judged();
    window.dispatchEvent(new Event('focus'));
    await reach(element, 'settled');
  });
});

describe('nobody there', () => {
  it.each([
    ['visibilityState', 'hidden', 'visibilitychange'],
    ['onLine', false, 'online'],
  ] as const)('(%s: %s) is asked for nothing, and once on return', async (name, away, event) => {
    const backend = handoff();
    const element = await begun();
    letTimePass();
    await absent(name, away, event, async () => {
      const otherTab = new BroadcastChannel('checkout-embed');
      const base = new URL(`/shop-${String(shops)}/checkout`, location.href).href;
      for (const word of ['returned', 'settled'])
        otherTab.postMessage({ v: 1, base, key: '["ledgerbee","ord_1",""]', attempt: 'att_1', word });
      await reach(element, 'confirmed');
      window.dispatchEvent(new Event('focus'));
      await judged();
      otherTab.close();
      expect(backend.to(STATUS)).toEqual([]);
    });
    await eventually(() => expect(backend.to(STATUS).length).toBeGreaterThan(0));
    await judged();
    expect(backend.to(STATUS)).toHaveLength(1);
  });
});

describe('a checkout that was begun may be paid where nobody tells us: the return is asked about', () => {
  it.each([
    ['behind a closed frame', (element: CheckoutEmbed) => say(element, 'checkoutClosed', PICK), 'closed'],
    ['behind the cards', (element: CheckoutEmbed) => say(element, 'pageLoaded'), 'ready'],
    [
      'behind a frame that is loaded anew',
      async (element: CheckoutEmbed) => {
        element.ctaCallback = true;
        await reach(element, 'loading');
      },
      'ready',
    ],
  ] as const)('%s', async (_, leave, state) => {
    const backend = handoff();
    const element = await mount(shop);
    await reach(element, 'ready');
    say(element, 'checkoutInitiated', PICKED);
    await eventually(() => expect(element.attemptId).toBe('att_1'));
    await leave(element);
    await reach(element, state);
    // The question of the change itself, if there is one, is over.
    await judged();
    backend.status = 'fulfilled';
    await eventually(() => {
      window.dispatchEvent(new Event('focus'));
      expect(element.state).toBe('settled');
    });
  });

  it('and never after the end', async () => {
    const backend = handoff();
    backend.status = 'fulfilled';
    const element = await mount(shop);
    await reach(element, 'ready');
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'settled');
    const asked = backend.to(STATUS).length;
    window.dispatchEvent(new Event('focus'));
    await judged();
    expect(backend.to(STATUS)).toHaveLength(asked);
  });
});

timed('after all the time of a watch has passed', () => {
  beforeEach(letTimePass);

  it.each(['error', 'away'] as const)('in "%s" a confirmation is waited for anew', async (before) => {
    const { element, getStatus } = await spent(before);
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(getStatus.mock.calls.length).toBeGreaterThanOrEqual(6);
    expect(element.state).toBe('confirmed');
    const told = heard(element, 'checkout-unsettled');
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    expect((await told).source).toBe('horizon');
  });

  it('in "error" the next try in another tab is watched anew', async () => {
    const { element, getStatus } = await spent('error');
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'away');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(getStatus.mock.calls.length).toBeGreaterThanOrEqual(6);
  });

  async function spent(state: 'error' | 'away'): Promise<{ element: CheckoutEmbed; getStatus: Mock }> {
    const element = await mount('target="_blank"');
    const getStatus = vi.fn(() => Promise.resolve({ status: 'open' as const }));
    element.getStatus = getStatus;
    await reach(element, 'ready');
    if (state === 'away') say(element, 'checkoutInitiated', PICKED);
    else say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
    await reach(element, state);
    await vi.advanceTimersByTimeAsync(16 * 60_000);
    getStatus.mockClear();
    await vi.advanceTimersByTimeAsync(60_000);
    // In the background, by then.
    expect([getStatus.mock.calls.length, element.state]).toEqual([2, state]);
    getStatus.mockClear();
    return { element, getStatus };
  }
});

timed('what was heard while the backend could not be told of the checkout', () => {
  it('goes in its order when the line is back', async () => {
    const backend = handoff();
    await unheard(backend, PENDING, 'pending');
    backend.down = false;
    window.dispatchEvent(new Event('online'));
    await eventually(() => expect(kinds(backend)).toEqual(['initiated', 'pending']));
  });

  it('goes in its order when the watch begins the attempt', async () => {
    const backend = handoff();
    await unheard(backend, CONFIRMED, 'confirmed');
    backend.down = false;
    await eventually(() => expect(kinds(backend)).toEqual(['initiated', 'confirmed']));
    // One start, however often it was sent, and whoever sent it.
    const starts = backend.to('POST /attempts');
    expect(new Set(starts.map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(1);
    expect(new Set(starts.map(({ body }) => body['item']))).toEqual(new Set([PICK.planItemId]));
  });

  it('goes though storage is full and the page has gone on to another order', async () => {
    const backend = handoff();
    const element = await begun();
    await eventually(() => expect(kinds(backend)).toEqual(['initiated']));
    backend.down = true;
    fillStorage();
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await judged();
    element.order = 'ord_2';
    await reach(element, 'ready');
    backend.down = false;
    backend.calls.splice(0);
    window.dispatchEvent(new Event('online'));
    await eventually(() => expect(kinds(backend)).toEqual(['confirmed']));
  });

  it('goes though the element is gone, and whoever comes after it says it no second time', async () => {
    const backend = handoff();
    await unheard(backend, PENDING, 'pending');
    document.querySelector('checkout-embed')?.remove();
    await judged();
    // All else that was kept stays: a signal would be among it.
    localStorage.removeItem('checkout-embed:heard');
    backend.down = false;
    window.dispatchEvent(new Event('online'));
    await begun();
    await eventually(() => expect(kinds(backend)).toEqual(['initiated', 'pending', 'initiated']));
  });
});

timed('the question of a reload, answered when the buyer has begun again', () => {
  it.each([
    ['processing', 'confirmed'],
    ['failed', 'checkout'],
  ] as const)('%s: %s', async (status, state) => {
    const backend = handoff();
    (await begun()).remove();
    await judged();
    backend.limits = 1;
    const again = await mount(shop);
    await reach(again, 'ready');
    await eventually(() => expect(backend.to(STATUS)).toHaveLength(1));
    say(again, 'checkoutInitiated', PICKED);
    await reach(again, 'checkout');
    backend.limits = null;
    backend.status = status;
    window.dispatchEvent(new Event('focus'));
    await eventually(() => expect(backend.to(STATUS).length).toBeGreaterThan(1));
    await judged();
    expect(again.state).toBe(state);
  });
});

/** By itself, and not while the page stands still: what is due in seconds stays ahead of it. */
function letTimePass(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
}

/** In the middle of a checkout that the backend knows of. */
async function begun(): Promise<CheckoutEmbed> {
  const element = await mount(shop);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'checkout');
  await eventually(() => expect(element.attemptId).toBe('att_1'));
  return element;
}

/** The start was tried as often as it is, and another word was heard. */
async function unheard(
  backend: HandoffStub,
  word: typeof CONFIRMED | typeof PENDING,
  state: CheckoutState,
): Promise<void> {
  backend.down = true;
  const element = await mount(shop);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(3));
  await judged();
  say(element, 'checkoutConfirmed', word);
  await reach(element, state);
  await judged();
}

/** Away and back, as the page and then its window tell of it. */
async function absent(
  name: 'visibilityState' | 'onLine',
  away: unknown,
  event: string,
  meanwhile = (): Promise<void> => Promise.resolve(),
): Promise<void> {
  const target = name === 'onLine' ? navigator : document;
  const teller = name === 'onLine' ? window : document;
  const spy = vi.spyOn(target as unknown as Record<string, unknown>, name, 'get').mockReturnValue(away);
  teller.dispatchEvent(new Event(event));
  await meanwhile();
  spy.mockRestore();
  teller.dispatchEvent(new Event(event));
  window.dispatchEvent(new Event('focus'));
}

function kinds(backend: HandoffStub): unknown[] {
  return backend.to(SIGNALS).map(({ body }) => body['kind']);
}
