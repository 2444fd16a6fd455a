/** One receiving process: the kit behind the Node adapter, as it ships. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createFulfillmentKit, transactionEffect } from '../../../src/fulfillment/index.js';
import { toNodeHandler } from '../../../src/fulfillment/http/node.js';
import { ledgerbee } from '../../../src/fulfillment/vendors/ledgerbee/index.js';
import { program } from './program.js';

export interface ReceiverInput {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly secret: string;
  /** `together`: the kit as it is. `alone`: a transaction of its own for each request, as many at a time as come. */
  readonly commits: 'together' | 'alone';
}

program<ReceiverInput, { readonly port: number }, object, object>(async (input) => {
  const pool = new pg.Pool({ connectionString: input.databaseUrl, max: input.commits === 'alone' ? 64 : 10 });
  pool.on('error', () => undefined);
  const kit = createFulfillmentKit({
    database: pool,
    schema: input.schema,
    identify: () => null,
    resolveOrder: () => null,
    vendors: [
      ledgerbee({
        apiBaseUrl: 'http://127.0.0.1:9/api/v1',
        apiKey: 'bench',
        ssoKey: 'bench',
        webhookSecrets: [input.secret],
      }),
    ],
    unreferenced: 'review',
    effects: { fulfill: transactionEffect(() => Promise.resolve()) },
  });
  // Another process of the merchant's does the background work.
  await kit.start({ background: false });
  const server = createServer(toNodeHandler(kit));
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    ready: { port: (server.address() as AddressInfo).port },
    answer: () => ({}),
    end: async () => {
      server.close();
      server.closeAllConnections();
      await kit.close();
      await pool.end();
    },
  };
});
