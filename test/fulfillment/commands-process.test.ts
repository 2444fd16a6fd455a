/** `checkout-embed` as a process of its own: what it leaves on its streams, and that it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { RESULTS, ROOT } from '../runner/suite.js';
import { withoutProgress } from './kit/shell.js';
import { World } from './kit/world.js';

let world: World;
let folder = '';
beforeEach(async () => {
  world = await World.create();
  await mkdir(RESULTS, { recursive: true });
  // Inside the package, so that its own name and `pg` are found by a config.
  folder = await mkdtemp(join(RESULTS, 'commands-'));
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const start = (...argv: string[]): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--conditions=checkout-embed-source',
      join(ROOT, 'src', 'commands', 'main.ts'),
      ...argv,
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DATABASE_URL: world.url } },
  );
const run = async (...argv: string[]): Promise<{ code: number | null; out: string; err: string }> => {
  const child = start(...argv);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err: withoutProgress(err) };
};

describe('the process', () => {
  it('gives the version of the package', async () => {
    expect(await run('--version')).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('ends with 2 and one document when it could not run', async () => {
    await world.pool.query(`DROP SCHEMA ${world.schema} CASCADE`);
    const { code, out, err } = await run('orders', `--schema=${world.schema}`, '--json');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'not-migrated' } });
  });

  it('ends by itself, runs nothing, and keeps stdout for the answer, whatever a config starts and prints', async () => {
    const kit = await world.kit();
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.kit.reconcile('order-1');
    await writeFile(
      join(folder, 'checkout-embed.config.mjs'),
      `import pg from 'pg';
       import { ledgerbee } from 'checkout-embed/fulfillment/ledgerbee';
       import { transactionEffect } from 'checkout-embed/fulfillment';
       console.log('a shop that greets');
       setInterval(() => undefined, 1000);
       const run = ({ order, tx, key }) =>
         tx.query('INSERT INTO ${world.schema}.granted VALUES ($1, $2)', [order.ref, key]);
       export default {
         database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
         schema: '${world.schema}',
         identify: () => null,
         resolveOrder: () => null,
         unreferenced: 'review',
         vendors: [ledgerbee({
           apiBaseUrl: 'http://127.0.0.1:1/api/v1',
           apiKey: 'api-key-of-test', ssoKey: 'sso-key-of-test',
           webhookSecrets: ['whsec_${Buffer.alloc(32, 7).toString('base64')}'],
         })],
         effects: { fulfill: transactionEffect(run), revoke: transactionEffect(run) },
         schedule: { sweepIntervalMs: 1 },
       };`,
    );
    const shown = await run('orders', 'show', 'order-1', '--json');
    expect(shown).toMatchObject({ code: 0, err: 'a shop that greets\n' });
    expect(JSON.parse(shown.out)).toMatchObject({ order: { effects: [{ state: 'due', tries: 0 }] } });

    const asked = await run('reconcile', 'order-1');
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.err).toMatch(/ledgerbee +the reference +unavailable/);
    expect(asked.err).not.toMatch(/api-key-of-test|whsec_/);
    expect((await kit.order('order-1')).effects).toMatchObject([{ state: 'due', tries: 0 }]);
  });

  it('ends quietly when nobody reads its answer', async () => {
    const child = start('help');
    child.stdout?.destroy();
    let err = '';
    child.stderr?.on('data', (chunk) => (err += String(chunk)));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});
