import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, freshDatabase } from '../../../demo/postgres.js';
import { newDelivery } from './deliveries.js';
import { createFulfillmentKit, transactionEffect } from '../../../src/fulfillment/index.js';
import { ledgerbee } from '../../../src/fulfillment/vendors/ledgerbee/index.js';
import { createWebhookSecret } from '../../../src/testing/ledgerbee/signer.js';
const dataDir = await mkdtemp(join(tmpdir(), 'kit-bench-'));
await chmod(dataDir, 0o755);
const server = await startPostgres({ dataDir });
const db = await freshDatabase(server.url);
const secret = createWebhookSecret();
const pool = new pg.Pool({ connectionString: db.url, max: 4 });
const times = new Map<string, number[]>();
const Q = (pg.Client.prototype as any).query;
(pg.Client.prototype as any).query = function (text: any, values: any, ...r: any[]) {
  const t0 = performance.now();
  const out = Q.call(this, text, values, ...r);
  const key = (typeof text === 'string' ? text : text.text).replace(/\s+/g, ' ').slice(0, 60);
  if (out?.then) void out.then(() => { if (!times.has(key)) times.set(key, []); times.get(key)!.push(performance.now() - t0); });
  return out;
};
const kit = createFulfillmentKit({ database: pool as any, schema: 'kit', identify: () => null, resolveOrder: () => null,
  vendors: [ledgerbee({ apiBaseUrl: 'http://127.0.0.1:9/api/v1', apiKey: 'b', ssoKey: 'b', webhookSecrets: [secret] })],
  unreferenced: 'review', effects: { fulfill: transactionEffect(() => Promise.resolve()) } });
await kit.start({ background: false });
for (const size of [8, 32, 64, 128]) {
  times.clear();
  const totals: number[] = [];
  for (let i = 0; i < 60; i++) {
    const reqs = Array.from({ length: size }, () => { const d = newDelivery(secret); return new Request('http://x/checkout/webhooks/ledgerbee', { method: 'POST', headers: d.headers, body: d.body }); });
    const t0 = performance.now();
    await Promise.all(reqs.map((r) => kit.fetch(r)));
    totals.push(performance.now() - t0);
  }
  const med = (a: number[]) => a.sort((x, y) => x - y)[Math.floor(a.length / 4)]!;
  console.log(`size ${size}: total p25 ${med(totals).toFixed(2)} ms = ${(med(totals) * 1000 / size).toFixed(0)} us each`);
  for (const [k, v] of times) if (v.length > 20) console.log('   ', med(v).toFixed(3), (med(v)*1000/size).toFixed(1)+'us', k, v.length);
}
await kit.close(); await pool.end(); await db.drop(); await server.stop(); await rm(dataDir, { recursive: true, force: true });
