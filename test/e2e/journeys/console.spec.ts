/** Every state and every diagnosis, each by one click in the QA console. One page for all: the clicks are independent. */
import type { BrowserContext } from '@playwright/test';
import type { CheckoutState, Confidence, DiagnosisCode } from 'checkout-embed/element';
import { e2ePorts } from '../free-ports.js';
import { expect, refuseStrangers, test } from '../fixtures.js';
import { tellDemo } from '../pages/demo-calls.js';
import { QaConsole } from '../pages/qa-console.js';
import { ShopPage } from '../pages/shop-page.js';

/** Complete by its type. */
const STATES: Readonly<Record<CheckoutState, true>> = {
  idle: true,
  loading: true,
  slow: true,
  blocked: true,
  ready: true,
  checkout: true,
  deferred: true,
  away: true,
  pending: true,
  confirmed: true,
  settled: true,
  unsettled: true,
  failed: true,
  error: true,
  closed: true,
  offline: true,
};

/** What Chromium can know of each, and what the fix tells to copy. */
const CODES: Readonly<Record<DiagnosisCode | 'working', { confidence: Confidence; copy?: string }>> = {
  working: { confidence: 'proven' },
  'origin-not-allowlisted': { confidence: 'proven', copy: 'http://shop.localhost' },
  'silent-page': { confidence: 'possible', copy: 'http://shop.localhost' },
  'http-error': { confidence: 'likely' },
  'portal-error': { confidence: 'likely' },
  unreachable: { confidence: 'likely' },
  stalled: { confidence: 'likely' },
  'never-navigated': { confidence: 'likely' },
  offline: { confidence: 'likely' },
  'csp-frame-src': { confidence: 'proven', copy: "frame-src 'self' http://acme.portal.localhost" },
  'csp-script-src': { confidence: 'proven', copy: "script-src 'self' http://acme.portal.localhost" },
  'csp-connect-src': { confidence: 'proven', copy: 'connect-src http' },
  'trusted-types': { confidence: 'proven', copy: 'checkout-embed' },
  'page-coep': { confidence: 'proven', copy: 'Cross-Origin-Embedder-Policy: unsafe-none' },
  sandboxed: { confidence: 'proven', copy: 'allow-scripts' },
  'embed-script-failed': { confidence: 'likely', copy: '/embed/assets/gone.js' },
  'embed-script-integrity': { confidence: 'likely' },
  'listened-late': { confidence: 'possible' },
  'lazy-not-in-view': { confidence: 'likely', copy: 'loading="eager"' },
  'bad-portal': { confidence: 'proven' },
  'missing-plan': { confidence: 'proven', copy: 'pro-plan' },
  'bad-attribute': { confidence: 'proven', copy: 'pro-plan' },
  'missing-src': { confidence: 'proven' },
  'mixed-content': { confidence: 'proven', copy: 'https://acme.portal.ledgerbee.com' },
};

let context: BrowserContext;
let shop: ShopPage;
let qa: QaConsole;
const strangers: string[] = [];

test.beforeAll(async ({ browser, baseURL }) => {
  context = await browser.newContext({ baseURL: baseURL! });
  await refuseStrangers(context, strangers);
  const page = await context.newPage();
  shop = new ShopPage(page);
  qa = new QaConsole(page);
  await shop.open();
});

test.afterEach(async () => {
  await context.setOffline(false);
  await shop.page.setViewportSize({ width: 1280, height: 900 });
});

test.afterAll(async () => {
  await shop.reset();
  await context.close();
  expect(strangers, 'requests to a host that is not ours').toEqual([]);
});

for (const state of Object.keys(STATES)) {
  test(`one click leads to the state ${state}`, async () => {
    await qa.press('state', state);
    await shop.expectState(state);
    await qa.expectReached('state', state);
  });
}

for (const [code, expected] of Object.entries(CODES)) {
  test(`one click leads to the diagnosis ${code}`, async () => {
    await qa.press('code', code);
    await expect(qa.diagnosis).toContainText(`${code}, ${expected.confidence}`);
    if (expected.copy !== undefined) await expect(qa.valueToCopy).toContainText(expected.copy);
    await qa.expectReached('code', code);
  });
}

test('a line that is really lost leads to what the console pretends', async () => {
  await qa.press('state', 'loading');
  await shop.expectState('loading');
  // Lost with the line, the script would uncover the frame.
  await shop.expectVendorScript();
  await context.setOffline(true);
  await shop.expectState('offline');
  await context.setOffline(false);
  await shop.expectState('loading');
});

test('the keyboard stays where it pressed', async () => {
  await qa.pressByKeyboard('state', 'ready');
  await qa.expectFocusOn('state', 'ready');
  const order = shop.page.getByRole('button', { name: 'New order, anonymous' });
  await order.focus();
  const [opened] = await Promise.all([shop.page.waitForEvent('domcontentloaded'), order.press('Enter')]);
  await expect(opened.getByRole('button', { name: 'New order, anonymous' })).toBeFocused();
});

