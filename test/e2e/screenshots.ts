/**
 * Every state of the element on the merchant's page as designers look at it: narrow, wide, dark, from right to
 * left, in forced colors, at 400 % zoom. Into test/.results/screenshots, a file each and a sheet per state.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import type { CheckoutEmbed, CheckoutState } from 'checkout-embed/element';
import type { RedirectState } from 'checkout-embed/redirect';
import { test } from './fixtures.js';
import { QaConsole } from './pages/qa-console.js';
import { PortalCheckout } from './pages/portal-frame.js';
import type { RedirectShop } from './pages/redirect-shop.js';
import type { ShopPage } from './pages/shop-page.js';

const FOLDER = fileURLToPath(new URL('../.results/screenshots/', import.meta.url));

interface Look {
  readonly width: number;
  readonly colorScheme?: 'dark';
  readonly forcedColors?: 'active';
  readonly dir?: 'rtl';
}

/** 320 px is also what is left of 1280 at 400 % zoom. */
const LOOKS: Readonly<Record<string, Look>> = {
  '1280': { width: 1280 },
  '1280-dark': { width: 1280, colorScheme: 'dark' },
  '1280-rtl': { width: 1280, dir: 'rtl' },
  '360': { width: 360 },
  '360-dark': { width: 360, colorScheme: 'dark' },
  '360-rtl': { width: 360, dir: 'rtl' },
  '360-forced': { width: 360, forcedColors: 'active' },
  '360-forced-dark': { width: 360, forcedColors: 'active', colorScheme: 'dark' },
  '320': { width: 320 },
};

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
    // The rest of the element is there: without it there are no words to look at.
    await shop.embed.evaluate((element) => (element.constructor as typeof CheckoutEmbed).preload());
    await shop.page.context().setOffline(true);
  },
};

async function buy(shop: ShopPage): Promise<void> {
  await shop.start({ buyer: 'ida' });
  const portal = new PortalCheckout(shop.frame);
  await portal.choose();
  await portal.confirm();
}

/** Those of the button that leaves the page, each by one click in the QA console. Complete by its type. */
const REDIRECT_STATES: Readonly<Record<RedirectState, true>> = {
  idle: true,
  starting: true,
  away: true,
  settling: true,
  settled: true,
  unsettled: true,
  failed: true,
  error: true,
};
/** On the confirmation page. */
const WATCHED_STATES = ['settling', 'settled', 'unsettled', 'failed'] as const satisfies RedirectState[];

for (const [state, reach] of Object.entries(WAYS)) {
  test(state, async ({ shop, context }) => {
    await shop.page.emulateMedia({ reducedMotion: 'reduce' });
    await reach(shop);
    await shop.expectState(state);
    await picture(shop.page, shop.embed, state);
    await context.setOffline(false);
    await sheet(await context.newPage(), state);
  });
}

for (const state of Object.keys(REDIRECT_STATES) as RedirectState[]) {
  test(`siglume ${state}`, async ({ siglume }) => photograph(siglume, state));
}

for (const state of WATCHED_STATES) {
  test(`ledyer ${state}`, async ({ ledyer }) => photograph(ledyer, state));
}

test('ledyer basket', async ({ ledyer }) => {
  await ledyer.start();
  await picture(ledyer.page, ledyer.page.locator('.shop'), 'ledyer-basket');
  await sheet(await ledyer.page.context().newPage(), 'ledyer-basket');
});

/** The shop's side of the page. */
async function photograph(shop: RedirectShop, state: RedirectState): Promise<void> {
  const { page, vendor } = shop;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const qa = new QaConsole(page);
  await shop.start();
  await qa.press(vendor, state);
  await shop.expectState(state);
  await qa.expectReached(vendor, state);
  await picture(page, page.locator('.shop'), `${vendor}-${state}`);
  await sheet(await page.context().newPage(), `${vendor}-${state}`);
}

async function picture(page: Page, part: Locator, name: string): Promise<void> {
  for (const [look, how] of Object.entries(LOOKS)) {
    await wear(page, how);
    await part.screenshot({ path: join(FOLDER, `${name}-${look}.png`) });
  }
}

async function wear(page: Page, { width, colorScheme, forcedColors, dir }: Look): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: colorScheme ?? 'light', forcedColors: forcedColors ?? 'none' });
  await page.evaluate((value) => (document.dir = value), dir ?? 'ltr');
}

/** All pictures of a state side by side. */
async function sheet(page: Page, state: string): Promise<void> {
  const pictures = Object.keys(LOOKS).map((name) => {
    const data = readFileSync(join(FOLDER, `${state}-${name}.png`), 'base64');
    return `<figure><img src="data:image/png;base64,${data}"><figcaption>${name}</figcaption></figure>`;
  });
  await page.setViewportSize({ width: 1900, height: 900 });
  await page.setContent(
    `<style>body{display:flex;flex-wrap:wrap;gap:16px;background:#888}figure{margin:0}img{height:420px}</style>${pictures.join('')}`,
  );
  await page.screenshot({ path: join(FOLDER, `sheet-${state}.png`), fullPage: true });
}
