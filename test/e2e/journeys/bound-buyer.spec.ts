import { expect, test } from '../fixtures.js';
import { PortalCheckout } from '../pages/portal-frame.js';

test('a bound buyer sees the order through to done', async ({ shop }) => {
  const order = await shop.start({ buyer: 'ida' });
  const portal = new PortalCheckout(shop.frame);
  await shop.expectState('ready');
  await portal.choose();
  await shop.expectState('checkout');
  await portal.confirm();
  await shop.expectState(/confirmed|settled/);
  await shop.expectState('settled');
  await shop.expectGrantedOnce(order);
  await expect(shop.access).toContainText(order);
});

test('a confirm failure is retried and settles', async ({ shop }) => {
  const order = await shop.start({ buyer: 'ida', scenario: 'confirm-fails', times: 1 });
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  await portal.confirm();
  await shop.expectState('error');
  // Offered only once the backend has asked the vendor, which has nothing.
  await shop.embed.getByRole('button', { name: /try again/i }).click();
  await portal.choose();
  await portal.confirm();
  await shop.expectState('settled');
  await shop.expectGrantedOnce(order);
});

test('a lost webhook is recovered by reconcile', async ({ shop }) => {
  const order = await shop.start({ buyer: 'ida', scenario: 'webhook-lost' });
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  await portal.confirm();
  await shop.expectState('settled');
  await shop.expectGrantedOnce(order);
  expect(await shop.acceptedDeliveries(order)).toEqual([]);
});

test('a browser that is closed right after the confirmation loses nothing', async ({ shop, context }) => {
  const order = await shop.start({ buyer: 'ida' });
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  const confirmed = shop.nextVendorEvent('checkoutConfirmed');
  await portal.confirm();
  await confirmed;
  await shop.page.close();

  const later = await shop.inNewTab(context);
  await later.expectGrantedOnce(order);
});
