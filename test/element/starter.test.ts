/** An element until its second file has come: its frame is on its way all the same, and nothing it says is lost. */
import { fixture } from '@open-wc/testing';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { CheckoutEmbed, type CheckoutState, type Messages } from 'checkout-embed';
import { ownStorage } from './own-storage.js';

const PORTAL = inject('portalOrigin');
const KEPT = 'checkout-embed:attempts:https://shop.example/checkout';
const HEARD = 'checkout-embed:heard';

/** The second file comes when a test lets it come, once for the whole page: so one test follows the other. */
const gate = vi.hoisted(() => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
});
vi.mock('../../src/element/rest.js', async (original) => {
  await gate.opened;
  return original();
});

function element(attributes = ''): Promise<CheckoutEmbed> {
  const times = 'slow-after="60000" timeout="60000"';
  return fixture(
    `<checkout-embed portal="${PORTAL}" plan="pro-plan" target="inline" ${times} ${attributes}></checkout-embed>`,
  );
}

/** Resolves when this very frame has painted. */
function painted({ frame }: CheckoutEmbed): Promise<void> {
  return new Promise((resolve) => {
    const type = 'ledgerbee:embed:pageLoaded';
    const listen = (event: Event): void => {
      if ((event as CustomEvent<{ frame: unknown }>).detail.frame !== frame) return;
      window.removeEventListener(type, listen);
      resolve();
    };
    window.addEventListener(type, listen);
  });
}

/** The frame says that it was paid. */
async function confirmed({ frame }: CheckoutEmbed): Promise<void> {
  const said = heard(window, 'ledgerbee:embed:checkoutConfirmed');
  const payload = { planVersionId: 'pv_1', planItemId: 'item_1', status: 'CONFIRMED' };
  frame?.contentWindow?.postMessage({ stub: 'say', type: 'checkoutConfirmed', payload }, PORTAL);
  await said;
}

