/** What a command says when it cannot run: a stable code, what is wrong, and what mends it. Never a secret. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMigrations } from '../../src/fulfillment/index.js';
import { COMMANDS } from '../../src/commands/commands.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { shell, type ShellAnswer } from './kit/shell.js';

const SECRET = 'gr8-secret';
const WORKS_ON_TABLES = [
  ['orders', 'list'],
  ['orders', 'show', 'order-1'],
  ['review', 'list'],
  ['review', 'resolve', '1', 'accept'],
  ['effects', 'list'],
  ['effects', 'redrive', 'order-1'],
];

let database: TestDatabase;
let folder = '';
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'checkout-embed-config-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const on = (url: string, ...argv: string[]): Promise<ShellAnswer> =>
  shell(argv, { env: { DATABASE_URL: url } });
const changed = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};
/** What the error is, the same for people and for tools. */
const refused = async (call: (...more: string[]) => Promise<ShellAnswer>) => {
  const forPeople = await call();
  const forTools = await call('--json');
  const document = forTools.json() as { error: { code: string; message: string; fix: string } };
  expect(document).toEqual({
    v: 1,
    error: {
      code: expect.any(String) as string,
      message: expect.any(String) as string,
      fix: expect.any(String) as string,
    },
  });
  expect(forPeople).toMatchObject({
    code: 2,
    out: '',
    err: `${document.error.message}\n${document.error.fix}\n`,
  });
  expect(forTools).toMatchObject({ code: 2, err: '' });
  for (const { out, err } of [forPeople, forTools]) expect(out + err).not.toContain(SECRET);
  return document.error;
};

describe('a database', () => {
  it('that is not there is named by its place, without its password', async () => {
    const error = await refused((...more) =>
      on(`postgres://shop:${SECRET}@127.0.0.1:1/shop`, 'orders', ...more),
    );
    expect(error).toMatchObject({
      code: 'database-unreachable',
      message: 'The database at shop@127.0.0.1:1/shop cannot be reached (ECONNREFUSED).',
      fix: expect.stringContaining('host and port') as string,
    });
  });

  it('that is not there cannot be migrated either', async () => {
    const error = await refused((...more) =>
      on(`postgres://u:${SECRET}@127.0.0.1:1/shop`, 'migrate', ...more),
    );
    expect(error.code).toBe('database-unreachable');
  });

  it('that refuses the user says so', async () => {
    const url = changed((url) => {
      url.username = 'nobody_at_all';
      url.password = SECRET;
    });
    const error = await refused((...more) => on(url, 'orders', ...more));
    expect(error).toMatchObject({
      code: 'database-refused',
      message: expect.stringContaining('nobody_at_all@') as string,
      fix: expect.stringContaining('password') as string,
    });
  });

  it('that has another name says so', async () => {
    const url = changed((url) => (url.pathname = '/no_such_database'));
    expect(await refused((...more) => on(url, 'orders', ...more))).toMatchObject({
      code: 'database-missing',
      message: expect.stringContaining('/no_such_database') as string,
    });
  });

  it('that permits its user nothing says so', async () => {
    await runMigrations({ database: database.pool, schema: 'closed' });
    const role = `stranger_${database.url.split('_').at(-1) ?? ''}`;
    await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'`);
    const url = changed((url) => {
      url.username = role;
      url.password = SECRET;
    });
    try {
      for (const command of ['orders', 'migrate']) {
        const error = await refused((...more) => on(url, command, '--schema=closed', ...more));
        expect(error.code).toBe('database-forbidden');
      }
    } finally {
      await database.pool.query(`DROP ROLE ${role}`);
    }
  });

  it.each(WORKS_ON_TABLES)('that was never migrated is not worked on: %s %s', async (...argv) => {
    const error = await refused((...more) => on(database.url, ...argv, '--schema=never_made', ...more));
    expect(error).toMatchObject({
      code: 'not-migrated',
      message: expect.stringContaining('never_made') as string,
      fix: expect.stringContaining('npx checkout-embed migrate') as string,
    });
  });

  it('that lacks a newer version names it', async () => {
    await runMigrations({ database: database.pool, schema: 'behind' });
    await database.pool.query('DELETE FROM behind.migrations WHERE version = 4');
    expect(await refused((...more) => on(database.url, 'review', '--schema=behind', ...more))).toMatchObject({
      code: 'not-migrated',
      message: expect.stringContaining('version 4') as string,
    });
  });

  it.each(['orders', 'migrate'])('that a newer package has made is left alone by %s', async (command) => {
    const schema = `ahead_of_${command}`;
    await runMigrations({ database: database.pool, schema });
    await database.pool.query(`INSERT INTO ${schema}.migrations (version) VALUES (99)`);
    expect(
      await refused((...more) => on(database.url, command, `--schema=${schema}`, ...more)),
    ).toMatchObject({
      code: 'schema-too-new',
      message: expect.stringContaining('99') as string,
    });
  });

  it.each([
    ['mysql://me:gr8-secret@db/shop', 'invalid-database-url'],
    ['gr8-secret', 'invalid-database-url'],
    ['', 'no-database'],
  ])('address %j is none', async (url, code) => {
    expect(await refused((...more) => on(url, 'orders', ...more))).toMatchObject({ code });
  });
});

