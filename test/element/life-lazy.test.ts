/** A lazy element and the view: the way to the portal first, then the frame. In a file of its own: a portal is connected to once per page. */
import { fixture } from '@open-wc/testing';
import { expect, it } from 'vitest';
import type { CheckoutEmbed } from 'checkout-embed';
import { eventually, PORTAL, reach } from './support.js';

it('connects to the portal as it comes near, and builds the frame only then', async () => {
  const far = await lazyAt(innerHeight + 2500);
  // Observers tell in order: by the time this one is connected, the far one has been weighed too.
  const near = await lazyAt(innerHeight + 800);
  await eventually(() => expect(preconnects()).toEqual([`${PORTAL}/`]));
  expect([near.state, near.frame, far.state, far.frame]).toEqual(['idle', null, 'idle', null]);

  near.style.top = `${innerHeight + 100}px`;
  await reach(near, 'ready');
  expect(far.frame).toBeNull();

  // One way serves all elements.
  const another = await lazyAt(100);
  await reach(another, 'ready');
  expect(preconnects()).toEqual([`${PORTAL}/`]);
});

it('forgets what it waited for when the page wants something else meanwhile', async () => {
  const first = PORTAL.replace('127.0.0.1', 'localhost');
  const element = await lazyAt(innerHeight + 2500, first);
  const loads: string[] = [];
  element.addEventListener('checkout-statechange', ({ to }) => {
    if (to === 'loading') loads.push(new URL(element.frame?.src ?? '').origin);
  });
  element.portal = PORTAL;
  await element.updateComplete;
  element.style.top = '100px';
  await reach(element, 'ready');
  expect(loads).toEqual([PORTAL]);
  expect(preconnects()).not.toContain(`${first}/`);
});

it.each([
  ['when it is lazy no more', innerHeight + 2500],
  ['when it has come near', 100],
])('builds the frame at once %s, and leaves it alone whatever it is then', async (_, top) => {
  const element = await lazyAt(top);
  if (top > innerHeight) element.loading = 'eager';
  await reach(element, 'ready');
  const { frame } = element;
  element.loading = 'lazy';
  await element.updateComplete;
  element.loading = null;
  await element.updateComplete;
  expect([element.state, element.frame]).toEqual(['ready', frame]);
});

it('answers a return wherever it stands', async () => {
  const here = location.href;
  history.replaceState(null, '', '?subscriptionId=sub_1');
  const element = await lazyAt(innerHeight + 9000);
  expect([element.state, location.search]).toEqual(['confirmed', '']);
  history.replaceState(null, '', here);
});

async function lazyAt(top: number, portal = PORTAL): Promise<CheckoutEmbed> {
  return fixture<CheckoutEmbed>(
    `<checkout-embed style="position:absolute;top:${top}px" loading="lazy" portal="${portal}" plan="pro-plan"
      timeout="60000" slow-after="60000"></checkout-embed>`,
  );
}

function preconnects(): string[] {
  return [...document.querySelectorAll<HTMLLinkElement>('link[rel="preconnect"]')].map(({ href }) => href);
}
