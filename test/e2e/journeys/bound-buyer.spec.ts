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
  // The focus was in the frame, which is gone: it moved to the panel that came in its place.
  expect(await shop.page.evaluate(() => document.activeElement?.localName)).toBe('checkout-embed');
});

test('a reload between the confirmation and its webhook offers nothing to pay again', async ({ shop }) => {
  const order = await shop.start({ buyer: 'ida', scenario: 'webhook-late' });
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  await portal.confirm();
  await shop.expectState(/confirmed|settled/);
  await shop.page.reload();
  await shop.expectState(/confirmed|settled/);
  await expect(shop.embed.locator('iframe')).toBeHidden();
  await shop.expectState('settled');
  await shop.expectGrantedOnce(order);
});

test('an order that was confirmed in one tab is not sold in another', async ({ shop, context }) => {
  const order = await shop.start({ buyer: 'ida' });
  await new PortalCheckout(shop.frame).choose();
  const other = await shop.inNewTab(context);
  await new PortalCheckout(other.frame).choose();
  await new PortalCheckout(other.frame).confirm();
  await other.expectState('settled');
  await shop.expectState(/confirmed|settled/);
  await expect(shop.embed.locator('iframe')).toBeHidden();
  await shop.expectGrantedOnce(order);
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
  const confirmed = await shop.nextVendorEvent('checkoutConfirmed');
  await portal.confirm();
  await confirmed();
  await shop.page.close();

  const later = await shop.inNewTab(context);
  await later.expectGrantedOnce(order);
});
