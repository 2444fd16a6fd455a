import { expect, test } from '../fixtures.js';
import { PortalCheckout } from '../pages/portal-frame.js';

test('a refused frame is named as such, with the origin to allowlist', async ({ shop }) => {
  await shop.start({ buyer: 'ida', scenario: 'origin-not-allowlisted' });
  await shop.expectState('blocked');
  const diagnosis = await shop.diagnosis();
  expect(diagnosis).toMatchObject({ code: 'origin-not-allowlisted', confidence: 'proven' });
  expect(diagnosis?.fix.copy).toContain(shop.origin);
});

test('a forged confirmation fulfills nothing', async ({ shop }) => {
  const order = await shop.start({ buyer: 'ida' });
  const portal = new PortalCheckout(shop.frame);
  await shop.expectState('ready');
  await portal.choose();
  await shop.expectState('checkout');
  // The frame has said all it has to say: a genuine message at the same moment would vouch for the forged event,
  // which is why that check is hygiene, and the backend's silence below is what counts.
  await portal.expectForm();
  const rejected = await shop.nextElementEvent('checkout-rejected');
  await shop.forgeConfirmation();
  await rejected();
  await shop.expectState('checkout');
  await shop.quiet();
  expect(await shop.grantsOf(order)).toEqual([]);
  expect(
    (await shop.subscriptions()).filter(({ partnerReferenceId }) => partnerReferenceId === order),
  ).toEqual([]);
});
