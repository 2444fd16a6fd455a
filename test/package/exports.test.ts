/** The package as a stranger gets it: built, packed, unpacked into another project, and imported by bare Node. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { ROOT } from '../runner/suite.js';
import { testDatabase } from '../support/database.js';

const run = promisify(execFile);
const ENTRIES = Object.entries(packageJson.exports)
  .filter(([, target]) => typeof target !== 'string')
  .map(([entry]) => entry.replace(/^\./, 'checkout-embed'));

let consumer = '';
let installed = '';
let command = '';

beforeAll(async () => {
  await run('npm', ['run', 'build'], { cwd: ROOT });
  consumer = await mkdtemp(join(tmpdir(), 'checkout-embed-consumer-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', consumer], { cwd: ROOT });
  const tarball = (await readdir(consumer)).find((name) => name.endsWith('.tgz'))!;
  await run('tar', ['-xzf', tarball], { cwd: consumer });
  installed = join(consumer, 'node_modules', 'checkout-embed');
  await mkdir(join(consumer, 'node_modules'));
  await run('mv', [join(consumer, 'package'), installed]);
  // What npm would have installed beside it. Only what a consumer really gets: a dependency we forgot to name is missing here.
  for (const name of ['lit', 'pg']) {
    await symlink(join(ROOT, 'node_modules', name), join(consumer, 'node_modules', name), 'dir');
  }
  // As npm does it: a link, to a file that may be run.
  await chmod(join(installed, packageJson.bin['checkout-embed']), 0o755);
  await mkdir(join(consumer, 'node_modules', '.bin'));
  command = join(consumer, 'node_modules', '.bin', 'checkout-embed');
  await symlink(join(installed, packageJson.bin['checkout-embed']), command);
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ type: 'module' }));
}, 400_000);

afterAll(async () => {
  if (consumer !== '') await rm(consumer, { recursive: true, force: true });
});

describe('the packed package', () => {
  it.each(ENTRIES)('gives %s to bare Node without a throw', async (entry) => {
    const names = await inNode(`console.log(JSON.stringify(Object.keys(await import('${entry}'))))`);
    expect(Array.isArray(JSON.parse(names))).toBe(true);
  });

  it.each(ENTRIES)('has types for %s', async (entry) => {
    const { types } = (packageJson.exports as unknown as Record<string, { types: string }>)[
      entry.replace('checkout-embed', '.')
    ]!;
    expect((await readFile(join(installed, types), 'utf8')).length).toBeGreaterThan(0);
  });

  it('has types that hold with TypeScript 6 too, by which they were not made', async () => {
    await mkdir(join(consumer, 'node_modules', '@types'));
    for (const name of ['node', 'pg']) {
      await symlink(
        join(ROOT, 'node_modules', '@types', name),
        join(consumer, 'node_modules', '@types', name),
        'dir',
      );
    }
    const imports = ENTRIES.map((entry, i) => `export * as entry${i} from '${entry}';`);
    await writeFile(join(consumer, 'all.ts'), imports.join('\n'));
    const lib = 'ES2023,DOM,DOM.Iterable,DOM.AsyncIterable';
    const options = `--noEmit --strict --module nodenext --target es2022 --lib ${lib} --types node all.ts`;
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, ...options.split(' ')], { cwd: consumer }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
    // Seconds, and half a minute on a busy machine.
  }, 240_000);

  it('has Lit in its one file as it is meant for shops, wherever it was built, and names its license', async () => {
    const code = await readFile(join(installed, 'dist/cdn/checkout-embed.js'), 'utf8');
    expect(code).toContain('litElementVersions');
    expect(code).not.toContain('Lit is in dev mode');
    const licenses = await readFile(join(installed, 'dist/cdn/licenses.md'), 'utf8');
    expect(licenses).toContain('lit-html');
    expect(licenses).toContain('BSD 3-Clause License');
  });

  it('registers nothing when only the class is imported, and runs without a DOM', async () => {
    const script = `await import('checkout-embed/element'); console.log(typeof document, typeof window);`;
    expect(await inNode(script)).toBe('undefined undefined');
  });

  it('brings the manifest of its element, and every file that it names', async () => {
    const text = await readFile(join(installed, packageJson.customElements), 'utf8');
    const { modules } = JSON.parse(text) as { modules: { path: string }[] };
    const present = await readdir(installed, { recursive: true });
    expect(present).toEqual(expect.arrayContaining(modules.map(({ path }) => path)));
    expect(packageJson.exports['./custom-elements.json']).toBe(`./${packageJson.customElements}`);
  });

  it('brings no tests, no demo and no data', async () => {
    const names = (await readdir(installed)).sort();
    expect(names).toEqual(['LICENSE', 'README.md', 'dist', 'examples', 'package.json', 'src']);
  });
});

describe('the command of the packed package', () => {
  const call = async (...argv: string[]): Promise<{ code: number; out: string; err: string }> => {
    const env = { ...process.env, DATABASE_URL: inject('postgresUrl') };
    const {
      code = 0,
      stdout,
      stderr,
    } = (await run(command, argv, { cwd: consumer, env }).catch(
      (failed: unknown) => failed as { code: number; stdout: string; stderr: string },
    )) as { code?: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  };

  it('is there, and knows its version', async () => {
    expect(await call('--version')).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('makes the tables and works on them', async () => {
    const { url, drop } = await testDatabase();
    try {
      const at = `--database-url=${url}`;
      expect(await call('orders', at)).toMatchObject({
        code: 2,
        err: expect.stringContaining('Run: npx checkout-embed migrate') as string,
      });
      expect(await call('migrate', at)).toMatchObject({
        code: 0,
        out: expect.stringContaining('was brought to version') as string,
      });
      const { code, out } = await call('orders', at, '--json');
      expect({ code, document: JSON.parse(out) as unknown }).toEqual({
        code: 0,
        document: { v: 1, command: 'orders list', orders: [] },
      });
    } finally {
      await drop();
    }
  });

  it('says so where pg is not installed', async () => {
    const pg = join(consumer, 'node_modules', 'pg');
    await rename(pg, `${pg}-away`);
    try {
      const { code, out } = await call('orders', '--json');
      expect({ code, document: JSON.parse(out) as unknown }).toEqual({
        code: 2,
        document: {
          v: 1,
          error: {
            code: 'pg-not-installed',
            message: 'The package pg is not installed here.',
            fix: 'Run: npm install pg',
          },
        },
      });
    } finally {
      await rename(`${pg}-away`, pg);
    }
  });
});

async function inNode(script: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: consumer,
  });
  return stdout.trim();
}
