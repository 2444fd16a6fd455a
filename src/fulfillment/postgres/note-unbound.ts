import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** Why the checkout goes on without our reference; `null`: it carries it. */
export async function noteUnbound(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  attemptId: string,
  unbound: string | null,
): Promise<void> {
  await sql.query(`UPDATE ${t.attempts} SET unbound = $2 WHERE id = $1 AND unbound IS DISTINCT FROM $2`, [
    attemptId,
    unbound,
  ]);
}
