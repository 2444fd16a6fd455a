import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, freshDatabase } from '../../../demo/postgres.js';
import { buildPrograms } from './programs.js';
import { createWebhookSecret } from '../../../src/testing/ledgerbee/signer.js';
const dataDir = await mkdtemp(join(tmpdir(), 'kit-bench-'));
await chmod(dataDir, 0o755);
const server = await startPostgres({ dataDir });
const programs = await buildPrograms(['bare-inserts','load','receiver']);
const db = await freshDatabase(server.url);
const secret = createWebhookSecret();
const flags = process.env.PROF ? ['--cpu-prof','--cpu-prof-dir=/tmp/perf-prof','--cpu-prof-interval=200'] : [];
const receiver = await programs.start<{port:number}>('receiver', { databaseUrl: db.url, schema:'kit', secret, commits:'together' }, flags);
const load = await programs.start<object>('load', { port: receiver.ready.port, secret, connections: 64 });
const bare = await programs.start<object>('bare-inserts', { databaseUrl: db.url, connections: 64 });
import { readFileSync, readdirSync } from 'node:fs';
const stat=(pid:number|string)=>{ try { const x=readFileSync(`/proc/${pid}/stat`,'utf8'); const f=x.slice(x.lastIndexOf(')')+2).split(' '); return {ppid:Number(f[1]), ms:(Number(f[11])+Number(f[12]))*10}; } catch { return {ppid:0, ms:0}; } };
const pidfile = readFileSync(join(server.dataDir,'cluster','postmaster.pid'),'utf8').split('\n')[0];
const pgCpu = () => { let t=0; for (const d of readdirSync('/proc')) if (/^\d+$/.test(d)) { const s=stat(d); if (String(s.ppid)===pidfile) t+=s.ms; } return t; };
const q = { warmUpMs: 300, durationMs: Number(process.env.MS ?? 2000) };
const tot={bn:0,bc:0,bp:0,wn:0,wr:0,wp:0,wl:0};
for (let i=0;i<Number(process.env.N??4);i++){
  const b0 = stat(bare.pid).ms, bp0=pgCpu();
  const b = await bare.ask<any>({ ...q, prepare: 40000 });
  const b1 = stat(bare.pid).ms, bp1=pgCpu();
  const r0=stat(receiver.pid).ms, l0=stat(load.pid).ms, p0=pgCpu(), t0=Date.now();
  const w = await load.ask<any>({ ...q, prepare: 40000 });
  const r1=stat(receiver.pid).ms, l1=stat(load.pid).ms, p1=pgCpu();
  const k=(q.durationMs+q.warmUpMs)/q.durationMs; const us=(ms:number,n:number)=>(ms*1000/(n*k)).toFixed(0);
  console.log('bare/s', b.inserted/b.seconds, 'us node', us(b1-b0,b.inserted),'pg',us(bp1-bp0,b.inserted),'| web/s', w.accepted/w.seconds, w.refused, 'us recv',us(r1-r0,w.accepted),'load',us(l1-l0,w.accepted),'pg',us(p1-p0,w.accepted),'| ratio', (w.accepted/b.inserted).toFixed(3), 'p50',w.latenciesMs.p50.toFixed(1));
}
if (process.env.STATS) { const {default:pg}=await import('pg'); const c=new pg.Client(db.url); await c.connect();
 console.log((await c.query(`select relname, n_tup_ins, n_tup_upd, pg_total_relation_size(relid) from pg_stat_user_tables`)).rows); await c.end(); }
await bare.stop(); await load.stop(); await receiver.stop(); await programs.remove(); await db.drop(); await server.stop(); await rm(dataDir,{recursive:true,force:true});
