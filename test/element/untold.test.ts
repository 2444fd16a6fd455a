/** What the backend could not be told of yet: it is told, though the page goes on, and what is answered meanwhile clears no doubt up. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { handoff, pass, type HandoffStub } from './handoff-stub.js';
import { eventually, hushed, judged, mount, part, PICK, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PENDING = { ...PICK, status: 'PENDING_VERIFICATION' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const DOUBT = { ...PICK, reason: 'CONFIRM_FAILED' } as const;

/** An order and a backend of its own for each test: what one is not told stands for the whole page. */
let shops = 0;
let shop = '';
let backend: HandoffStub;

beforeEach(() => {
  hushed();
  localStorage.clear();
  shops += 1;
  shop = `handoff-url="/untold-${String(shops)}/checkout" order="ord_${String(shops)}"`;
  backend = handoff();
  backend.attemptId = `att_${String(shops)}`;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
  vi.restoreAllMocks();
});

describe('that the vendor has nothing, said of a try before', () => {
  beforeEach(() => {
    backend.retry = true;
  });

  it('clears no failure up of which the signal did not get through, until it does', async () => {
    const element = await begun();
    const hears = backend.hears;
    backend.hears = unreached();
    say(element, 'checkoutError', DOUBT);
    await reach(element, 'error');
    await answered();
    expect(part(element, 'button')).toBeNull();
    // The same signal, soon after, without anybody going away and coming back.
    backend.hears = hears;
    await pass(8);
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
    const keys = signals().map(({ body }) => body['key']);
    expect(new Set(keys).size).toBe(2);
  });

  it('nor one of which the signal was refused for good, until another attempt has heard of it', async () => {
    const element = await begun();
    const before = backend.attemptId;
    backend.refusals = { [`${before}/signals`]: 'unauthorized' };
    say(element, 'checkoutError', DOUBT);
    await reach(element, 'error');
    await eventually(() => expect(kinds()).toEqual(['initiated', 'error']));
    await answered();
    await answered();
    expect(part(element, 'button')).toBeNull();
    // It is begun again once in a while, and not for each question.
    expect(backend.to('POST /attempts')).toHaveLength(2);
    backend.attemptId = `${before}_next`;
    await pass(40);
    await eventually(() => expect(kinds()).toEqual(['initiated', 'error']));
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
  });

  it('nor what went on in another tab', async () => {
    const element = await mount(`target="_blank" ${shop}`);
    await reach(element, 'ready');
    backend.hears = unreached();
    say(element, 'checkoutInitiated', PICKED);
    await reach(element, 'away');
    await answered();
    expect(part(element, 'button')).toBeNull();
  });

  it('nor a failure of which the attempt could not be begun before the page went on', async () => {
    const element = await mount(`target="inline" ${shop}`);
    await reach(element, 'ready');
    backend.busy = 6;
    say(element, 'checkoutError', DOUBT);
    await reach(element, 'error');
    await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(1));
    await judged();
    element.lang = 'da';
    await reach(element, 'closed');
    let hear = (): void => undefined;
    backend.hears = new Promise((resolve) => (hear = resolve));
    backend.busy = null;
    await pass(10);
    await answered();
    expect([kinds(), part(element, 'button')]).toEqual([['error'], null]);
    hear();
    await pass(5);
    await eventually(() => expect(part(element, 'button')).not.toBeNull());
  });
});

