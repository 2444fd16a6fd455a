/**
 * Schemas that the tests of one file take and give back. To migrate one costs PostgreSQL a third of a second, to empty
 * it next to nothing. One whose shape a test has changed is dropped.
 */
import type pg from 'pg';
import { runMigrations } from '../../../src/fulfillment/postgres/migrate.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

/** A table beyond so many bytes is sooner dropped than emptied, and its dead rows would slow the next test. */
const LARGE = 1_000_000;

export class Schemas {
  readonly #database: Promise<TestDatabase> = testDatabase();
  readonly #free: string[] = [];
  /** As each was made. */
  readonly #shapes = new Map<string, string>();
  #made = 0;

  async take(): Promise<{ readonly schema: string; readonly pool: pg.Pool; readonly url: string }> {
    const { pool, url } = await this.#database;
    const free = this.#free.shift();
    if (free !== undefined) return { schema: free, pool, url };
    const schema = `kit_${(this.#made += 1)}`;
    await pool.query(
      `CREATE SCHEMA ${schema};
       CREATE TABLE ${schema}.granted (order_ref text, effect_key text, kind text, subscription_id text)`,
    );
    await runMigrations({ database: pool, schema });
    this.#shapes.set(schema, await this.#shapeOf(schema));
    return { schema, pool, url };
  }

  async giveBack(schema: string): Promise<void> {
    const { pool } = await this.#database;
    if (this.#shapes.get(schema) !== (await this.#shapeOf(schema))) {
      await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      return;
    }
    // In one statement, so that no row is missed by another's foreign key. TRUNCATE would make forty files anew.
    const { rows } = await pool.query<{ list: string }>(
      `SELECT string_agg(format('%I AS (DELETE FROM %I.%I)', tablename, schemaname, tablename), ', ') AS list
         FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migrations'`,
      [schema],
    );
    await pool.query(`WITH ${rows[0]?.list ?? ''} SELECT`);
    this.#free.push(schema);
  }

  async drop(): Promise<void> {
    await (await this.#database).drop();
  }

  /** Everything in it that has a name, how many columns each table has had, how large it is, and its version. */
  async #shapeOf(schema: string): Promise<string> {
    const { pool } = await this.#database;
    const { rows } = await pool.query<{ shape: string; migrations: string | null }>(
      `WITH space AS (SELECT oid FROM pg_namespace WHERE nspname = $1),
            named AS (
              SELECT 'relation ' || relname || ' ' || relnatts || ' ' || pg_relation_size(pg_class.oid) / ${LARGE} AS name
                FROM pg_class, space WHERE relnamespace = space.oid
              UNION ALL
              SELECT 'constraint ' || conname FROM pg_constraint, space WHERE connamespace = space.oid
              UNION ALL
              SELECT 'function ' || proname FROM pg_proc, space WHERE pronamespace = space.oid
              UNION ALL
              SELECT 'trigger ' || tgname
                FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid, space
               WHERE relnamespace = space.oid AND NOT tgisinternal)
       SELECT coalesce(md5(string_agg(name, ',' ORDER BY name)), '') AS shape,
              to_regclass($1 || '.migrations') AS migrations
         FROM named`,
      [schema],
    );
    const { shape = '', migrations = null } = rows[0] ?? {};
    if (migrations === null) return shape;
    const versions = await pool.query(`SELECT version FROM ${migrations} ORDER BY version`);
    return `${shape} ${JSON.stringify(versions.rows)}`;
  }
}
