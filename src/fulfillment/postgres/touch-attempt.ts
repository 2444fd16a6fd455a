import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * The buyer is about to get something to buy with: the schedule of questions to the vendor starts anew. A
 * question that is due sooner stays due. An attempt that was opened without a login becomes the first one's.
 * @param touch.identity Whose login this is; `null` for nobody's.
 * @returns `false` for an attempt that is another login's: nothing was changed.
 */
export async function touchAttempt(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  touch: {
    readonly id: string;
    readonly identity: Uint8Array | null;
    readonly nowMs: number;
    readonly nextReconcileAtMs: number;
  },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE ${t.attempts} SET
       identity = coalesce(identity, $2),
       last_token_at = $3,
       reconcile_step = 0,
       next_reconcile_at = least(next_reconcile_at, $4)
     WHERE id = $1 AND ($2::bytea IS NULL OR identity IS NULL OR identity = $2)`,
    [
      touch.id,
      touch.identity === null ? null : Buffer.from(touch.identity),
      toTime(touch.nowMs),
      toTime(touch.nextReconcileAtMs),
    ],
  );
  return rowCount === 1;
}
