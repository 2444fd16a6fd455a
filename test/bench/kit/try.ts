import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, freshDatabase } from '../../../demo/postgres.js';
import { buildPrograms } from './build-programs.js';
import { createWebhookSecret } from '../../../src/testing/ledgerbee/signer.js';
const dataDir = await mkdtemp(join(tmpdir(), 'kit-bench-'));
await chmod(dataDir, 0o755);
const server = await startPostgres({ dataDir });
const { writeFileSync } = await import('node:fs');
const pgpid = readFileSync(join(server.dataDir,'cluster','postmaster.pid'),'utf8').split('\n')[0];
const pids = () => [String(process.pid), ...readdirSync('/proc').filter((d) => /^\d+$/.test(d) && ([pgpid, String(process.pid)].includes(String(stat(d).ppid)))), pgpid!];
const { execFileSync } = await import('node:child_process');
const prio = (n: number) => { if (process.env.PRIO) for (const pid of pids()) { try { execFileSync('chrt', n < 0 ? ['-a', '-r', '-p', '1', pid] : ['-a', '-o', '-p', '0', pid]); } catch (e) { console.log(String(e).slice(0, 100)); } } };
const programs = await buildPrograms(['bare-inserts','load','receiver']);
const db = await freshDatabase(server.url);
const secret = createWebhookSecret();
const flags = process.env.PROF ? ['--cpu-prof','--cpu-prof-dir=/tmp/perf-prof','--cpu-prof-interval=200'] : [];
const arms = (process.env.ARMS ?? '').split(';').map((x) => x.trim());
const rec: any[] = []; const loads: any[] = [];
for (const [i, arm] of arms.entries()) {
  for (const kv of arm.split(',').filter(Boolean)) { const [k, v] = kv.split('='); process.env[k!] = v; }
  const r = await programs.start<{port:number}>('receiver', { databaseUrl: db.url, schema:'kit' + i, secret, commits:'together' }, flags);
  for (const kv of arm.split(',').filter(Boolean)) delete process.env[kv.split('=')[0]!];
  rec.push(r); loads.push(await programs.start<object>('load', { port: r.ready.port, secret, connections: Number(process.env.C ?? 64) }));
}
const bare = await programs.start<object>('bare-inserts', { databaseUrl: db.url, connections: 64 });
import { readFileSync, readdirSync } from 'node:fs';
const stat=(pid:number|string)=>{ try { const x=readFileSync(`/proc/${pid}/stat`,'utf8'); const f=x.slice(x.lastIndexOf(')')+2).split(' '); return {ppid:Number(f[1]), ms:(Number(f[11])+Number(f[12]))*10}; } catch { return {ppid:0, ms:0}; } };
const pidfile = readFileSync(join(server.dataDir,'cluster','postmaster.pid'),'utf8').split('\n')[0];
const pgCpu = () => { let t=0; for (const d of readdirSync('/proc')) if (/^\d+$/.test(d)) { const s=stat(d); if (String(s.ppid)===pidfile) t+=s.ms; } return t; };
const q = { warmUpMs: 300, durationMs: Number(process.env.MS ?? 2000) };

await bare.ask({ prepared: false, warmUpMs: 100, durationMs: 400, prepare: 12000 }); for (const l of loads) await l.ask({ warmUpMs: 100, durationMs: 800, prepare: 12000 });
prio(-15);
const med=(a:number[])=>[...a].sort((x,y)=>x-y)[Math.floor(a.length/2)]!;
const R: number[][] = arms.map(() => []), W: number[][] = arms.map(() => []), CR: number[][] = arms.map(() => []), CP: number[][] = arms.map(() => []), B: number[] = [];
for (let i=0;i<Number(process.env.N??4);i++){
  const b = process.env.NOBARE ? {inserted:1,seconds:1} : await bare.ask<any>({ ...q, prepared: false, prepare: 40000 });
  B.push(b.inserted/b.seconds);
  const order = arms.map((_, k) => k); if (i % 2) order.reverse();
  for (const k of order) {
  const r0=stat(rec[k].pid).ms, p0=pgCpu();
  const w = await loads[k].ask<any>({ ...q, prepare: Math.ceil(q.durationMs * 14) });
  const kk=(q.durationMs+q.warmUpMs)/q.durationMs;
  R[k]!.push(w.accepted/b.inserted*b.seconds/w.seconds); W[k]!.push(w.accepted/w.seconds); CR[k]!.push((stat(rec[k].pid).ms-r0)*1000/w.accepted/kk); CP[k]!.push((pgCpu()-p0)*1000/w.accepted/kk);
  }
}
console.log('bare', med(B).toFixed(0));
arms.forEach((a, k) => console.log((a||'plain').padEnd(30), 'web/s', med(W[k]!).toFixed(0), 'max', Math.max(...W[k]!).toFixed(0), 'ratio', med(R[k]!).toFixed(3), 'us recv', med(CR[k]!).toFixed(0), 'pg', med(CP[k]!).toFixed(0)));
if (process.env.STATS) { const {default:pg}=await import('pg'); const c=new pg.Client(db.url); await c.connect();
 console.log((await c.query(`select relname, n_tup_ins, n_tup_upd, pg_total_relation_size(relid) from pg_stat_user_tables`)).rows); await c.end(); }
prio(0); await bare.stop(); for (const l of loads) await l.stop(); for (const r of rec) await r.stop(); await programs.remove(); await db.drop(); await server.stop(); await rm(dataDir,{recursive:true,force:true});
