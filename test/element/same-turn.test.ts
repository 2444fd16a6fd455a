/** A page may go on in the very turn of a confirmation, in a listener of the vendor's own event: the word is not lost. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutEmbed } from 'checkout-embed';
import { handoff } from './handoff-stub.js';
import { eventually, hushed, isInView, judged, mount, PICK, PORTAL, reach, say } from './support.js';

const CONFIRMED = { ...PICK, status: 'CONFIRMED' } as const;
const PICKED = { ...PICK, vanity: 'pro-plan' } as const;
const SIGNALS = 'POST /attempts/att_1/signals';

beforeEach(() => {
  hushed();
  localStorage.clear();
});
afterEach(() => {
  localStorage.clear();
  vi.restoreAllMocks();
});

/** A framework's router, which may have been there before us, or come after. */
const ways: readonly [string, (element: CheckoutEmbed) => void][] = [
  ['takes the element away', (element) => element.remove()],
  ['puts the element elsewhere', (element) => document.querySelector('footer')?.append(element)],
  ['changes the language', (element) => (element.lang = 'da')],
  ['shows another plan of the same order', (element) => (element.plan = 'basic')],
  ['shows another order', (element) => (element.order = 'ord_other')],
];

describe.each(['handoff-url="/checkout"', ''])('a page with %o that', (backendOf) => {
  it.each(ways)('%s is told of the confirmation all the same', async (way, goOn) => {
    const backend = handoff();
    const order = `ord_${backendOf.length}_${way.replaceAll(' ', '_')}`;
    const attributes = `target="inline" ${backendOf} order="${order}"`;
    const element = await begun(attributes);
    if (backendOf !== '') await eventually(() => expect(element.attemptId).toBe('att_1'));
    document.body.append(document.createElement('footer'));
    const rejected = vi.fn();
    element.addEventListener('checkout-rejected', rejected);
    addEventListener('ledgerbee:embed:checkoutConfirmed', () => goOn(element), { once: true });
    say(element, 'checkoutConfirmed', CONFIRMED);
    await eventually(() => expect(localStorage.getItem('checkout-embed:heard')).toContain(order));
    await judged();
    if (backendOf !== '') {
      await eventually(() =>
        expect(backend.to(SIGNALS).map(({ body }) => body['kind'])).toContain('confirmed'),
      );
    }
    if (element.isConnected && element.order === order) {
      await reach(element, 'confirmed');
      expect(isInView(element)).toBe(false);
    } else if (element.isConnected) await reach(element, 'ready');
    expect(rejected).not.toHaveBeenCalled();
    element.remove();
    await judged();
    const again = await mount(attributes);
    await again.updateComplete;
    await judged();
    expect([again.state, isInView(again)]).toEqual(['confirmed', false]);
    document.querySelector('footer')?.remove();
  });
});

describe.each(['before', 'after'])(
  'a page that listened %s us, and the vendor’s script before both,',
  (when) => {
    it.each(ways)('%s is told of the confirmation too', async (way, goOn) => {
      const order = `ord_${when}_${way.replaceAll(' ', '_')}`;
      // The vendor's script stays, and stands before the ears of the next.
      (await begun('target="inline"')).remove();
      await judged();
      const listening = new AbortController();
      const footer = document.body.appendChild(document.createElement('footer'));
      const rejected = vi.fn();
      let element: CheckoutEmbed | null = null;
      const listen = (): void =>
        addEventListener(
          'ledgerbee:embed:checkoutConfirmed',
          () => {
            goOn(element!);
            // As WebKit's messages, of a frame that was taken away.
            if (server.browser === 'firefox')
              vi.spyOn(MessageEvent.prototype, 'source', 'get').mockReturnValue(null);
          },
          listening,
        );
      try {
        if (when === 'before') listen();
        element = await begun(`target="inline" order="${order}"`);
        if (when === 'after') listen();
        element.addEventListener('checkout-rejected', rejected);
        say(element, 'checkoutConfirmed', CONFIRMED);
        await eventually(() => expect(localStorage.getItem('checkout-embed:heard')).toContain(order));
        await judged();
        expect(rejected).not.toHaveBeenCalled();
      } finally {
        listening.abort();
        footer.remove();
      }
    });
  },
);

