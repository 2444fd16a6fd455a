/** The line to the merchant's backend when it breaks, and storage that refuses. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { handoff, type HandoffStub } from './handoff-stub.js';
import { eventually, hushed, judged, mount, PICK, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const ORDER = 'target="inline" handoff-url="/checkout" order="ord_1"';
const SIGNALS = 'POST /attempts/att_1/signals';

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

describe('without a line', () => {
  it('while asking, nothing is asked, nothing is said to have failed, and the line’s return is met with a question', async () => {
    const backend = handoff();
    const element = await begun();
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await eventually(() => expect(backend.to('GET /attempts/att_1').length).toBeGreaterThan(0));
    const line = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    const before = backend.to('GET /attempts/att_1').length;
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('focus'));
    expect(element.state).toBe('confirmed');
    expect(backend.to('GET /attempts/att_1')).toHaveLength(before);

    backend.status = 'fulfilled';
    line.mockReturnValue(true);
    window.dispatchEvent(new Event('online'));
    await reach(element, 'settled');
  });
});

describe('a line that is lost', () => {
  it('while the portal is asked at the deadline leaves no skeleton behind when it is back', async () => {
    const element = await mount('slow-after="60000" timeout="50" target="callback"');
    await reach(element, 'ready');
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const portal = vi.spyOn(window, 'fetch').mockImplementation(() => answered.then(() => new Response()));
    // The item's checkout says nothing.
    say(element, 'checkoutInitiated', { ...PICKED, planItemId: 'silent', deferred: true });
    await eventually(() => expect(portal).toHaveBeenCalled());
    const line = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    await reach(element, 'offline');
    answer();
    await judged();
    const before = portal.mock.calls.length;
    line.mockReturnValue(true);
    window.dispatchEvent(new Event('online'));
    await reach(element, 'slow');
    // What it answered without a line counts for nothing.
    expect(portal.mock.calls.length).toBeGreaterThan(before);
    expect(element.diagnosis).not.toBeNull();
  });
});

describe('a signal', () => {
  it('outlives its page, and has a key of its own beside that of the start', async () => {
    const backend = handoff();
    const element = await begun();
    say(element, 'checkoutConfirmed', CONFIRMED);
    await eventually(() => expect(kinds(backend)).toEqual(['initiated', 'confirmed']));
    const calls = backend.to(SIGNALS);
    expect(calls.every(({ keepalive }) => keepalive)).toBe(true);
    expect(new Set(calls.map(({ body }) => body['key'])).size).toBe(2);
    expect(backend.to('POST /attempts')[0]?.headers.get('Idempotency-Key')).toMatch(/^[\w-]{36}$/);
  });

  it.each(['online', 'pageshow'])(
    'that nobody took waits, and goes again on %s under its key',
    async (event) => {
      const backend = handoff();
      const element = await begun();
      await eventually(() => expect(kinds(backend)).toEqual(['initiated']));
      await missed(element, backend);
      backend.down = false;
      window.dispatchEvent(new Event(event));
      await taken(backend);
    },
  );

  it('that nobody took goes again on the next load', async () => {
    const backend = handoff();
    const element = await begun();
    await eventually(() => expect(kinds(backend)).toEqual(['initiated']));
    await missed(element, backend);
    element.remove();
    backend.down = false;
    await mount(ORDER);
    await taken(backend);
  });

  it.each([
    ['is full', new DOMException('Full.', 'QuotaExceededError')],
    ['is forbidden', new DOMException('No storage here.', 'SecurityError')],
  ])('where storage %s is sent all the same, and waits in memory', async (how, error) => {
    for (const method of ['getItem', 'setItem', 'removeItem'] as const) {
      if (method !== 'getItem' || error.name === 'SecurityError')
        vi.spyOn(Storage.prototype, method).mockImplementation(() => {
          throw error;
        });
    }
    const backend = handoff();
    // The page remembers what storage does not take: each has a backend and an order of its own.
    const name = how.replace(' ', '-');
    const element = await begun(ORDER.replace('/checkout', `/${name}/checkout`).replace('ord_1', name));
    await eventually(() => expect(kinds(backend)).toEqual(['initiated']));
    await missed(element, backend);
    backend.down = false;
    window.dispatchEvent(new Event('online'));
    await taken(backend);
  });
});

/** In the middle of a checkout that the backend knows of. */
async function begun(order = ORDER): Promise<CheckoutEmbed> {
  const element = await mount(order);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'checkout');
  await eventually(() => expect(element.attemptId).toBe('att_1'));
  return element;
}

/** The confirmation is heard while nothing is reached. */
async function missed(element: CheckoutEmbed, backend: HandoffStub): Promise<void> {
  backend.down = true;
  say(element, 'checkoutConfirmed', CONFIRMED);
  await eventually(() => expect(kinds(backend)).toEqual(['initiated', 'confirmed']));
  await reach(element, 'confirmed');
}

/** The same signal, once more. */
async function taken(backend: HandoffStub): Promise<void> {
  await eventually(() => expect(kinds(backend).slice(0, 3)).toEqual(['initiated', 'confirmed', 'confirmed']));
  const [, first, second] = backend.to(SIGNALS);
  expect(second?.body).toEqual(first?.body);
}

function kinds(backend: HandoffStub): unknown[] {
  return backend.to(SIGNALS).map(({ body }) => body['kind']);
}
