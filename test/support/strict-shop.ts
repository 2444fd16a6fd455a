/** A merchant who serves the built element from a folder: page server, kit, PostgreSQL, and LedgerBee's sandbox. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../../demo/postgres.js';
import { createFulfillmentKit, idempotentEffect } from '../../src/fulfillment/index.js';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import { ledgerbee } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { createLedgerBeeSandbox } from '../../src/testing/index.js';
import { bin, ROOT } from '../runner/suite.js';
import { startStrictServer, type ServedPage } from './strict-server.js';

export interface StrictShop {
  readonly origin: string;
  readonly portalOrigin: string;
  /** The portal's `embed.js`, as it is. */
  readonly embedScript: () => Promise<string>;
  /** One item of the plan. */
  readonly itemId: string;
  /** What an operator copies from LedgerBee. */
  readonly snippet: (path: string) => string;
  /** @returns The page's address. */
  readonly show: (page: ServedPage) => string;
  /** Orders that the kit has granted, in the order it did. */
  readonly granted: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openStrictShop(): Promise<StrictShop> {
  const folder = await mkdtemp(join(tmpdir(), 'checkout-embed-strict-'));
  // Started by root, PostgreSQL runs as a user of its own, who must get in here.
  await chmod(folder, 0o755);
  const scripts = join(folder, 'cdn');
  await buildElement(scripts);
  const postgres = await startPostgres({ dataDir: join(folder, 'data') });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 5 });
  pool.on('error', () => undefined);

  let checkout: RequestListener = (_request, response) => void response.writeHead(503).end();
  const server = await startStrictServer(scripts, () => checkout);
  const origin = `http://strict.localhost:${server.port}`;
  const sandbox = await createLedgerBeeSandbox({
    partnerOrigins: [origin],
    webhook: { url: `http://127.0.0.1:${server.port}/checkout/webhooks/ledgerbee` },
  });
  const granted: string[] = [];
  const buyer = { email: 'ida@nordlys.example', customerId: sandbox.customers.company.id };
  const kit = createFulfillmentKit({
    database: pool,
    origins: [origin],
    identify: () => Promise.resolve(buyer),
    resolveOrder: (_request, { order = '' }) => Promise.resolve({ orderRef: order }),
    vendors: [
      ledgerbee({
        apiBaseUrl: sandbox.apiBaseUrl,
        ssoKey: sandbox.keys.sso,
        apiKey: sandbox.keys.api,
        webhookSecrets: [sandbox.webhookSecret],
      }),
    ],
    unreferenced: 'ignore',
    effects: {
      fulfill: idempotentEffect(({ order }) => {
        granted.push(order.ref);
        return Promise.resolve();
      }),
    },
    log: () => undefined,
  });
  await kit.start();
  checkout = toNodeHandler(kit);

  return {
    origin,
    portalOrigin: sandbox.portalOrigin,
    embedScript: async () => (await fetch(`${sandbox.portalAddress}/embed.js`)).text(),
    itemId: sandbox.plans.pro.items.monthly.id,
    snippet: (path) => sandbox.snippet(path),
    show: (page) => `${origin}${server.show(page)}`,
    granted,
    close: async () => {
      await server.close();
      await kit.close();
      await sandbox.close();
      await pool.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As it is published: every file of `dist/cdn`. */
async function buildElement(outDir: string): Promise<void> {
  const vite = bin('vite', 'bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', outDir, '--logLevel', 'warn'], {
    cwd: ROOT,
  });
}