it('another element of the same order is told of it too', async () => {
  handoff();
  const attributes = 'target="inline" handoff-url="/checkout" order="ord_sibling"';
  const sibling = await mount(attributes);
  await reach(sibling, 'ready');
  const element = await begun(attributes);
  addEventListener('ledgerbee:embed:checkoutConfirmed', () => (element.order = 'ord_next'), { once: true });
  say(element, 'checkoutConfirmed', CONFIRMED);
  await reach(sibling, 'confirmed');
});

it('the backend hears of the item that was confirmed, where it had not heard of the checkout', async () => {
  const backend = handoff();
  backend.attemptId = 'att_unheard';
  const element = await mount('target="inline" handoff-url="/checkout" order="ord_unheard"');
  await reach(element, 'ready');
  addEventListener('ledgerbee:embed:checkoutConfirmed', () => element.remove(), { once: true });
  say(element, 'checkoutConfirmed', CONFIRMED);
  const told = (): unknown[] =>
    backend.to('POST /attempts/att_unheard/signals').map(({ body }) => body['kind']);
  await eventually(() => expect(told()).toEqual(['confirmed']));
  const starts = backend.to('POST /attempts').filter(({ body }) => body['order'] === 'ord_unheard');
  expect(starts.map(({ body }) => body['item'])).toEqual([PICK.planItemId]);
});

it.each([
  ['wants another frame', (element: CheckoutEmbed) => (element.ctaCallback = true)],
  ['takes the element away', (element: CheckoutEmbed) => element.remove()],
])('a failure that may hide a payment is in doubt though the page %s', async (way, goOn) => {
  const backend = handoff();
  const attributes = `target="inline" handoff-url="/checkout" order="ord_doubt_${way.replaceAll(' ', '_')}"`;
  const element = await begun(attributes);
  await eventually(() => expect(element.attemptId).toBe('att_1'));
  addEventListener('ledgerbee:embed:checkoutError', () => goOn(element), { once: true });
  say(element, 'checkoutError', { ...PICK, reason: 'CONFIRM_FAILED' });
  await eventually(() => expect(backend.to(SIGNALS).map(({ body }) => body['kind'])).toContain('error'));
  await judged();
  const shown = element.isConnected ? element : await mount(attributes);
  await reach(shown, 'closed');
  expect(isInView(shown)).toBe(false);
});

it('a pasted frame that says it is there is there, though its order is named in that turn', async () => {
  const pasted = `<iframe src="${PORTAL}/embed/pro-plan?target=inline"></iframe>`;
  const element = await mount('timeout="60000"', pasted);
  addEventListener('ledgerbee:embed:pageLoaded', () => (element.order = 'ord_pasted'), { once: true });
  await reach(element, 'ready');
  await judged();
  expect([element.order, element.state]).toEqual(['ord_pasted', 'ready']);
});

it('but a forged one is as little believed as ever', async () => {
  const element = await begun('target="inline" order="ord_forged"');
  const { frame } = element;
  const rejected = vi.fn();
  element.addEventListener('checkout-rejected', rejected);
  const detail = { frame, ...CONFIRMED };
  window.dispatchEvent(new CustomEvent('ledgerbee:embed:checkoutConfirmed', { detail }));
  element.remove();
  await judged();
  await judged();
  expect(localStorage.getItem('checkout-embed:heard') ?? '').not.toContain('ord_forged');
});

async function begun(attributes: string): Promise<CheckoutEmbed> {
  const element = await mount(attributes);
  await reach(element, 'ready');
  say(element, 'checkoutInitiated', PICKED);
  await reach(element, 'checkout');
  return element;
}
