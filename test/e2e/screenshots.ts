/** Every state of the element on the merchant's page, at 360 and 1280 px, light and dark, into test/.results/screenshots. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckoutState } from 'checkout-embed/element';
import { test } from './fixtures.js';
import { PortalCheckout } from './pages/portal-frame.js';
import type { ShopPage } from './pages/shop-page.js';

const FOLDER = fileURLToPath(new URL('../.results/screenshots/', import.meta.url));

const VIEWS = [
  { name: '360', width: 360, height: 780, colorScheme: 'light' },
  { name: '360-dark', width: 360, height: 780, colorScheme: 'dark' },
  { name: '1280', width: 1280, height: 900, colorScheme: 'light' },
  { name: '1280-dark', width: 1280, height: 900, colorScheme: 'dark' },
] as const;

/** How each state comes about, through the sandbox wherever the sandbox can. Complete by its type. */
const WAYS: Readonly<Record<CheckoutState, (shop: ShopPage) => Promise<void>>> = {
  idle: async (shop) => {
    await shop.start({ buyer: 'ida' });
    // Far below the fold, a lazy checkout only reserves its space.
    await shop.embed.evaluate((element) => {
      const lazy = element.cloneNode() as HTMLElement;
      lazy.setAttribute('loading', 'lazy');
      lazy.style.marginTop = '300vh';
      element.replaceWith(lazy);
    });
  },
  loading: async (shop) => {
    await shop.start({ buyer: 'ida', scenario: 'silent-portal' });
  },
  slow: async (shop) => {
    await shop.start({ buyer: 'ida', scenario: 'silent-portal' });
  },
  blocked: async (shop) => {
    await shop.start({ buyer: 'ida', scenario: 'origin-not-allowlisted' });
  },
  ready: async (shop) => {
    await shop.start({ buyer: 'ida' });
  },
  checkout: async (shop) => {
    await shop.start({ buyer: 'ida' });
    const portal = new PortalCheckout(shop.frame);
    await portal.choose();
    await portal.expectForm();
  },
  deferred: async (shop) => {
    await shop.start({ buyer: 'ida', query: 'target=callback' });
    // The default goes on into the checkout at once; a merchant with a step of their own stays here.
    await shop.embed.evaluate((element) =>
      element.addEventListener('checkout-initiated', (event) => event.preventDefault()),
    );
    await new PortalCheckout(shop.frame).choose();
  },
  away: async (shop) => {
    await shop.start({ buyer: 'ida', query: 'target=_blank' });
    await new PortalCheckout(shop.frame).choose();
  },
  pending: async (shop) => {
    await shop.start({ buyer: null });
    const portal = new PortalCheckout(shop.frame);
    await portal.choose();
    await portal.confirm('someone@buyer.example');
  },
  confirmed: async (shop) => {
    await shop.answerStatus('processing');
    await buy(shop);
  },
  settled: (shop) => buy(shop),
  unsettled: async (shop) => {
    await shop.answerStatus('review');
    await buy(shop);
  },
  failed: async (shop) => {
    await shop.answerStatus('failed');
    await buy(shop);
  },
  error: async (shop) => {
    await shop.start({ buyer: 'ida', scenario: 'confirm-fails', times: 1 });
    const portal = new PortalCheckout(shop.frame);
    await portal.choose();
    await portal.confirm();
    await shop.embed.getByRole('button', { name: /try again/i }).waitFor();
  },
  closed: async (shop) => {
    await shop.start({ buyer: 'ida', query: 'surface=forced' });
    await new PortalCheckout(shop.frame).cancel();
  },
  offline: async (shop) => {
    await shop.start({ buyer: 'ida', scenario: 'silent-portal' });
    await shop.expectState('loading');
    await shop.page.context().setOffline(true);
  },
};

async function buy(shop: ShopPage): Promise<void> {
  await shop.start({ buyer: 'ida' });
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  await portal.confirm();
}

for (const [state, reach] of Object.entries(WAYS)) {
  for (const { name, width, height, colorScheme } of VIEWS) {
    test(`${state} at ${name}`, async ({ shop }) => {
      await shop.page.setViewportSize({ width, height });
      await shop.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await reach(shop);
      await shop.expectState(state);
      if (state !== 'idle') await shop.embed.scrollIntoViewIfNeeded();
      await shop.page.screenshot({ path: join(FOLDER, `${state}-${name}.png`), fullPage: width < 1000 });
    });
  }
}
