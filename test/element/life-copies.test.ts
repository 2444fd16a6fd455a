/** Two copies of the built script on one page, as two widgets of a shop bring them along. */
import { fixture } from '@open-wc/testing';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { server } from 'vitest/browser';
import type { CheckoutEmbed } from 'checkout-embed';

// Where something was heard before, no frame comes until the second file is there to say what.
beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

const PORTAL = inject('portalOrigin');
const COPIES = ['copy-1', 'copy-2'].map((copy) => `${PORTAL}/${copy}/checkout-embed.js`);

it('two copies are one element, one frame and one word of each event', async () => {
  const element = await fixture<CheckoutEmbed>(
    `<checkout-embed portal="${PORTAL}" plan="pro-plan" target="inline" timeout="60000" slow-after="60000">
    </checkout-embed>`,
  );
  const [first, second] = (await Promise.all(
    COPIES.map((url) => import(/* @vite-ignore */ url) as Promise<unknown>),
  )) as [CopyExports, CopyExports];
  expect(first.CheckoutEmbed).not.toBe(second.CheckoutEmbed);
  expect([first, second].map(({ CheckoutEmbed }) => CheckoutEmbed)).toContain(
    customElements.get('checkout-embed'),
  );
  expect(await element.ready).toBe(true);
  expect(element.querySelectorAll('iframe')).toHaveLength(1);
  expect([...document.scripts].filter(({ src }) => src === `${PORTAL}/embed.js`)).toHaveLength(1);

  const words: string[] = [];
  for (const type of ['checkout-confirmed', 'checkout-rejected'])
    addEventListener(type, () => words.push(type));
  const payload = { planVersionId: 'pv_1', planItemId: 'item_1', status: 'CONFIRMED' };
  element.frame?.contentWindow?.postMessage({ stub: 'say', type: 'checkoutConfirmed', payload }, PORTAL);
  expect(await element.outcome).toBe('confirmed');
  expect(words).toEqual(['checkout-confirmed']);
});

it('the second copy can serve a name of its own beside the first, and each hears its own frames', async () => {
  const copies = (await Promise.all(
    COPIES.map((url) => import(/* @vite-ignore */ url) as Promise<unknown>),
  )) as CopyExports[];
  const other = copies.find(({ CheckoutEmbed }) => CheckoutEmbed !== customElements.get('checkout-embed'));
  other?.CheckoutEmbed.define('other-checkout');
  const attributes = `portal="${PORTAL}" plan="pro-plan" target="inline" timeout="60000" slow-after="60000"`;
  const one = await fixture<CheckoutEmbed>(`<checkout-embed ${attributes}></checkout-embed>`);
  const two = await fixture<CheckoutEmbed>(`<other-checkout ${attributes}></other-checkout>`);
  expect(await Promise.all([one.ready, two.ready])).toEqual([true, true]);
  const closed = new Promise((resolve) => two.addEventListener('checkout-closed', resolve, { once: true }));
  const payload = { planVersionId: 'pv_1', planItemId: 'item_1' };
  two.frame?.contentWindow?.postMessage({ stub: 'say', type: 'checkoutClosed', payload }, PORTAL);
  await closed;
  expect([one.state, two.state]).toEqual(['ready', 'closed']);
});

it('the second copy, whose second file comes late, has heard what its frame said, and leaves no queue behind', async () => {
  const scope = globalThis as { checkoutEmbedEarly?: unknown };
  const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const one = await fixture<CheckoutEmbed>(
    `<checkout-embed portal="${PORTAL}" plan="pro-plan" target="inline" timeout="60000"></checkout-embed>`,
  );
  // Each browser's own: they share the portal.
  const base = `${PORTAL}/copy-late${server.browser}`;
  const { CheckoutEmbed: Late } = (await import(
    /* @vite-ignore */ `${base}/checkout-embed.js`
  )) as CopyExports;
  Late.define('late-checkout');
  const speaks = new Promise<void>((resolve) => {
    addEventListener('ledgerbee:embed:pageLoaded', (event) => {
      const { frame } = (event as CustomEvent<{ frame: HTMLIFrameElement }>).detail;
      if (frame.closest('late-checkout') !== null) resolve();
    });
  });
  const two = await fixture<CheckoutEmbed>(
    `<late-checkout portal="${PORTAL}" plan="pro-plan" target="inline" timeout="60000"></late-checkout>`,
  );
  await Promise.all([one.ready, speaks]);
  expect([one.state, two.state]).toEqual(['ready', 'loading']);
  await fetch(`${base}/now`, { mode: 'no-cors' });
  expect(await two.ready).toBe(true);
  expect(scope.checkoutEmbedEarly).toBeUndefined();
  // Its portal's script was there before the queue, and is told from a forger all the same.
  expect(info).not.toHaveBeenCalled();
});

interface CopyExports {
  readonly CheckoutEmbed: typeof CheckoutEmbed;
}