describe('words', () => {
  const offline = (...argv: string[]) => shell(argv, { env: {} });

  it.each([
    [['ordes'], 'unknown-command', /"ordes"/, /npx checkout-embed orders$/],
    [['orders', 'shwo', 'x'], 'unknown-command', /"orders shwo"/, /npx checkout-embed orders show$/],
    [['review', 'reslove'], 'unknown-command', /"review reslove"/, /npx checkout-embed review resolve$/],
    [['frobnicate'], 'unknown-command', /"frobnicate"/, /npx checkout-embed help$/],
    [['orders', '--limt', '3'], 'unknown-option', /--limt/, /--limit/],
    [['orders', '--all'], 'unknown-option', /--all of orders list/, /--help/],
    [['orders', '--limit'], 'missing-argument', /--limit/, /--limit=<value>/],
    [['orders', '--limit='], 'missing-argument', /--limit/, /--limit=<value>/],
    [['orders', '--schema', '--limit=3'], 'missing-argument', /--schema/, /--schema=<value>/],
    [['orders', '--limit=0'], 'invalid-argument', /--limit "0"/, /--limit=100/],
    [['orders', '--limit=many'], 'invalid-argument', /--limit "many"/, /--limit=100/],
    [['orders', '--schema=A"; DROP'], 'invalid-argument', /schema/, /checkout_embed/],
    [['orders', 'show'], 'missing-argument', /<orderRef>/, /orders show --help/],
    [['orders', 'show', 'a', 'b'], 'invalid-argument', /"b"/, /orders show --help/],
    [['orders', 'list', 'x'], 'invalid-argument', /"x"/, /orders list --help/],
    [['review', 'resolve'], 'missing-argument', /<id>|<answer>/, /review resolve --help/],
    [['review', 'resolve', '1'], 'missing-argument', /<answer>/, /accept, reject, done, not-done/],
    [['review', 'resolve', '1', 'maybe'], 'invalid-argument', /"maybe"/, /accept, reject/],
    [['review', 'resolve', '--order=a', 'accept'], 'missing-argument', /--key/, /--help/],
    [['review', 'resolve', '1', 'accept', '--key=k'], 'invalid-argument', /--key/, /--help/],
    [['effects', 'redrive'], 'missing-argument', /<orderRef>/, /--help/],
    [['effects', 'redrive', 'a', '--all'], 'invalid-argument', /--all/, /--help/],
    [['effects', 'redrive', 'a', '--kind=refund'], 'invalid-argument', /"refund"/, /--kind=revoke/],
    [['effects', 'redrive', 'a', '--by= '], 'invalid-argument', /--by/, /200/],
    [['migrate', '--check=yes'], 'invalid-argument', /--check/, /--check alone/],
    [['reconcile', 'order-1'], 'no-config', /vendor/, /checkout-embed\.config\.js/],
  ])('%j are answered with what was meant', async (argv, code, message, fix) => {
    const call = (...more: string[]) =>
      shell([...argv, ...more], { env: { DATABASE_URL: `postgres://u:${SECRET}@127.0.0.1:1/x` } });
    expect(await refused(call)).toEqual({
      code,
      message: expect.stringMatching(message) as string,
      fix: expect.stringMatching(fix) as string,
    });
  });

  it.each([[[]], [['help']], [['--help']], [['-h']]])('%j give all commands', async (argv) => {
    const { code, out } = await offline(...argv);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS) expect(out).toMatch(new RegExp(`${name}.*${summary}`));
  });

  it.each(COMMANDS.map(({ name }) => name))('%s has a page of its own with an example', async (name) => {
    const pages = [await offline(...name.split(' '), '--help'), await offline('help', ...name.split(' '))];
    expect(pages[0]!.out).toBe(pages[1]!.out);
    expect(pages[0]).toMatchObject({ code: 0, err: '' });
    expect(pages[0]!.out).toMatch(
      new RegExp(`^Usage: npx checkout-embed ${name}[^]*Examples?\\n  npx checkout-embed`),
    );
  });
});

