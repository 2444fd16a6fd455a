/** The fixtures' own promise, seen to hold: what should fail a journey does fail it. */
import { test } from './fixtures.js';

test('a request to a host that is not ours fails the test', async ({ page }) => {
  test.fail();
  await page.goto('http://stranger.localhost:9/').catch(() => undefined);
});

test('an error that a page does not catch fails the test', async ({ shop }) => {
  test.fail();
  const uncaught = shop.page.waitForEvent('pageerror');
  await shop.page.evaluate(() => void Promise.reject(new Error('nobody catches this')));
  await uncaught;
});