test('settings and assumptions are in the address, and a way keeps how the page looks', async () => {
  await shop.open();
  await qa.show({ Language: 'da', Direction: 'rtl', Colors: 'dark', 'embed.js dispatches': 'late' });
  const address = new URL(shop.page.url()).searchParams.toString();
  expect(address).toBe('lang=da&dir=rtl&scheme=dark&assume=dispatch%3Alate');
  await qa.press('state', 'checkout');
  await shop.expectState('checkout');
  const root = shop.page.locator('html');
  for (const [name, value] of [
    ['lang', 'da'],
    ['dir', 'rtl'],
    ['data-scheme', 'dark'],
  ] as const)
    await expect(root).toHaveAttribute(name, value);
  const { portal } = await e2ePorts();
  const script = await fetch(`http://127.0.0.1:${portal}/embed.js`);
  expect(await script.text()).toContain('DISPATCH = "late"');
  // An address that says nothing of it takes it back.
  await shop.open();
  expect(await (await fetch(`http://127.0.0.1:${portal}/embed.js`)).text()).toContain(
    'DISPATCH = "same-task"',
  );
});

test('a gated plan comes by its whole address and settles', async () => {
  // As the buyer who may see it.
  await qa.press('state', 'ready');
  await qa.show({ Plan: 'gated' });
  await expect(shop.embed).toHaveAttribute('src', /\/embed\/by-id\/.*token=/);
  await qa.start('buyer-confirms');
  await shop.expectState('settled');
});

test('on a small screen the result is in view, a robot leaves the focus alone, one press leads back', async () => {
  await shop.page.setViewportSize({ width: 360, height: 740 });
  await shop.open();
  await qa.start('buyer-chooses');
  // Out of view the frame would not be painted, and the robot would wait for ever.
  await shop.expectState('checkout');
  // The view that would have taken the focus is long there.
  await expect(shop.frame.getByRole('button', { name: /confirm|subscribe/i })).toBeEnabled();
  await expect(shop.embed).toBeInViewport();
  const pressed = qa.scenario('buyer-chooses');
  await expect(pressed).toBeFocused();
  await expect(pressed).not.toBeInViewport();
  const back = qa.button('Back to Chooses');
  await back.click();
  await expect(pressed).toBeInViewport();
  await expect(pressed).toBeFocused();
  await expect(back).toBeHidden();
});

test('“Reconcile now” says what it did, and times are short and whole for whoever asks', async () => {
  // A visitor without an order that waits.
  await shop.page.context().clearCookies();
  await shop.open();
  await qa.button('Reconcile now').click();
  await expect(qa.said).toHaveText(/^Nothing to ask about/);
  await qa.press('state', 'checkout');
  await shop.expectState('checkout');
  await qa.button('Reconcile now').click();
  await expect(qa.said).toHaveText('Asked about 1 order; nothing new.');
  const time = qa.order.locator('time').first();
  await expect(time).toHaveText(/^\d\d:\d\d:\d\d$/);
  await expect(time).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT.*Z$/);
  await expect(time).toHaveAttribute('title', /\d{4}/);
  await expect(qa.order).not.toContainText(/\dT\d\d:/);
});

test('a robot acts once, and for nobody else; what stays on is shown to everybody and ends by one click', async ({
  browser,
  baseURL,
}) => {
  // Wished for, and its page not yet opened.
  await tellDemo(shop.page, 'start', { scenario: 'buyer-chooses' });
  const other = await browser.newContext({ baseURL: baseURL! });
  await refuseStrangers(other, strangers);
  const theirs = new ShopPage(await other.newPage());
  await theirs.open();
  expect(await robotIn(theirs)).toBeNull();
  await shop.open();
  expect(await robotIn(shop)).toBe('chooses');
  await shop.open();
  expect(await robotIn(shop)).toBeNull();

  await qa.start('webhook-lost');
  const theirConsole = new QaConsole(theirs.page);
  await expect(theirConsole.switchedOn).toHaveText('Lost');
  const off = theirConsole.button('Switch off');
  await off.click();
  await expect(theirConsole.said).toHaveText('Switched off: Lost.');
  await expect(off).toBeFocused();
  await expect(qa.switchedOn).toHaveText('nothing');
  await other.close();
});

test('a hidden console leaves its room to the shop', async () => {
  const content = shop.page.locator('.shop');
  const middle = async (): Promise<number> => {
    const { x, width } = (await content.boundingBox())!;
    return x + width / 2;
  };
  const besideIt = await middle();
  expect(besideIt).toBeLessThan(600);
  await qa.button('Hide').click();
  await expect(qa.button('Show')).toBeFocused();
  await expect.poll(middle).toBe(640);
  await qa.button('Show').click();
  await expect.poll(middle).toBe(besideIt);
});

/** Who presses in the page's frame, as the frame was told. */
async function robotIn({ frame }: ShopPage): Promise<unknown> {
  const config = await frame.locator('#config').textContent();
  return (JSON.parse(config ?? '{}') as { readonly robot?: unknown }).robot;
}
