import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

/**
 * Attempts of an order whose hosted checkout, opened or about to be, the vendor is still to be asked about. None is
 * opened until the transaction ends.
 */
export async function listAskedCheckouts(sql: SqlClient, t: Tables, ref: string): Promise<readonly string[]> {
  const { rows } = await query<{ id: string }>(
    sql,
    `WITH held AS MATERIALIZED (
       SELECT a.id, a.next_reconcile_at IS NOT NULL AND (s.session_id IS NOT NULL OR s.called_at IS NOT NULL) AS asked
         FROM ${t.attempts} AS a JOIN ${t.redirectSessions} AS s ON s.attempt_id = a.id
        WHERE a.order_ref = $1 FOR UPDATE OF s
     )
     SELECT id FROM held WHERE asked`,
    [ref],
  );
  return rows.map(({ id }) => id);
}
