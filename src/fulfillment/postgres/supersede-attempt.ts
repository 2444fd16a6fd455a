import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/**
 * Ends the active attempt in favor of another one for the same order. Its tokens go on working; the vendor is
 * asked about the order on behalf of its successor.
 * @param how.keepAsking Where each attempt has a checkout of its own at the vendor.
 */
export async function supersedeAttempt(
  sql: SqlClient,
  t: Tables,
  id: string,
  { keepAsking }: { readonly keepAsking: boolean },
): Promise<void> {
  await sql.query(
    `UPDATE ${t.attempts} SET active = false, next_reconcile_at = CASE WHEN $2 THEN next_reconcile_at END
      WHERE id = $1`,
    [id, keepAsking],
  );
}
