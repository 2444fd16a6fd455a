/** The kit's tables: made once, by whoever comes first. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError, runMigrations } from '../../src/fulfillment/index.js';
import { MIGRATIONS } from '../../src/fulfillment/postgres/migrations/index.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from './kit/world.js';

/** Every migration there is. */
const ALL = MIGRATIONS.map(({ version }) => version);

describe('migrations', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
  });
  afterEach(() => database.drop());

  const tables = async (schema = 'checkout_embed'): Promise<number> =>
    (await database.pool.query('SELECT 1 FROM pg_tables WHERE schemaname = $1', [schema])).rowCount ?? 0;

  it('run from five processes at once are applied once', async () => {
    const pools = Array.from({ length: 5 }, () => new pg.Pool({ connectionString: database.url, max: 2 }));
    try {
      const applied = await Promise.all(pools.map((pool) => runMigrations({ database: pool })));
      expect(applied.filter((versions) => versions.length > 0)).toEqual([ALL]);
      expect(await tables()).toBeGreaterThan(5);
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
    }
  });

  it('are done once and then do nothing', async () => {
    expect(await runMigrations({ database: database.pool })).toEqual(ALL);
    expect(await runMigrations({ database: database.pool })).toEqual([]);
  });

  it('of two schemas do not meet', async () => {
    await Promise.all(['one', 'two'].map((schema) => runMigrations({ database: database.pool, schema })));
    expect(await tables('one')).toBe(await tables('two'));
  });

  it('refuse a schema that a newer kit has made, and name the way out', async () => {
    await runMigrations({ database: database.pool });
    await database.pool.query('INSERT INTO checkout_embed.migrations (version) VALUES (99)');
    const refused = await runMigrations({ database: database.pool }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigurationError);
    expect(refused).toMatchObject({
      code: 'schema-too-new',
      message: expect.stringContaining('99') as string,
    });
  });

  it('that fail leave nothing behind', async () => {
    const broken = { version: 98, statements: () => ['SELECT 1', 'this is no SQL'] };
    const migrations = [...MIGRATIONS, broken];
    await expect(runMigrations({ database: database.pool, migrations })).rejects.toThrow(/syntax/);
    expect(await tables()).toBe(0);
  });

  it('take what is there along: its subscriptions are read again, and a person may answer in new words', async () => {
    await runMigrations({ database: database.pool, migrations: MIGRATIONS.slice(0, 1) });
    const schema = 'checkout_embed';
    await database.pool.query(`
      INSERT INTO ${schema}.orders (ref, vendor, facts, status, version, created_at, updated_at)
        VALUES ('o1', 'ledgerbee', '{}', 'fulfilled', 1, now(), now());
      INSERT INTO ${schema}.subjects (vendor, subject, order_ref, dirty_gen, clean_gen, next_fetch_at)
        VALUES ('ledgerbee', 's1', 'o1', 1, 1, now()), ('ledgerbee', 's2', NULL, 1, 1, now());
      INSERT INTO ${schema}.effects (order_ref, kind, epoch, state, wanted, evidence, max_tries, run_at)
        VALUES ('o1', 'fulfill', '', 'dead', true, '{}', 20, now());
      INSERT INTO ${schema}.reviews (order_ref, vendor, key, reason, evidence, opened_at)
        VALUES ('o1', 'ledgerbee', 'k', 'effect_dead_letter', '{}', now())`);
    await runMigrations({ database: database.pool });
    const { rows } = await database.pool.query(
      `SELECT subject, recheck_at BETWEEN now() AND now() + interval '7 days' AS within_a_week
         FROM ${schema}.subjects ORDER BY subject`,
    );
    expect(rows).toEqual([
      { subject: 's1', within_a_week: true },
      { subject: 's2', within_a_week: null },
    ]);
    await database.pool.query(
      `UPDATE ${schema}.effects SET state = 'unknown';
       UPDATE ${schema}.reviews SET resolution = 'not-done'`,
    );
    await expect(database.pool.query(`UPDATE ${schema}.effects SET state = 'odd'`)).rejects.toThrow(/check/);
  });

  it('wait for the transactions of a kit that is at work, and keep nothing from them meanwhile', async () => {
    await runMigrations({ database: database.pool, migrations: MIGRATIONS.slice(0, 5) });
    const schema = 'checkout_embed';
    const working = await database.pool.connect();
    try {
      await working.query(`BEGIN;
        INSERT INTO ${schema}.orders (ref, vendor, facts, status, version, created_at, updated_at)
          VALUES ('o1', 'ledgerbee', '{}', 'open', 1, now(), now())`);
      const migrated = runMigrations({ database: database.pool }).catch((error: unknown) => error);
      const isWaiting = `SELECT 1 FROM pg_locks JOIN pg_database AS d ON d.oid = database
                          WHERE datname = current_database() AND NOT granted`;
      await eventually(async () => (await database.pool.query(isWaiting)).rowCount === 1);
      // As the receiving transaction goes on: its order first, then all else.
      await working.query(`
        INSERT INTO ${schema}.subjects (vendor, subject, order_ref, dirty_gen, clean_gen, next_fetch_at)
          VALUES ('ledgerbee', 's1', 'o1', 1, 0, now());
        INSERT INTO ${schema}.effects (order_ref, kind, epoch, state, wanted, evidence, max_tries, run_at)
          VALUES ('o1', 'fulfill', '', 'due', true, '{}', 20, now());
        COMMIT`);
      expect(await migrated).toEqual(ALL.slice(5));
    } finally {
      working.release();
    }
  });

  it('ask for no right to create anything once they are done', async () => {
    await runMigrations({ database: database.pool });
    const role = `reader_${database.url.split('_').at(-1) ?? ''}`;
    await database.pool.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'not-a-secret';
       GRANT USAGE ON SCHEMA checkout_embed TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA checkout_embed TO ${role}`,
    );
    const url = new URL(database.url);
    url.username = role;
    url.password = 'not-a-secret';
    const pool = new pg.Pool({ connectionString: url.href, max: 1 });
    try {
      expect(await runMigrations({ database: pool })).toEqual([]);
    } finally {
      await pool.end();
      await database.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});
