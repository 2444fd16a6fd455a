/** A frame that speaks when the early queue is taken, and before it is an element's. In a file of its own: the queue must be there first. */
import { fixture } from '@open-wc/testing';
import { expect, inject, it, vi } from 'vitest';
import type { CheckoutEmbed, CheckoutRejectedEvent, CheckoutState } from 'checkout-embed';

const PORTAL = inject('portalOrigin');
const FRAME = `<iframe src="${PORTAL}/embed/pro-plan"></iframe>`;
const TIMES = {
  heard: 'slow-after="60000" timeout="60000"',
  missed: 'slow-after="1" timeout="50" retries="0"',
};

it('is not taken for silent: it was not heard from its start', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'groupCollapsed').mockImplementation(() => undefined);
  await installInHead();
  const first = await fixture<CheckoutEmbed>(`<checkout-embed ${TIMES.heard}>${FRAME}</checkout-embed>`);
  const { CheckoutEmbed: Checkout } = await import('checkout-embed');
  // Its ears took the queue: what others say is not kept any more.
  expect(await first.ready).toBe(true);

  const rejected = new Promise<CheckoutRejectedEvent>((resolve) =>
    first.addEventListener('checkout-rejected', resolve, { once: true }),
  );
  const later = await fixture<CheckoutEmbed>(`<later-checkout ${TIMES.missed}>${FRAME}</later-checkout>`);
  const frame = later.querySelector('iframe');
  // It has spoken, to nobody.
  expect(await rejected).toMatchObject({ name: 'pageLoaded', reason: 'foreign-frame' });
  const states: CheckoutState[] = [];
  later.addEventListener('checkout-statechange', ({ to }) => states.push(to));
  Checkout.define('later-checkout');
  expect(await later.ready).toBe(false);
  await later.updateComplete;
  expect(states).toEqual(['loading', 'slow']);
  expect(frame?.checkVisibility({ visibilityProperty: true })).toBe(true);
});

/** As a script in the head does, before the body has begun. */
async function installInHead(): Promise<void> {
  const { body } = document;
  body.remove();
  await import('checkout-embed/early');
  document.documentElement.append(body);
}
