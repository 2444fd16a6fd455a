/** The README's page, backend and test kit, run as they are written: a server of its own, a real PostgreSQL, a real browser, the sandbox as the vendor. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as ask, type Server } from 'node:http';
import { join } from 'node:path';
import type { LedgerBeeSandbox } from 'checkout-embed/testing';
import { chromium } from 'playwright';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePorts } from '../runner/free-ports.js';
import { RESULTS, ROOT } from '../runner/suite.js';
import { buildElement } from '../support/build-element.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { requireBrowser } from '../support/find-browser.js';
import { readmeBlock } from '../support/readme.js';

/** What the README leaves to the merchant: who is logged in, what is sold, what granting means. */
const YOUR_SHOP = `
export const buyerOf = () => ({ email: 'ida@nordlys.example', customerId: process.env.CUSTOMER_ID });
export const orderOf = (_request, order) => ({ orderRef: order });
export const grant = async ({ order, key, tx }) => {
  await tx.query('INSERT INTO granted (order_ref, key) VALUES ($1, $2)', [order.ref, key]);
};
export const withdraw = async ({ order, tx }) => {
  await tx.query('DELETE FROM granted WHERE order_ref = $1', [order.ref]);
};
`;

/** What the README's test kit gives. */
interface TestKit {
  readonly sandbox: LedgerBeeSandbox;
  readonly env: Readonly<Record<string, string>>;
  readonly customerId: string;
  readonly page: { readonly portal: string; readonly plan: string };
}

let database: TestDatabase;
let sandbox: LedgerBeeSandbox;
/** In front of the README's server: the merchant's pages. */
let shop: Server | undefined;
let folder = '';
let server: ChildProcess;
let origin = '';
let output = '';

beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query('CREATE TABLE granted (order_ref text NOT NULL, key text NOT NULL)');
  const [port, backendPort] = await freePorts(2);
  origin = `http://127.0.0.1:${port}`;
  // Inside the package, so that its own name and `pg` are found.
  await mkdir(RESULTS, { recursive: true });
  folder = await mkdtemp(join(RESULTS, 'readme-'));
  await writeFile(join(folder, 'server.js'), await readmeBlock('backend'));
  await writeFile(join(folder, 'your-shop.js'), YOUR_SHOP);
  // Its last line ends the sandbox, which this test does when it is done.
  const [testKit = '', end] = (await readmeBlock('test-kit'))
    .replace('http://localhost:3000', origin)
    .split('await sandbox.close();');
  expect(end).toBe('');
  await writeFile(join(folder, 'test-kit.js'), `${testKit}\nexport { sandbox, env, customerId, page };`);
  const { env, customerId, page, ...kit } = (await import(join(folder, 'test-kit.js'))) as TestKit;
  sandbox = kit.sandbox;
  // Here the delivery is what is looked for.
  sandbox.scenarios.set('webhook-lost', false);
  server = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=checkout-embed-source', join(folder, 'server.js')],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...env,
        DATABASE_URL: database.url,
        CUSTOMER_ID: customerId,
        PORT: String(backendPort),
      },
    },
  );
  for (const stream of [server.stdout, server.stderr])
    stream?.on('data', (chunk) => (output += String(chunk)));
  await vi.waitFor(
    async () => {
      expect(server.exitCode, output).toBeNull();
      await fetch(`http://127.0.0.1:${backendPort}`);
    },
    { timeout: 60_000, interval: 100 },
  );
  shop = shopBefore(backendPort!, await pagesOf(page));
  await once(shop.listen(port, '127.0.0.1'), 'listening');
});

afterAll(async () => {
  shop?.closeAllConnections();
  shop?.close();
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode === null && server.signalCode === null) {
    server.kill();
    await ended;
  }
  await sandbox.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it("fulfills an order once, by the vendor's word alone", async () => {
  const answer = await fetch(`${origin}/checkout/attempts`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': '3f0c2f43-5a57-4b8e-9d7b-0a3b6c1d2e4f',
      Origin: origin,
      'Sec-Fetch-Site': 'same-origin',
    },
    body: JSON.stringify({ v: 1, vendor: 'ledgerbee', order: 'order-1042', page: `${origin}/buy` }),
  });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  expect(await granted()).toBe(0);

  sandbox.subscriptions.create({ partnerReferenceId: 'order-1042' });
  await vi.waitFor(async () => expect(await granted(), output).toBe(1), { timeout: 60_000, interval: 50 });

  // The same delivery again changes nothing.
  await sandbox.deliveries.redeliver(sandbox.deliveries.list().at(-1)!.id);
  await sandbox.idle();
  expect(await granted()).toBe(1);
});

it('fulfills what the buyer of the test kit buys on the README’s page, also where the delivery is lost', async () => {
  const { executablePath } = requireBrowser();
  const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath });
  try {
    sandbox.scenarios.set('webhook-lost', { times: 1 });
    const page = await browser.newPage();
    await page.goto(`${origin}/buy`);
    await page.getByText('Welcome aboard.').waitFor({ timeout: 60_000 });
  } finally {
    await browser.close();
  }
  expect(await granted('order-1043')).toBe(1);
}, 120_000);

/** The README's page for an order of its own, and the built package. */
async function pagesOf({ portal, plan }: TestKit['page']): Promise<ReadonlyMap<string, string>> {
  const block = await readmeBlock('page');
  for (const own of ['portal="https://acme.portal.ledgerbee.com"', `plan="${plan}"`, 'order="order-1042"'])
    expect(block).toContain(own);
  const { element } = await buildElement();
  return new Map([
    ...[...element.needed, ...element.lazy].map(({ name, code }) => [`/${name}`, code] as const),
    [
      '/buy',
      `<!doctype html><html lang="en"><title>README</title>
      <script type="importmap">{"imports":{"checkout-embed":"/checkout-embed.js"}}</script>
      ${block.replace('https://acme.portal.ledgerbee.com', portal).replace('order-1042', 'order-1043')}`,
    ],
  ]);
}

/** What is no page is the backend's. */
function shopBefore(backendPort: number, pages: ReadonlyMap<string, string>): Server {
  return createServer((incoming, outgoing) => {
    const { url = '/', method, headers } = incoming;
    const page = pages.get(url);
    if (page !== undefined) {
      outgoing.writeHead(200, { 'Content-Type': url.endsWith('.js') ? 'text/javascript' : 'text/html' });
      outgoing.end(page);
      return;
    }
    const onward = ask({ host: '127.0.0.1', port: backendPort, path: url, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
}

async function granted(order = 'order-1042'): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM granted WHERE order_ref = $1',
    [order],
  );
  return rows[0]!.count;
}
