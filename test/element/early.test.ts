/** The early queue. In a file of its own: it must be there before the first element. */
import { fixture } from '@open-wc/testing';
import { expect, inject, it } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import 'checkout-embed/early';

const PORTAL = inject('portalOrigin');

it('what a pasted frame said before the element was there is not lost', async () => {
  const element = await fixture<CheckoutEmbed>(
    `<checkout-embed><iframe src="${PORTAL}/embed/pro-plan"></iframe></checkout-embed>`,
  );
  const spoken = new Promise((resolve) =>
    addEventListener('ledgerbee:embed:pageLoaded', resolve, { once: true }),
  );
  const script = document.createElement('script');
  script.src = `${PORTAL}/embed.js`;
  document.head.append(script);
  await spoken;
  expect(customElements.get('checkout-embed')).toBeUndefined();
  await import('checkout-embed');
  expect(await element.ready).toBe(true);
  expect(element.state).toBe('ready');

  // The vendor's script was here first and speaks before us: its word counts all the same.
  const confirmed = new Promise((resolve) =>
    element.addEventListener('checkout-confirmed', resolve, { once: true }),
  );
  const payload = { planVersionId: 'pv_1', planItemId: 'item_1', status: 'CONFIRMED' };
  element.frame?.contentWindow?.postMessage({ stub: 'say', type: 'checkoutConfirmed', payload }, PORTAL);
  await confirmed;
  expect(element.state).toBe('confirmed');
});
