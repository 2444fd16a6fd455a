import { ConfigurationError } from '../errors.js';
import type { Log, SqlClient, SqlPool } from '../ports.js';
import { MIGRATIONS, type Migration } from './migrations/index.js';
import { query } from './query.js';
import { SCHEMA_NAME, tablesOf, type Tables } from './tables.js';
import { transaction } from './transaction.js';

/** First half of the advisory lock's key: the kit's own, so that it meets no lock of the host. */
const LOCK_SPACE = 0x636b6974; // "ckit"

export interface MigrationOptions {
  readonly database: SqlPool;
  /** Default `checkout_embed`. */
  readonly schema?: string;
  readonly log?: Log;
  /** Only for tests of this function. */
  readonly migrations?: readonly Migration[];
}

/**
 * Brings the schema to the version this kit knows, in one transaction: all of it or nothing. Safe from many
 * processes at once and while kits of an older version work on it, which wait for as long as it takes; asks for no right
 * to create anything when there is nothing to do.
 * @returns the versions that were applied now.
 * @throws {ConfigurationError} `schema-too-new` when a newer kit has been here.
 */
export async function runMigrations(options: MigrationOptions): Promise<readonly number[]> {
  const { database, schema = 'checkout_embed', log, migrations = MIGRATIONS } = options;
  if (!SCHEMA_NAME.test(schema)) {
    throw new ConfigurationError(
      'invalid-option',
      'schema must be a plain lower-case PostgreSQL name, such as checkout_embed',
    );
  }
  const tables = tablesOf(schema);
  if ((await missing(database, tables, migrations)).length === 0) return [];
  const applied = await transaction(database, async (sql) => {
    // Before the schema itself is made: two sessions that both create it if it is not there can still collide.
    await sql.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, schema]);
    await sql.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await sql.query(
      `CREATE TABLE IF NOT EXISTS ${tables.migrations} (
         version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    // Asked again under the lock: another process may have done it while we waited.
    const due = await missing(sql, tables, migrations);
    if (due.length > 0) await lockOrders(sql, tables);
    for (const migration of due) {
      for (const statement of migration.statements(tables)) await sql.query(statement);
      await sql.query(`INSERT INTO ${tables.migrations} (version) VALUES ($1)`, [migration.version]);
    }
    return due.map(({ version }) => version);
  });
  if (applied.length > 0) {
    log?.({
      level: 'info',
      event: 'migrate.applied',
      message: `Schema ${schema} was brought to version ${applied.at(-1) ?? 0}`,
      fields: { schema, version: applied.at(-1) ?? 0 },
    });
  }
  return applied;
}

/**
 * Kits of the version before are at work, and their transactions lock orders before all else: whoever alters another
 * table first and orders then meets them in a deadlock.
 */
async function lockOrders(sql: SqlClient, tables: Tables): Promise<void> {
  const { rows } = await query<{ there: boolean }>(sql, 'SELECT to_regclass($1) IS NOT NULL AS there', [
    tables.orders,
  ]);
  if (rows[0]?.there === true) await sql.query(`LOCK TABLE ${tables.orders} IN ACCESS EXCLUSIVE MODE`);
}

/**
 * The versions that {@link runMigrations} would apply. Changes nothing and locks nothing.
 * @throws {ConfigurationError} `schema-too-new` when a newer kit has been here.
 */
export async function pendingMigrations({
  database,
  schema = 'checkout_embed',
}: Pick<MigrationOptions, 'database' | 'schema'>): Promise<readonly number[]> {
  return (await missing(database, tablesOf(schema), MIGRATIONS)).map(({ version }) => version);
}

async function missing(
  sql: Pick<SqlClient, 'query'>,
  tables: Tables,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const { rows: found } = await query<{ there: boolean }>(
    sql,
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [tables.migrations],
  );
  if (found[0]?.there !== true) return migrations;
  const { rows } = await query<{ version: number }>(sql, `SELECT version FROM ${tables.migrations}`);
  const applied = new Set(rows.map(({ version }) => version));
  const newest = migrations.at(-1)?.version ?? 0;
  if (rows.some(({ version }) => version > newest)) {
    throw new ConfigurationError(
      'schema-too-new',
      `Schema ${tables.schema} is at version ${Math.max(...applied)}, this kit knows ${newest}. ` +
        'Deploy the newer checkout-embed everywhere, or name another schema.',
    );
  }
  return migrations.filter(({ version }) => !applied.has(version));
}
