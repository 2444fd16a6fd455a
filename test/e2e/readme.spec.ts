/** The README's pages, as they are written there: its portal's name leads to the sandbox, its package to the built files. */
import { buildElement } from '../support/build-element.js';
import { readmeBlock } from '../support/readme.js';
import { expect, test } from './fixtures.js';
import { PortalCheckout } from './pages/portal-frame.js';
import type { RedirectShop } from './pages/redirect-shop.js';
import { SiglumeCheckout } from './pages/vendor-checkouts.js';

/** Where the built package is put for the page. */
const PACKAGE = '/package/';

test("the README's page sells to a bound buyer", async ({ shop, page }) => {
  const order = await shop.start({ buyer: 'ida' });
  const portalOrigin = (await shop.embed.getAttribute('portal'))!;
  const block = await readmeBlock('page');
  expect(block).toContain('order="order-1042"');
  const { element } = await buildElement();
  const files = new Map([...element.needed, ...element.lazy].map(({ name, code }) => [PACKAGE + name, code]));
  await page.route(`**${PACKAGE}*`, async (route) => {
    const body = files.get(new URL(route.request().url()).pathname);
    await (body === undefined ? route.abort() : route.fulfill({ contentType: 'text/javascript', body }));
  });
  // Into a page that a server on this machine gave: Chromium keeps a made-up one from reaching loopback.
  await page.goto('/_demo/access');
  // The three names that are a reader's own: portal, order, and where the package comes from.
  await page.setContent(`<!doctype html><html lang="en"><title>README</title>
    <script type="importmap">{"imports":{"checkout-embed":"${PACKAGE}checkout-embed.js"}}</script>
    ${block.replace('https://acme.portal.ledgerbee.com', portalOrigin).replace('order-1042', order)}`);
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  await portal.confirm();
  await expect(page.getByText('Welcome aboard.')).toBeVisible();
});

test("the README's button goes to Siglume's checkout, once, and the order settles", async ({ siglume }) => {
  await siglume.start();
  await showBlock(siglume, 'redirect');
  await siglume.doubleClick(siglume.redirect.getByRole('button', { name: 'Buy for $24' }));
  await new SiglumeCheckout(siglume.page).pay();
  await siglume.expectState('settled');
  await siglume.expectGrantedOnce();
  expect(await siglume.siglumeSessions()).toHaveLength(1);
});

test("the README's confirmation page says when an order at Ledyer is settled", async ({ ledyer }) => {
  await ledyer.start([{ name: 'buyer-orders', times: 1 }]);
  await ledyer.goToCheckout();
  await ledyer.page.waitForURL('**/confirmation?**');
  await showBlock(ledyer, 'confirmation');
  await expect(ledyer.page.getByText('We pack your order now.')).toBeVisible();
});

/** The package is the one that the shop has loaded for its own pages. */
async function showBlock(shop: RedirectShop, name: 'redirect' | 'confirmation'): Promise<void> {
  const block = await readmeBlock(name);
  expect(block).toContain('order="order-1042"');
  await shop.page.goto('/_demo/access');
  await shop.page.setContent(`<!doctype html><html lang="en"><title>README</title>
    <script type="importmap">{"imports":{"checkout-embed/redirect":"/scripts/shop.js"}}</script>
    ${block.replace('order-1042', shop.orderRef)}`);
}
