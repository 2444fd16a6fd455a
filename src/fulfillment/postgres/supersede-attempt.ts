import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/**
 * Ends the active attempt in favor of another one for the same order. Its tokens go on working; the vendor is
 * asked about the order on behalf of its successor.
 */
export async function supersedeAttempt(sql: SqlClient, t: Tables, id: string): Promise<void> {
  await sql.query(`UPDATE ${t.attempts} SET active = false, next_reconcile_at = NULL WHERE id = $1`, [id]);
}