describe('a config', () => {
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return `--config=${name}`;
  };
  const call = (...argv: string[]) =>
    shell(['reconcile', 'order-1', ...argv], {
      folder,
      env: { DATABASE_URL: `postgres://u:${SECRET}@127.0.0.1:1/x` },
    });

  it.each([
    ['throws.mjs', `throw new Error('no ' + 'LEDGERBEE_KEY');`, 'config-failed', /no LEDGERBEE_KEY/],
    [
      'tells.mjs',
      `throw new Error('bad address postgres://u:${SECRET}@127.0.0.1:1/x');`,
      'config-failed',
      /\*\*\*/,
    ],
    ['syntax.mjs', 'export default {', 'config-failed', /syntax\.mjs could not be loaded/],
    ['named.mjs', 'export const options = {};', 'invalid-config', /no default export/],
    ['empty.mjs', 'export default {};', 'invalid-config', /no database/],
    ['kit.mjs', 'export default { tick() {}, fetch() {}, database: {} };', 'invalid-config', /exports a kit/],
    ['pool.mjs', 'export default { database: {} };', 'invalid-config', /database must be a pg Pool/],
    [
      'few.mjs',
      'export default { database: { connect() {}, query() {} } };',
      'invalid-config',
      /identify must be a function/,
    ],
  ])('%s is refused with what is wrong', async (name, text, code, message) => {
    const config = await write(name, text);
    expect(await refused((...more) => call(config, ...more))).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('that is not there is named', async () => {
    expect(await refused((...more) => call('--config=no/such.js', ...more))).toMatchObject({
      code: 'config-not-found',
      message: expect.stringContaining('no/such.js') as string,
    });
  });

  it('is not loaded by a command that was given its database', async () => {
    await write('checkout-embed.config.mjs', `throw new Error('loaded');`);
    const other = (...argv: string[]) =>
      shell(['orders', '--database-url=postgres://u@127.0.0.1:1/x', ...argv], { folder, env: {} });
    expect((await refused(other)).code).toBe('database-unreachable');
    expect((await refused((...more) => shell(['orders', ...more], { folder }))).code).toBe('config-failed');
    await rm(join(folder, 'checkout-embed.config.mjs'));
  });

  it('for another vendor than the order’s says which is missing', async () => {
    await runMigrations({ database: database.pool, schema: 'other_vendor' });
    await database.pool.query(
      `INSERT INTO other_vendor.orders VALUES ('order-1', 'siglume', NULL, '{}', 'open', 1, NULL, now(), now())`,
    );
    const config = await write(
      'other.mjs',
      `export default {
         database: { connect() { throw new Error('not this one') }, query() {} },
         identify: () => null, resolveOrder: () => null, unreferenced: 'review',
         vendors: [{ name: 'ledgerbee', flow: 'frame', verify() {} }],
         effects: { fulfill: { class: 'idempotent', run: async () => {} } },
       };`,
    );
    const error = await refused((...more) =>
      call(config, `--database-url=${database.url}`, '--schema=other_vendor', ...more),
    );
    expect(error).toMatchObject({
      code: 'vendor-not-configured',
      message: expect.stringContaining('siglume') as string,
    });
  });
});
