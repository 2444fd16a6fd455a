import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, freshDatabase } from '../../../demo/postgres.js';
import { newDelivery } from './deliveries.js';
import { runMigrations } from '../../../src/fulfillment/index.js';
import { tablesOf } from '../../../src/fulfillment/postgres/tables.js';
import { insertInbox } from '../../../src/fulfillment/postgres/insert-inbox.js';
import { upsertOrders } from '../../../src/fulfillment/postgres/upsert-orders.js';
import { markDirty } from '../../../src/fulfillment/postgres/mark-dirty.js';
const dataDir = await mkdtemp(join(tmpdir(), 'kit-bench-'));
await chmod(dataDir, 0o755);
const server = await startPostgres({ dataDir });
const db = await freshDatabase(server.url);
const pool = new pg.Pool({ connectionString: db.url, max: 4 });
await runMigrations({ database: pool as any, schema: 'kit' });
const t = tablesOf('kit');
const sqlText: string[] = [];
const c = new pg.Client(db.url); await c.connect();
const capture = async (fn: (sql: any) => Promise<any>) => { let got: any; await fn({ query: async (text: string, values: any) => { got = { text, values }; return { rows: [], rowCount: 0 }; } }).catch(() => 0); return got; };
const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
const now = Date.now();
const mk = (size: number) => Array.from({ length: size }, () => { const d = newDelivery(secret); const data = JSON.parse(d.body).data; return { d, data }; });
const inboxQ = (items: any[]) => capture((s) => insertInbox(s, t, items.map(({ d, data }) => ({ vendor: 'ledgerbee', source: 'delivery', messageId: d.messageId, topic: 'subscription.started', subject: data.subscriptionId, orderRef: data.partnerReferenceId, outcome: 'applied', why: null, rawBody: Buffer.from(d.body) })), now));
const ordersQ = (items: any[]) => capture((s) => upsertOrders(s, t, items.map(({ d, data }) => ({ ref: data.partnerReferenceId, vendor: 'ledgerbee', unreferenced: null, facts: { [`announced:${data.subscriptionId}:${d.messageId}`]: { kind: 'announced', subject: data.subscriptionId, topic: 'subscription.started', messageId: d.messageId } } as any, parkedUntilMs: now + 3600000, statusIfNew: 'pending', cause: `delivery:${d.messageId}` })), now));
const subjQ = (items: any[]) => capture((s) => markDirty(s, t, items.map(({ data }) => ({ vendor: 'ledgerbee', subject: data.subscriptionId, orderRef: data.partnerReferenceId })), now));
const q1 = (a: number[]) => a.sort((x, y) => x - y)[Math.floor(a.length / 5)]!;
async function bench(label: string, size: number, make: (items: any[]) => Promise<any>, named: boolean, pre?: string) {
  const ts: number[] = [];
  const name = named ? 'n' + label.replace(/\W/g, '') : undefined;
  for (let i = 0; i < 40; i++) {
    const q = await make(mk(size));
    await c.query('BEGIN'); if (pre) await c.query(pre);
    const t0 = performance.now();
    await c.query({ ...q, ...(name ? { name } : {}) });
    ts.push(performance.now() - t0);
    await c.query('COMMIT');
  }
  console.log(label.padEnd(40), size, q1(ts).toFixed(3), 'ms', (q1(ts) * 1000 / size).toFixed(1) + 'us');
}
const inboxBin = async (items: any[]) => { const q = await inboxQ(items); const v = [...q.values]; const bodies = v[8] as Buffer[]; 
  const all = Buffer.concat(bodies); let at = 1; const from: number[] = []; const len: number[] = []; for (const b of bodies) { from.push(at); len.push(b.length); at += b.length; }
  return { text: q.text.replace('$8::text[], $9::bytea[])', '$8::text[], $9::int[], $11::int[])').replace('outcome, why, raw_body)\n       LEFT', 'outcome, why, raw_from, raw_len)\n       LEFT').replace('why, raw_body\n       FROM', 'why, substring($12::bytea from raw_from for raw_len)\n       FROM'), values: [...v.slice(0, 8), from, v[9], len, all] }; };

async function time(label: string, n: number, f: () => Promise<any>, after = 'ROLLBACK') { const ts: number[] = []; for (let i = 0; i < n; i++) { const t0 = performance.now(); await f(); ts.push(performance.now() - t0); await c.query(after); } console.log(label.padEnd(40), q1(ts).toFixed(3)); }
await time('BEGIN', 300, () => c.query('BEGIN'));
await time('BEGIN rc', 300, () => c.query('BEGIN ISOLATION LEVEL READ COMMITTED'));
await time('BEGIN+set_config', 300, () => c.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')`));
await time('BEGIN+set local', 300, () => c.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on`));
await time('BEGIN+set local x2', 300, () => c.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on; SET LOCAL enable_seqscan = off`));
await time('select 1', 300, () => c.query(`select 1`), 'select 1');
const slim = (make: any) => async (items: any[]) => { const q = await make(items); return { text: q.text.replace('RETURNING ref, vendor, unreferenced, facts, status, version', 'RETURNING ref, vendor, unreferenced, CASE WHEN o.version > 1 THEN facts END AS facts, status, version'), values: q.values }; };
for (const size of [32]) {
  await bench('inbox bin named', size, inboxBin, true);
  await bench('orders named', size, ordersQ, true);
  await bench('orders named slim', size, slim(ordersQ), true);
  await bench('subjects named', size, subjQ, true);
}

for (const [l, m] of [['inbox', inboxBin], ['orders', slim(ordersQ)], ['subj', subjQ]] as const) { for (let i = 0; i < 8; i++) { const q = await m(mk(32)); const r = await c.query('EXPLAIN (ANALYZE, WAL, BUFFERS, TIMING ON) ' + q.text, q.values); if (i === 7) console.log(l + '\n' + r.rows.map((x: any) => x['QUERY PLAN']).join('\n')); } }
await c.end(); await pool.end(); await db.drop(); await server.stop(); await rm(dataDir, { recursive: true, force: true });
