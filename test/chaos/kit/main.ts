/** A process of the merchant's backend: a receiver of requests, or a worker of effects. Each mounts a kit per shop. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createFulfillmentKit, type FulfillmentKit, type LogEntry } from 'checkout-embed/fulfillment';
import { toNodeHandler } from 'checkout-embed/fulfillment/node';
import { endWithHarness, listenForSteps, NOT_STARTED, readSettings, sayReady } from '../child.js';
import { basePathOf, linkPathOf, PAGE_ORIGIN, prefixOf, PRICE, schemaOf, SHOPS } from '../shops.js';
import { VENDOR_NAMES, type CheckoutIds } from '../vendor.js';
import { adapterFor } from '../vendors/adapter.js';
import { effectsOf } from './effects.js';
import { CHAOS_SCHEDULE } from './schedule.js';
import { watchPool } from './watched-pool.js';

const settings = readSettings();
const { role } = settings;
const reach = listenForSteps();
const log = ({ level, event, fields }: LogEntry): void => {
  if (settings.verbose && (level === 'warn' || level === 'error')) {
    process.stderr.write(`${settings.name} ${event} ${JSON.stringify(fields ?? {})}\n`);
  }
};

const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 6 });
const database = watchPool(pool, role, reach);
const vendors = VENDOR_NAMES.filter((name) => name in settings.adapters).map((name) =>
  adapterFor(name, settings.adapters[name]),
);
const kits: readonly FulfillmentKit[] = SHOPS.map((shop) =>
  createFulfillmentKit({
    database,
    schema: schemaOf(shop),
    basePath: basePathOf(shop),
    origins: [PAGE_ORIGIN],
    identify: ({ headers }) => {
      const customerId = headers.get('x-buyer');
      return customerId === null ? null : { email: `${customerId}@buyer.example`, customerId };
    },
    // What is sold is not the question here: the page's word is taken for the merchant's own data.
    resolveOrder: (_, { order, plan }) =>
      order === undefined
        ? null
        : {
            orderRef: order,
            ...(plan === undefined ? {} : { planId: plan }),
            ...(order.startsWith(prefixOf(shop, 'siglume')) ? PRICE : {}),
          },
    vendors,
    unreferenced: 'review',
    // All buyers here come from one address.
    rateLimits: false,
    effects: effectsOf(shop, settings.sinkOrigin, reach),
    schedule: CHAOS_SCHEDULE,
    log,
  }),
);

try {
  for (const kit of kits) await kit.start({ background: role === 'worker' });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(NOT_STARTED);
}

const handlers = kits.map((kit) => toNodeHandler(kit, { log }));
const listener: RequestListener = (request, response) => {
  const [first, ...rest] = handlers;
  const linked = SHOPS.findIndex((shop) => request.url === linkPathOf(shop));
  if (linked >= 0) {
    link(linked, request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(503).end(),
    );
    return;
  }
  const notFound = (): void => void response.writeHead(404).end();
  const chain = rest.reduceRight<() => void>(
    (next, handler) => () => handler(request, response, next),
    notFound,
  );
  first?.(request, response, chain);
};
/** The merchant's own backend, which has opened a checkout and says to the kit which order it is for. */
async function link(shop: number, request: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { order, ...ids } = JSON.parse(Buffer.concat(chunks).toString()) as CheckoutIds & { order: string };
  const result = await kits[shop]?.linkOrder(order, { vendor: 'ledyer', ...ids });
  return result?.linked === true ? 204 : 409;
}

const server = role === 'receiver' ? createServer(listener) : null;
await new Promise<void>((listening) => {
  if (server === null) listening();
  else server.listen(0, '127.0.0.1', listening);
});

endWithHarness(async () => {
  server?.close();
  await Promise.all(kits.map((kit) => kit.close()));
  server?.closeAllConnections();
  await pool.end();
});
sayReady(server === null ? null : (server.address() as AddressInfo).port);
