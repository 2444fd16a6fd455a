/** The README's page, as it is written there: its portal's name leads to the sandbox, its package to the built files. */
import { buildElement } from '../support/build-element.js';
import { readmeBlock } from '../support/readme.js';
import { expect, test } from './fixtures.js';
import { PortalCheckout } from './pages/portal-frame.js';

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
