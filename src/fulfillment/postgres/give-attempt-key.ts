import type { SqlClient } from '../ports.js';
import type { AttemptKey } from './lock-attempt-keys.js';
import type { Tables } from './tables.js';

/**
 * Gives a key to an attempt, and holds it until the transaction ends: from then on deliveries that carry it are the
 * attempt's. The first holder keeps it.
 * @returns `false` where it is another attempt's.
 */
export async function giveAttemptKey(
  sql: SqlClient,
  t: Tables,
  { vendor, key }: AttemptKey,
  attemptId: string,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `INSERT INTO ${t.attemptKeys} AS k (vendor, key, attempt_id) VALUES ($1, $2, $3)
     ON CONFLICT (vendor, key) DO UPDATE SET attempt_id = EXCLUDED.attempt_id, parked_until = NULL
      WHERE k.attempt_id IS NULL OR k.attempt_id = EXCLUDED.attempt_id`,
    [vendor, key, attemptId],
  );
  return rowCount === 1;
}
