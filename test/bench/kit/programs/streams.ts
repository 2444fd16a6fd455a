/** A process with status streams, that tells how much memory it holds. Needs `--expose-gc`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createFulfillmentKit, transactionEffect } from '../../../../src/fulfillment/index.js';
import { toNodeHandler } from '../../../../src/fulfillment/http/node.js';
import { ledgerbee } from '../../../../src/fulfillment/vendors/ledgerbee/index.js';
import { createWebhookSecret } from '../../../../src/testing/ledgerbee/signer.js';
import { program } from './program.js';

export interface StreamsInput {
  readonly databaseUrl: string;
  readonly schema: string;
}

export interface StreamsReady {
  readonly port: number;
}

export interface StreamsAnswer {
  /** `heapUsed` and `external` after a collection, in bytes. */
  readonly bytes: number;
  /** All that the process holds, in bytes. */
  readonly residentBytes: number;
}

program(async ({ databaseUrl, schema }: StreamsInput) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const kit = createFulfillmentKit({
    database: pool,
    schema,
    identify: () => null,
    resolveOrder: () => null,
    vendors: [
      ledgerbee({
        apiBaseUrl: 'http://127.0.0.1:9/api/v1',
        apiKey: 'bench',
        ssoKey: 'bench',
        webhookSecrets: [createWebhookSecret()],
      }),
    ],
    unreferenced: 'review',
    effects: { fulfill: transactionEffect(() => Promise.resolve()) },
  });
  await kit.start({ background: false });
  const server = createServer(toNodeHandler(kit));
  server.listen(0, '127.0.0.1', 4096);
  await new Promise((listening) => server.once('listening', listening));
  return {
    ready: { port: (server.address() as AddressInfo).port } satisfies StreamsReady,
    answer: async (): Promise<StreamsAnswer> => {
      for (let times = 0; times < 4; times += 1) {
        gc?.();
        // What a collection has freed may be let go of only in a later turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { heapUsed, external, rss } = process.memoryUsage();
      return { bytes: heapUsed + external, residentBytes: rss };
    },
    end: async () => {
      await kit.close();
      server.close();
      server.closeAllConnections();
      await pool.end();
    },
  };
});
