import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

/** Why the attempt's checkout goes on without our reference; `null`: it should carry it. */
export async function readUnbound(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  attemptId: string,
): Promise<string | null> {
  const { rows } = await query<{ unbound: string | null }>(
    sql,
    `SELECT unbound FROM ${t.attempts} WHERE id = $1`,
    [attemptId],
  );
  return rows[0]?.unbound ?? null;
}
