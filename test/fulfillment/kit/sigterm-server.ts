/** A merchant's server as its own process: what the README says of SIGTERM, and nothing else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createFulfillmentKit, idempotentEffect } from 'checkout-embed/fulfillment';
import { toNodeHandler } from 'checkout-embed/fulfillment/node';
import { FakeVendor } from './fake-vendor.js';

const [connectionString = '', schema = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 4 });
pool.on('error', () => undefined);
const kit = createFulfillmentKit({
  database: pool,
  schema,
  identify: () => null,
  resolveOrder: () => null,
  vendors: [new FakeVendor()],
  unreferenced: 'ignore',
  effects: { fulfill: idempotentEffect(() => Promise.resolve()) },
  log: () => undefined,
});
await kit.start();
const server = createServer(toNodeHandler(kit));
server.listen(0, '127.0.0.1', () => {
  console.log(`listening ${(server.address() as AddressInfo).port}`);
});

process.once('SIGTERM', () => void stop());

async function stop(): Promise<void> {
  await kit.close({ graceMs: 200 });
  server.close();
  await pool.end();
}
