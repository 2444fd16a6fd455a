import type { SqlClient } from '../ports.js';
import { MIGRATIONS } from './migrations/index.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

/**
 * Whether the schema holds all that this kit knows. A newer one does: while a deployment rolls, its first process
 * migrates, and the old ones go on.
 */
export async function isMigrated(sql: Pick<SqlClient, 'query'>, t: Tables): Promise<boolean> {
  const { first: table } = await query<{ there: boolean }>(
    sql,
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [t.migrations],
  );
  if (table?.there !== true) return false;
  const known = MIGRATIONS.map(({ version }) => version);
  const { first } = await query<{ applied: number }>(
    sql,
    `SELECT count(*)::int AS applied FROM ${t.migrations} WHERE version = ANY ($1)`,
    [known],
  );
  return first?.applied === known.length;
}
