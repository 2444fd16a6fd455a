import { expect, test } from '../fixtures.js';
import { SiglumeCheckout } from '../pages/vendor-checkouts.js';

test('a buyer is redirected and pays, and the signed webhook settles', async ({ siglume }) => {
  await siglume.start();
  await siglume.expectState('idle');
  await siglume.goToCheckout();
  const checkout = new SiglumeCheckout(siglume.page);
  await checkout.expectAmount('$24.00');
  await checkout.pay();
  await siglume.expectState('settled');
  await siglume.expectGrantedOnce();
  await expect(siglume.access).toContainText(siglume.orderRef);
  // Nothing of the way back stays in the address.
  expect(new URL(siglume.page.url()).search).toBe('?vendor=siglume');
  expect((await siglume.siglumeDeliveries()).map(({ state }) => state)).toContain('delivered');
  // And a reload offers nothing to pay again.
  await siglume.page.reload();
  await siglume.expectState('settled');
  await expect(siglume.button).toHaveCount(0);
});

test('a double click starts one attempt, and a press after going back goes on with it', async ({
  siglume,
}) => {
  await siglume.start();
  await siglume.doubleClick();
  const checkout = new SiglumeCheckout(siglume.page);
  await checkout.expectAmount('$24.00');
  await siglume.page.goBack();
  await siglume.button.click();
  await checkout.expectAmount('$24.00');
  await siglume.page.goBack();
  expect(await siglume.siglumeSessions()).toHaveLength(1);
  expect((await siglume.order())?.attempts).toHaveLength(1);
});

test('a metered amount is held', async ({ siglume }) => {
  await siglume.start([{ name: 'webhook-metered-band', times: 1 }]);
  await siglume.goToCheckout();
  await new SiglumeCheckout(siglume.page).pay();
  await siglume.expectState('unsettled');
  await expect(siglume.button).toHaveCount(0);
  await siglume.quiet();
  expect(await siglume.grants()).toEqual([]);
  expect((await siglume.order())?.reviews).toMatchObject([{ reason: 'metered_integration_required' }]);

  // A price that would be metered is not sold at all.
  await siglume.start([], { price: 'small' });
  await siglume.button.click();
  await siglume.expectState('error');
  expect(await siglume.siglumeSessions()).toEqual([]);
});
