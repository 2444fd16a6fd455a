/** One receiving process: the kit behind the Node adapter, as it ships. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createFulfillmentKit, transactionEffect } from '../../../../src/fulfillment/index.js';
import { toNodeHandler } from '../../../../src/fulfillment/http/node.js';
import { ledgerbee } from '../../../../src/fulfillment/vendors/ledgerbee/index.js';
import { program } from './program.js';

export interface ReceiverInput {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly secret: string;
  /**
   * `together`: the kit as it is. `alone`: the same work with a transaction for each request, and so many of them
   * at a time: as many kits that take one delivery at a time, on one pool with a connection for each.
   */
  readonly commits: 'together' | { readonly alone: number };
}

export interface ReceiverReady {
  readonly port: number;
}

program(async ({ databaseUrl, schema, secret, commits }: ReceiverInput) => {
  const alone = commits === 'together' ? null : commits.alone;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: alone ?? 10 });
  pool.on('error', () => undefined);
  // Each kit listens for itself.
  pool.setMaxListeners(0);
  const kits = Array.from({ length: alone ?? 1 }, () =>
    createFulfillmentKit({
      database: pool,
      schema,
      identify: () => null,
      resolveOrder: () => null,
      vendors: [
        ledgerbee({
          apiBaseUrl: 'http://127.0.0.1:9/api/v1',
          apiKey: 'bench',
          ssoKey: 'bench',
          webhookSecrets: [secret],
        }),
      ],
      unreferenced: 'review',
      effects: { fulfill: transactionEffect(() => Promise.resolve()) },
      ...(alone === null ? {} : { schedule: { batchSize: 1 } }),
    }),
  );
  // The background work is another process's: what is asked of a vendor is no part of taking a delivery.
  for (const kit of kits) await kit.start({ background: false });
  const handlers = kits.map((kit) => toNodeHandler(kit));
  let turn = 0;
  const server = createServer((req, res) => {
    turn = (turn + 1) % handlers.length;
    handlers[turn]?.(req, res);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    ready: { port: (server.address() as AddressInfo).port } satisfies ReceiverReady,
    answer: () => ({}),
    end: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all(kits.map((kit) => kit.close()));
      await pool.end();
    },
  };
});
