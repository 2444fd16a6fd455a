/** A process with one of the naive receivers. Which, is the last part of its vendor's settings. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { endWithHarness, NOT_STARTED, readSettings, sayReady } from '../child.js';
import { NAIVE_RECEIVERS, type NaiveName } from './receivers.js';
import { naiveShop } from './receiver.js';

/** What such a process is told beside what all are told. */
export interface NaiveSettings {
  readonly receiver: NaiveName;
  readonly webhookSecret: string;
}

const settings = readSettings();
const { receiver: name, webhookSecret } = settings.adapters.ledgerbee as NaiveSettings;
const receiver = NAIVE_RECEIVERS[name];
const webhook = new Webhook(webhookSecret);
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 6 });
// Without it a restart of the database ends the process: this much care even the naive take.
pool.on('error', () => undefined);
const shop = naiveShop(pool, name, settings.sinkOrigin);

try {
  await pool.query('SELECT 1');
} catch {
  process.exit(NOT_STARTED);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const answer = (status: number): void => void response.writeHead(status).end();
    try {
      const headers = request.headers as Record<string, string>;
      const event = webhook.verify(Buffer.concat(chunks).toString(), headers) as {
        readonly data: { readonly partnerReferenceId: string };
      };
      const message = { id: headers['webhook-id'] ?? '', orderRef: event.data.partnerReferenceId };
      receiver.receive(message, shop).then(answer, () => answer(500));
    } catch {
      answer(401);
    }
  });
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
endWithHarness(async () => {
  server.close();
  server.closeAllConnections();
  await pool.end();
});
sayReady((server.address() as AddressInfo).port);
