/**
 * The back/forward cache, in a browser of its own: Playwright switches it off, and once a page is restored its
 * `Page` no longer follows. So the restored page writes down what it sees, and another tab reads it.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { wholeBrowser } from '../support/find-browser.js';
import { startPortalStub, type PortalStub } from '../support/portal-stub.js';

interface Restored {
  readonly persisted: boolean;
  readonly visit: string;
  readonly state: string;
}

let stub: PortalStub;
let shop: Server;
let browser: Browser;
let origin: string;

test.beforeAll(async () => {
  stub = await startPortalStub();
  shop = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(request.url === '/' ? checkoutPage() : '<!doctype html><title>Elsewhere</title>');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(shop.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    ...wholeBrowser(),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
});

test.afterAll(async () => {
  await browser.close();
  await stub.close();
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
});

test('a page is restored as it was, whatever other tabs said meanwhile, and hears them again', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const otherTab = await context.newPage();
  await otherTab.goto(`${origin}/other-tab`);
  await page.goto(origin);
  await expect(page.locator('checkout-embed')).toHaveAttribute('data-state', 'ready');
  await page.evaluate(() => location.assign('/elsewhere'));
  await page.waitForURL('**/elsewhere');

  // To a channel that were open this word would cost the page its place in the cache.
  await say(otherTab, 'ord_2');
  void page.evaluate(() => history.back()).catch(() => undefined);

  await expect
    .poll(() => seen(otherTab, 'pageshow'))
    .toEqual({
      persisted: true,
      visit: 'first',
      state: 'ready',
    });
  await say(otherTab, 'ord_1');
  await expect
    .poll(() => seen(otherTab, 'statechange'))
    .toMatchObject({ visit: 'first', state: 'confirmed' });
  await context.close();
});

/** What the restored page wrote down last. */
function seen(otherTab: Page, what: string): Promise<Restored | null> {
  return otherTab.evaluate(
    (key) => JSON.parse(localStorage.getItem(key) ?? 'null') as Restored | null,
    `seen ${what}`,
  );
}

/** An element in the other tab would say so of this order. */
function say(otherTab: Page, order: string): Promise<void> {
  return otherTab.evaluate((ref) => {
    const channel = new BroadcastChannel('checkout-embed');
    const key = JSON.stringify(['ledgerbee', ref, '']);
    channel.postMessage({ v: 1, base: '', key, attempt: null, word: 'confirmed' });
    channel.close();
  }, order);
}

function checkoutPage(): string {
  return `<!doctype html><title>Shop</title>
    <script type="module" src="${stub.origin}/copy-1/checkout-embed.js"></script>
    <checkout-embed portal="${stub.origin}" plan="pro-plan" target="inline" order="ord_1"
      slow-after="60000" timeout="60000"></checkout-embed>
    <script>
      const element = document.querySelector('checkout-embed');
      const visit = localStorage.getItem('visited') === null ? 'first' : 'another';
      localStorage.setItem('visited', 'yes');
      const note = (what, persisted) =>
        localStorage.setItem('seen ' + what, JSON.stringify({ persisted, visit, state: element.dataset.state }));
      addEventListener('pageshow', ({ persisted }) => note('pageshow', persisted));
      element.addEventListener('checkout-statechange', () => note('statechange', false));
    </script>`;
}