describe('a word that was heard while no attempt could be begun is told though', () => {
  it.each<[string, (element: CheckoutEmbed) => unknown]>([
    ['the language changes', (element) => (element.lang = 'da')],
    [
      'the element is put elsewhere',
      async (element) => {
        const home = element.parentElement;
        element.remove();
        await judged();
        home?.append(element);
      },
    ],
  ])('%s', async (_, goOn) => {
    const element = await mount(`target="inline" ${shop}`);
    await reach(element, 'ready');
    backend.busy = 6;
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(1));
    await judged();
    await goOn(element);
    await judged();
    // Nobody asks before the backend wants to be asked.
    expect(backend.to('POST /attempts')).toHaveLength(1);
    backend.busy = null;
    await pass(10);
    await eventually(() => expect(kinds()).toContain('confirmed'));
  });

  it('nobody waits for an answer when the line is back', async () => {
    const element = await mount(`target="inline" ${shop}`);
    await reach(element, 'ready');
    backend.down = true;
    say(element, 'checkoutConfirmed', PENDING);
    await reach(element, 'pending');
    await pass(3);
    element.order = 'ord_next';
    await reach(element, 'ready');
    await pass(3);
    backend.down = false;
    window.dispatchEvent(new Event('online'));
    await eventually(() => expect(kinds()).toEqual(['pending']));
  });

  it('the page went on in its very turn, and more often than a start is tried', async () => {
    const element = await mount(`target="inline" ${shop}`);
    await reach(element, 'ready');
    backend.down = true;
    addEventListener('ledgerbee:embed:checkoutConfirmed', () => element.remove(), { once: true });
    say(element, 'checkoutConfirmed', CONFIRMED);
    await eventually(() => expect(backend.to('POST /attempts')).toHaveLength(1));
    await pass(4);
    backend.down = false;
    await mount(`target="inline" ${shop}`);
    await eventually(() => expect(kinds()).toContain('confirmed'));
  });

  it('but not after reset()', async () => {
    const element = await mount(`target="inline" ${shop}`);
    await reach(element, 'ready');
    backend.down = true;
    say(element, 'checkoutConfirmed', CONFIRMED);
    await reach(element, 'confirmed');
    await pass(3);
    element.lang = 'da';
    await reach(element, 'confirmed');
    await pass(3);
    element.reset();
    await reach(element, 'ready');
    backend.down = false;
    window.dispatchEvent(new Event('online'));
    await pass(3);
    expect(kinds()).toEqual([]);
  });

  it('and no attempt is begun to say that a checkout was left', async () => {
    const element = await mount(`target="inline" ${shop}`);
    await reach(element, 'ready');
    say(element, 'checkoutClosed', PICK);
    await reach(element, 'closed');
    element.lang = 'da';
    await reach(element, 'ready');
    window.dispatchEvent(new Event('online'));
    await judged();
    expect(backend.calls).toEqual([]);
  });
});

it('route after route while the backend is down pushes no confirmation out', async () => {
  const element = await begun();
  backend.down = true;
  say(element, 'checkoutConfirmed', CONFIRMED);
  await reach(element, 'confirmed');
  const home = element.parentElement;
  for (let route = 0; route < 21; route += 1) {
    element.remove();
    await judged();
    home?.append(element);
    await reach(element, 'confirmed');
    await judged();
  }
  backend.calls.splice(0);
  backend.down = false;
  window.dispatchEvent(new Event('online'));
  await eventually(() => expect(kinds()).toEqual(['confirmed', 'returned']));
}, 60_000);

it('a page of a deploy in the backend’s place swallows no confirmation', async () => {
  const element = await begun();
  backend.deploys = true;
  say(element, 'checkoutConfirmed', CONFIRMED);
  await reach(element, 'confirmed');
  await eventually(() => expect(kinds()).toEqual(['initiated', 'confirmed']));
  await judged();
  backend.deploys = false;
  window.dispatchEvent(new Event('online'));
  await eventually(() => expect(kinds()).toEqual(['initiated', 'confirmed', 'confirmed']));
});

/** A checkout that the backend has heard of. */
async function begun(): Promise<CheckoutEmbed> {
  const element = await mount(`target="inline" ${shop}`);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'checkout');
  await eventually(() => expect(kinds()).toEqual(['initiated']));
  await judged();
  return element;
}

/** The answer to a question that began after this was judged: one more is not asked before. */
async function answered(): Promise<void> {
  const asked = (): number => backend.to(`GET /attempts/${backend.attemptId}`).length;
  const before = asked();
  for (let seconds = 0; asked() < before + 2 && seconds < 30; seconds += 1) await pass(1);
  expect(asked()).toBeGreaterThan(before + 1);
  await judged();
}

/** As where the line breaks for this one request. */
function unreached(): Promise<void> {
  const refused = Promise.reject(new TypeError('Failed to fetch'));
  refused.catch(() => undefined);
  return refused;
}

function signals(): HandoffStub['calls'] {
  return [...backend.to(`POST /attempts/${backend.attemptId}/signals`)];
}

function kinds(): unknown[] {
  return signals().map(({ body }) => body['kind']);
}
