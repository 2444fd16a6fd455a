/** A shop page for each test, freshly reset, on a network that ends at this machine. */
import { test as base, expect, type BrowserContext } from '@playwright/test';
import { e2ePorts } from './free-ports.js';
import { RedirectShop } from './pages/redirect-shop.js';
import { SandboxInbox } from './pages/sandbox-inbox.js';
import { ShopPage } from './pages/shop-page.js';

interface Fixtures {
  readonly shop: ShopPage;
  readonly inbox: SandboxInbox;
  /** The shop's other two tabs; nothing is open yet but a page of the shop's. */
  readonly siglume: RedirectShop;
  readonly ledyer: RedirectShop;
}

/** The lightest page of the shop: it makes the visitor, and calls of the demo start from it. */
const SOMEWHERE = '/_demo/access';

export const test = base.extend<
  Fixtures & { readonly ownNetwork: undefined; readonly quietPages: undefined }
>({
  ownNetwork: [
    async ({ context }, use) => {
      const strangers: string[] = [];
      await refuseStrangers(context, strangers);
      await use(undefined);
      expect(strangers, 'requests to a host that is not ours').toEqual([]);
    },
    { auto: true },
  ],
  quietPages: [
    async ({ context }, use) => {
      const errors: string[] = [];
      context.on('weberror', (error) => errors.push(String(error.error())));
      await use(undefined);
      expect(errors, 'errors that a page did not catch').toEqual([]);
    },
    { auto: true },
  ],
  shop: async ({ page }, use) => {
    const shop = new ShopPage(page);
    await shop.open();
    await shop.reset();
    await use(shop);
  },
  siglume: async ({ page }, use) => {
    await page.goto(SOMEWHERE);
    await use(new RedirectShop(page, 'siglume'));
  },
  ledyer: async ({ page }, use) => {
    await page.goto(SOMEWHERE);
    await use(new RedirectShop(page, 'ledyer'));
  },
  inbox: async ({ context }, use) => {
    const { portal } = await e2ePorts();
    await use(new SandboxInbox(context, `http://acme.portal.localhost:${portal}`));
  },
});

export { expect };

/** Ours are the shop and the vendors' sandboxes, nothing else on this machine either. */
export async function refuseStrangers(context: BrowserContext, strangers: string[]): Promise<void> {
  const { shop, portal, siglume, ledyer } = await e2ePorts();
  const ours = new Set([
    `shop.localhost:${shop}`,
    `acme.portal.localhost:${portal}`,
    `pay.siglume.localhost:${siglume}`,
    `pos.ledyer.localhost:${ledyer}`,
  ]);
  await context.route(
    (url) => !ours.has(url.host) && ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol),
    async (route) => {
      strangers.push(route.request().url());
      await route.abort();
    },
  );
}
