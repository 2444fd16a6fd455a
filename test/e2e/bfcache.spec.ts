/**
 * The back/forward cache, in a browser of its own: Playwright switches it off, and once a page is restored its
 * `Page` no longer follows. So the restored page writes down what it sees, and another tab reads it.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { wholeBrowser } from '../support/find-browser.js';
import { startPortalStub, type PortalStub } from '../support/portal-stub.js';

interface Restored {
  readonly persisted: boolean;
  readonly visit: string;
  readonly state: string;
}

/** A backend that speaks the handoff protocol, streams too. */
interface Backend {
  status: 'processing' | 'fulfilled';
  /** What it was asked about the attempt, in its order. */
  readonly asked: ('stream' | 'status')[];
  /** Those that are open now. */
  readonly streams: Set<ServerResponse>;
}

let backend: Backend;
let stub: PortalStub;
let shop: Server;
let browser: Browser;
let origin: string;

test.beforeAll(async () => {
  stub = await startPortalStub();
  shop = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (url.startsWith('/checkout/')) {
      answerHandoff(`${method} ${url.slice('/checkout'.length)}`, response);
      return;
    }
    response.setHeader('Content-Type', 'text/html');
    const page = { '/': checkoutPage(''), '/with-backend': checkoutPage('handoff-url="/checkout"') }[url];
    response.end(page ?? '<!doctype html><title>Elsewhere</title>');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(shop.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    ...wholeBrowser(),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
});

test.beforeEach(() => {
  backend = { status: 'processing', asked: [], streams: new Set() };
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

test('a thank-you that listens to its backend lets go of the stream, and on return asks for what was missed', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const otherTab = await context.newPage();
  await otherTab.goto(`${origin}/other-tab`);
  await page.goto(`${origin}/with-backend`);
  await expect(page.locator('checkout-embed')).toHaveAttribute('data-state', 'ready');
  await page.evaluate((portal) => {
    const payload = { planVersionId: 'pv_1', planItemId: 'item_1', status: 'CONFIRMED' };
    const words = { stub: 'say', type: 'checkoutConfirmed', payload };
    document.querySelector('iframe')?.contentWindow?.postMessage(words, portal);
  }, stub.origin);
  await expect(page.locator('checkout-embed')).toHaveAttribute('data-state', 'confirmed');
  await expect.poll(() => backend.streams.size).toBe(1);

  // A stream that were open would cost the page its place in the cache.
  await page.evaluate(() => location.assign('/elsewhere'));
  await page.waitForURL('**/elsewhere');
  await expect.poll(() => backend.streams.size).toBe(0);
  backend.status = 'fulfilled';
  void page.evaluate(() => history.back()).catch(() => undefined);

  await expect
    .poll(() => seen(otherTab, 'pageshow'))
    .toEqual({ persisted: true, visit: 'first', state: 'confirmed' });
  await expect.poll(() => seen(otherTab, 'statechange')).toMatchObject({ visit: 'first', state: 'settled' });
  expect(backend.asked).toEqual(['stream', 'stream']);
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

/** @param call As `POST /attempts`. */
function answerHandoff(call: string, response: ServerResponse): void {
  const json = (status: number, body: object): void => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ v: 1, ...body }));
  };
  const { status, asked, streams } = backend;
  switch (call) {
    case 'POST /attempts': {
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const attempt = { id: 'att_1', token: 'secret', expiresAt };
      json(201, { attempt, next: { type: 'frame', bindToken: null } });
      break;
    }
    case 'POST /attempts/att_1/signals':
      json(202, {});
      break;
    case 'GET /attempts/att_1':
      asked.push('status');
      json(200, { status });
      break;
    case 'GET /attempts/att_1/events':
      asked.push('stream');
      streams.add(response);
      response.once('close', () => streams.delete(response));
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(`event: status\ndata: ${JSON.stringify({ v: 1, status })}\n\n`);
      break;
    default:
      json(404, { code: 'not_found', message: `No ${call} here.` });
  }
}

function checkoutPage(attributes: string): string {
  return `<!doctype html><title>Shop</title>
    <script type="module" src="${stub.origin}/copy-1/checkout-embed.js"></script>
    <checkout-embed portal="${stub.origin}" plan="pro-plan" target="inline" order="ord_1" ${attributes}
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
