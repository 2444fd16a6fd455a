/** What `preventDefault()` holds back: the view stays as it was, nobody is sent anywhere, and the state goes on. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckoutEmbed, CheckoutState, StatusAnswer } from 'checkout-embed';
import { heard, hushed, isInView, judged, mount, part, PICK, PORTAL, reach, say, words } from './support.js';

const here = location.href;

beforeEach(hushed);
afterEach(() => {
  vi.restoreAllMocks();
  history.replaceState(null, '', here);
});

it('a view that was prevented comes where its frame is moved: the cards would offer to buy again', async () => {
  const element = await mount('target="inline" order="ord_prevented_moved"');
  await reach(element, 'ready');
  prevent(element, 'checkout-confirmed');
  say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
  await reach(element, 'confirmed');
  await judged();
  expect(isInView(element)).toBe(true);
  document.body.append(element);
  await judged();
  await element.updateComplete;
  expect([isInView(element), part(element, 'panel-confirmed') === null]).toEqual([false, false]);
  element.remove();
});

describe('prevented, the view stays as it was', () => {
  it('but of checkout-ready: no frame that works is kept from the buyer', async () => {
    const element = await mount('target="inline"');
    prevent(element, 'checkout-ready');
    await reach(element, 'ready');
    await judged();
    expect([part(element, 'skeleton'), isInView(element)]).toEqual([null, true]);
  });

  it('of checkout-slow: the skeleton, with no note', async () => {
    const element = await mount(`portal="${PORTAL}" plan="silent" slow-after="10" timeout="60000"`);
    prevent(element, 'checkout-slow');
    await reach(element, 'slow');
    await judged();
    expect([part(element, 'skeleton') === null, part(element, 'note')]).toEqual([false, null]);
    expect(words(element)).toBe('');
  });

  it('of checkout-blocked: the note that it is slow', async () => {
    // Without embed.js the silence would be its fault.
    await reach(await mount(), 'ready');
    const element = await mount(`portal="${PORTAL}" plan="silent" slow-after="10" timeout="100" retries="0"`);
    prevent(element, 'checkout-blocked');
    await reach(element, 'slow');
    const { note, said } = view(element);
    expect(note).not.toBeNull();
    await reach(element, 'blocked');
    await judged();
    expect(view(element)).toEqual({ panel: null, note, said });
  });

  it.each([
    ['settled', { status: 'fulfilled' }],
    ['unsettled', { status: 'review' }],
    ['failed', { status: 'failed', retry: true }],
  ] as const)('of checkout-%s: the thank-you', async (state, answer) => {
    const element = await confirmed(`ord_prevented_${state}`);
    const before = view(element);
    expect(before.panel).toContain('panel-confirmed');
    prevent(element, `checkout-${state}`);
    element.getStatus = () => Promise.resolve(answer);
    await reach(element, state);
    await judged();
    expect(view(element)).toEqual(before);
  });
});

describe('the redirect of a settled order', () => {
  it('is followed', async () => {
    const element = await confirmed('ord_sent_on');
    const gone = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
    const settled = heard(element, 'checkout-settled');
    element.getStatus = () => Promise.resolve(sentTo('#thanks'));
    expect((await settled).redirect).toBe(sentTo('#thanks').redirect);
    await gone;
    expect(location.hash).toBe('#thanks');
  });

  it('is left to the page that prevents it, which reads it from the event', async () => {
    const element = await confirmed('ord_kept_here');
    prevent(element, 'checkout-settled');
    const settled = heard(element, 'checkout-settled');
    element.getStatus = () => Promise.resolve(sentTo('#never'));
    expect((await settled).redirect).toBe(sentTo('#never').redirect);
    await judged();
    expect(location.href).toBe(here);
    // Nor is it taken for followed: the page may want it of the next element.
    expect(localStorage.getItem('checkout-embed:went') ?? '').not.toContain('#never');
  });
});

/** A page of this very document: going there can be seen, and leaves it where it is. */
function sentTo(hash: string): Omit<StatusAnswer, 'v'> & { redirect: string } {
  return { status: 'fulfilled', redirect: new URL(hash, here).href };
}

async function confirmed(order: string): Promise<CheckoutEmbed> {
  const element = await mount(`target="inline" order="${order}"`);
  await reach(element, 'ready');
  say(element, 'checkoutConfirmed', { ...PICK, status: 'CONFIRMED' });
  await reach(element, 'confirmed');
  return element;
}

function prevent(element: CheckoutEmbed, type: `checkout-${CheckoutState}`): void {
  element.addEventListener(type, (event) => event.preventDefault());
}

function view(element: CheckoutEmbed): { panel: string | null; note: string | null; said: string } {
  const [panel = null, note = null] = ['panel', 'note'].map(
    (name) => part(element, name)?.getAttribute('part') ?? null,
  );
  return { panel, note, said: words(element) };
}
