import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** The vendor says for the first time that the checkout is paid: its webhook is waited for from now on. */
export async function notePaidSession(
  sql: SqlClient,
  t: Tables,
  attemptId: string,
  nowMs: number,
  nextAtMs: number,
): Promise<void> {
  await sql.query(
    `WITH seen AS (
       UPDATE ${t.redirectSessions} SET paid_seen_at = coalesce(paid_seen_at, $2) WHERE attempt_id = $1
     )
     UPDATE ${t.attempts} SET next_reconcile_at = least(next_reconcile_at, $3) WHERE id = $1`,
    [attemptId, toTime(nowMs), toTime(nextAtMs)],
  );
}

/** Ends the attempt: the next start is another one. Nobody is asked about it any more. */
export async function retireAttempt(sql: SqlClient, t: Tables, attemptId: string): Promise<void> {
  await sql.query(`UPDATE ${t.attempts} SET active = false, next_reconcile_at = NULL WHERE id = $1`, [
    attemptId,
  ]);
}
