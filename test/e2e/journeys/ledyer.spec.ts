import { expect, test } from '../fixtures.js';
import { LedyerCheckout } from '../pages/vendor-checkouts.js';

test('an order goes from pending to confirmed to captured, with notifications twice and out of order', async ({
  ledyer,
}) => {
  await ledyer.start([
    { name: 'buyer-reviewed', times: 1 },
    { name: 'notification-out-of-order', times: 1 },
    { name: 'notification-twice' },
  ]);
  await ledyer.goToCheckout();
  await new LedyerCheckout(ledyer.page).placeOrder();
  await ledyer.expectState('settling');
  // The page says so before anybody has asked Ledyer.
  await expect.poll(async () => (await ledyer.order())?.status).toBe('pending');
  expect(await ledyer.grants()).toEqual([]);

  await ledyer.act('approve');
  await ledyer.expectState('settled');
  await ledyer.expectGrantedOnce();
  await expect(ledyer.access).toContainText(ledyer.orderRef);

  await ledyer.act('capture');
  const statuses = async (): Promise<readonly string[]> =>
    ((await ledyer.order())?.facts ?? []).flatMap((fact) =>
      fact.kind === 'observed' ? [fact.observation.vendorStatus] : [],
    );
  await expect.poll(statuses).toContain('orderCaptured');
  await ledyer.expectGrantedOnce();
  expect((await ledyer.order())?.status).toBe('fulfilled');

  const notifications = await ledyer.ledyerNotifications();
  expect(notifications.map(({ eventType }) => eventType.replace('com.ledyer.order.', ''))).toEqual([
    'ready_for_capture',
    'create',
    'full_capture',
  ]);
  for (const { attempts } of notifications) expect(attempts.map(({ status }) => status)).toEqual([200, 200]);
  const acknowledged = (await ledyer.ledyerCalls()).filter((call) => call.includes('/acknowledge'));
  expect(acknowledged).toHaveLength(1);
});

test('an API that is down during a notification delays and does not lose', async ({ ledyer }) => {
  await ledyer.start([{ name: 'api-down', times: 2 }]);
  await ledyer.goToCheckout();
  await new LedyerCheckout(ledyer.page).placeOrder();
  await ledyer.expectState('settled');
  await ledyer.expectGrantedOnce();
  // The look-up failed, and the notification was taken all the same: Ledyer did not have to send it again.
  expect((await ledyer.ledyerCalls()).filter((call) => call.endsWith('503'))).not.toEqual([]);
  for (const { attempts } of await ledyer.ledyerNotifications()) {
    expect(attempts.map(({ status }) => status)).toEqual([200]);
  }
});
