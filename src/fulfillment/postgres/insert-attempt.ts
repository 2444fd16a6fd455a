import type { SqlClient } from '../ports.js';
import type { AttemptRow } from './attempt-row.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Writes a new attempt, in a transaction that holds the order's lock. The key `attempts_active` admits one
 * active attempt per vendor and order, whatever the code above does.
 */
export async function insertAttempt(
  sql: SqlClient,
  t: Tables,
  attempt: AttemptRow,
  details: {
    readonly startKey: Uint8Array | null;
    readonly nowMs: number;
    /** `null`: nobody is to be asked about it. */
    readonly nextReconcileAtMs: number | null;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO ${t.attempts}
       (id, vendor, order_ref, identity, start_key, active, plan_id, amount_minor, currency,
        created_at, last_token_at, next_reconcile_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)`,
    [
      attempt.id,
      attempt.vendor,
      attempt.orderRef,
      attempt.identity,
      details.startKey === null ? null : Buffer.from(details.startKey),
      attempt.active,
      attempt.planId,
      attempt.amountMinor,
      attempt.currency,
      toTime(details.nowMs),
      details.nextReconcileAtMs === null ? null : toTime(details.nextReconcileAtMs),
    ],
  );
}