function heard(target: EventTarget, type: string): Promise<Event> {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

beforeEach(() => {
  vi.stubGlobal('localStorage', ownStorage());
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
});
afterEach(() => {
  for (const key of [KEPT, HEARD]) localStorage.removeItem(key);
  vi.restoreAllMocks();
});

describe('before the second file has come', () => {
  it('the frame is on its way behind a skeleton, and the state says loading', async () => {
    const checkout = await element();
    expect(checkout.querySelector('iframe')?.src).toContain(`${PORTAL}/embed/pro-plan`);
    expect(checkout.querySelector('iframe')?.title).toBe('Checkout');
    expect([checkout.state, checkout.dataset['state'], checkout.diagnosis]).toEqual([
      'loading',
      'loading',
      null,
    ]);
    expect(checkout.renderRoot.querySelector('[part~="skeleton"]')?.checkVisibility()).toBe(true);
  });

  it.each([KEPT, HEARD])(
    'an order that this browser may have paid before is not offered: %s',
    async (key) => {
      localStorage.setItem(key, '[]');
      const checkout = await element();
      expect(checkout.querySelector('iframe')).toBeNull();
      expect(checkout.state).toBe('idle');
    },
  );

  it('another plan takes the place of the first', async () => {
    const checkout = await element();
    checkout.plan = 'other-plan';
    await checkout.updateComplete;
    const frames = Array.from(checkout.querySelectorAll('iframe'), ({ src }) => new URL(src).pathname);
    expect(frames).toEqual(['/embed/other-plan']);
  });

  it('an element that is moved within one task still says loading', async () => {
    const checkout = await element();
    checkout.parentElement?.append(checkout);
    await checkout.updateComplete;
    expect([checkout.state, checkout.dataset['state']]).toEqual(['loading', 'loading']);
  });

  it('an element that leaves settles its promises and takes its frame along', async () => {
    const checkout = await element();
    const { ready, outcome } = checkout;
    checkout.remove();
    expect([await ready, await outcome]).toEqual([false, 'closed']);
    expect(checkout.querySelector('iframe')).toBeNull();
    expect(checkout.state).toBe('idle');
  });
});

describe('where it does not come in time', () => {
  /** As long as it is waited for, in milliseconds. */
  const LATE_MS = 12_000;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  async function late(checkout: CheckoutEmbed): Promise<void> {
    await vi.advanceTimersByTimeAsync(LATE_MS);
    await checkout.updateComplete;
  }
  const seen = (checkout: CheckoutEmbed): boolean =>
    checkout.querySelector('iframe') !== null &&
    checkout.renderRoot.querySelector('.frame')?.className === 'frame shown';

  it('the frame is seen without it, and nothing covers it again', async () => {
    const checkout = await element();
    expect(seen(checkout)).toBe(false);
    await late(checkout);
    expect(seen(checkout)).toBe(true);
    // Another tab of this browser has begun a checkout.
    localStorage.setItem(KEPT, '[]');
    await late(checkout);
    expect([seen(checkout), checkout.state]).toEqual([true, 'loading']);
  });

  it('tokens that several elements hold back are the page’s own to give', async () => {
    const own = vi.fn(() => Promise.resolve('own'));
    let provider: (ask: object) => Promise<string | null> = own;
    let reads = 0;
    const LedgerBeeEmbed = {
      get fetchBindToken() {
        // Asked in circles, the page would never come to say that this test has failed.
        if ((reads += 1) > 50) throw new Error('asked in circles');
        return provider;
      },
      set fetchBindToken(next) {
        provider = next;
      },
    };
    Object.assign(window, { LedgerBeeEmbed });
    const one = await element('handoff-url="/checkout"');
    const other = await element('handoff-url="/checkout"');
    other.plan = 'other-plan';
    await other.updateComplete;
    const answers = [one, other].map(({ frame }) => LedgerBeeEmbed.fetchBindToken({ frame }));
    await late(one);
    expect(await Promise.all(answers)).toEqual(['own', 'own']);
    expect(own.mock.calls).toEqual([[{ frame: one.frame }], [{ frame: other.frame }]]);
    Reflect.deleteProperty(window, 'LedgerBeeEmbed');
  });

  it('an order that may be paid stays hidden, and is said not to be available, until the element leaves', async () => {
    localStorage.setItem(KEPT, '[]');
    const checkout = await element('lang="da"');
    await late(checkout);
    expect(checkout.querySelector('iframe')).toBeNull();
    expect([checkout.state, checkout.dataset['state']]).toEqual(['blocked', 'blocked']);
    expect(checkout.renderRoot.querySelector('[part="heading"]')?.textContent).toBe(
      'Betaling ikke tilgængelig',
    );
    expect(checkout.renderRoot.querySelector('[part="button"]')?.textContent).toBe('Prøv igen');
    checkout.messages = { retry: 'Igen' };
    await checkout.updateComplete;
    expect(checkout.renderRoot.querySelector('[part="button"]')?.textContent).toBe('Igen');
    checkout.lang = 'sv-FI';
    CheckoutEmbed.languages['sv'] = { ...({} as Messages), unavailable: ['Kassan är stängd', ''] };
    await checkout.updateComplete;
    expect(checkout.renderRoot.querySelector('[part="heading"]')?.textContent).toBe('Kassan är stängd');
    delete CheckoutEmbed.languages['sv'];
    checkout.remove();
    vi.advanceTimersByTime(0);
    expect([checkout.state, checkout.dataset['state']]).toEqual(['idle', 'idle']);
  });
});

describe('when it comes', () => {
  it('what the frame said by then is heard, and what was asked for is done', async () => {
    const spoken = heard(window, 'ledgerbee:embed:pageLoaded');
    const speaking = await element('lang="da"');
    const asked = await element();
    const here = location.href;
    history.replaceState(null, '', '?subscriptionId=sub_1');
    const returned = await element();
    const tooLate = await element();
    // A router cleans the address before anybody has read it.
    history.replaceState(null, '', here);
    // Nothing was known that this could forget.
    const begunAnew = await element('order="ord_anew"');
    begunAnew.reset();
    await begunAnew.updateComplete;
    const anew = painted(begunAnew);
    const frame = speaking.querySelector('iframe');
    const source = frame?.contentWindow;
    asked.close();
    await spoken;
    await anew;
    await confirmed(begunAnew);
    const states: CheckoutState[] = [];
    speaking.addEventListener('checkout-statechange', ({ to }) => states.push(to));
    expect(speaking.state).toBe('loading');
    gate.open();
    await heard(speaking, 'checkout-ready');
    expect(states).toEqual(['loading', 'ready']);
    expect(frame?.title).toBe('Betaling');
    // The same load of the same frame: nothing was asked for twice.
    expect(speaking.querySelector('iframe')).toBe(frame);
    expect(frame?.contentWindow).toBe(source);
    expect(await asked.outcome).toBe('closed');
    expect(asked.state).toBe('closed');
    // What was bought is not offered again, and one return is one element's.
    expect(returned.state).toBe('confirmed');
    expect(returned.querySelector('iframe')?.checkVisibility({ visibilityProperty: true })).not.toBe(true);
    expect(['loading', 'ready']).toContain(tooLate.state);
    expect(begunAnew.state).toBe('confirmed');
  });

  it('elements that follow have it at once', async () => {
    const checkout = await element();
    expect(checkout.renderRoot.querySelector('[part~="skeleton"]')).not.toBeNull();
    await heard(checkout, 'checkout-ready');
    expect(checkout.state).toBe('ready');
  });
});
