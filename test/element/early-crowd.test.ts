/** The early queue of a page that talks to itself. In a file of its own: it must be there before the first element. */
import { fixture } from '@open-wc/testing';
import { expect, inject, it } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import 'checkout-embed/early';

const PORTAL = inject('portalOrigin');

it('what the page says to itself takes no witness from the frame', async () => {
  const element = await fixture<CheckoutEmbed>(
    `<checkout-embed><iframe src="${PORTAL}/embed/crowd"></iframe></checkout-embed>`,
  );
  const heard = (name: string): Promise<unknown> =>
    new Promise((resolve) => addEventListener(name, resolve, { once: true }));
  const loaded = heard('ledgerbee:embed:pageLoaded');
  const script = document.createElement('script');
  script.src = `${PORTAL}/embed.js`;
  document.head.append(script);
  await loaded;
  const last = new Promise((resolve) =>
    addEventListener('message', ({ data }) => data === 'last' && resolve(data)),
  );
  for (let count = 0; count < 1_000; count += 1) postMessage('chatter');
  postMessage('last');
  await last;
  const confirmed = heard('ledgerbee:embed:checkoutConfirmed');
  const payload = { planVersionId: 'pv_1', planItemId: 'item_1', status: 'CONFIRMED' };
  element
    .querySelector('iframe')
    ?.contentWindow?.postMessage({ stub: 'say', type: 'checkoutConfirmed', payload }, PORTAL);
  await confirmed;
  await import('checkout-embed');
  await new Promise((resolve) => element.addEventListener('checkout-confirmed', resolve, { once: true }));
  expect(element.state).toBe('confirmed');
});
