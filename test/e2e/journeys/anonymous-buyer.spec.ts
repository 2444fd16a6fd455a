import { expect, test } from '../fixtures.js';
import { PortalCheckout } from '../pages/portal-frame.js';

test('an anonymous buyer waits honestly, and the magic link is fulfilled under its own id', async ({
  shop,
  inbox,
}) => {
  const order = await shop.start({ buyer: null });
  const email = `${order.toLowerCase()}@buyer.example`;
  const portal = new PortalCheckout(shop.frame);
  const before = await shop.subscriptions();
  await portal.choose();
  await portal.confirm(email);
  await shop.expectState('pending');
  expect(await shop.subscriptions()).toHaveLength(before.length);

  await inbox.openLinkFor(email);
  const subscription = await shop.newSubscription(before);
  expect(subscription.partnerReferenceId).toBeNull();
  await shop.expectGrantedOnce(`ledgerbee:${subscription.id}`);

  // No guess ties it to this page's order: the page goes on waiting.
  expect(await shop.grantsOf(order)).toEqual([]);
  await shop.expectState('pending');
});

test('a bound buyer whose bind ref expired ends the same way, and the developer is told why', async ({
  shop,
  inbox,
}) => {
  const warnings = shop.collectWarnings();
  const order = await shop.start({ buyer: 'ida', scenario: 'bind-ref-expired' });
  const email = `${order.toLowerCase()}@buyer.example`;
  const portal = new PortalCheckout(shop.frame);
  const before = await shop.subscriptions();
  await portal.choose();
  await portal.confirm(email);
  await shop.expectState('pending');
  await expect.poll(() => warnings.join('\n')).toContain('anonymous');
  // And on the backend, beside the attempt.
  await expect.poll(async () => (await shop.order(order))?.attempts[0]?.unbound).toBe('reference_lost');

  await inbox.openLinkFor(email);
  const subscription = await shop.newSubscription(before);
  expect(subscription.partnerReferenceId).toBeNull();
  await shop.expectGrantedOnce(`ledgerbee:${subscription.id}`);
  expect(await shop.grantsOf(order)).toEqual([]);
  await shop.expectState('pending');
});
