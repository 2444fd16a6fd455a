import type { SqlClient } from '../ports.js';
import type { SubjectClaim } from './claim-subjects.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Ends a reading: the generation that was read is clean, a later one stays dirty and is due at once, or after the pause
 * between readings where a trigger asks for it.
 * @param orderRef Kept if the subject has no order yet.
 * @param recheckAtMs When to read it again although nothing is heard of it; `null`: never.
 * @returns the subject's order; `undefined` when the claim holds no more and nothing may be written.
 */
export async function cleanSubject(
  sql: SqlClient,
  t: Tables,
  claim: SubjectClaim,
  orderRef: string | null,
  nowMs: number,
  recheckAtMs: number | null,
  settleDelaysMs: readonly number[] = [],
  triggerPauseMs = 0,
): Promise<string | null | undefined> {
  const { rows } = await query<{ order_ref: string | null }>(
    sql,
    `UPDATE ${t.subjects} SET
       clean_gen = greatest(clean_gen, $4),
       first_read_at = CASE WHEN clean_gen = 0 THEN $6 ELSE first_read_at END,
       order_ref = coalesce(order_ref, $5),
       failures = 0, last_error = NULL, lease_token = NULL, lease_until = NULL,
       -- Anybody can send triggers while it is read: they must not have it read without end.
       next_fetch_at = greatest($6::timestamptz, triggered_at + $9 * interval '1 millisecond'),
       -- After a trigger sooner: what was read may still be the state before it.
       recheck_at = least($7, (SELECT min(triggered_at + delay * interval '1 millisecond')
                                 FROM unnest($8::float8[]) AS d (delay)
                                WHERE triggered_at + delay * interval '1 millisecond' > $6))
     WHERE vendor = $1 AND subject = $2 AND lease_token = $3
     RETURNING order_ref`,
    [
      claim.vendor,
      claim.subject,
      claim.token,
      claim.generation,
      orderRef,
      toTime(nowMs),
      recheckAtMs === null ? null : toTime(recheckAtMs),
      settleDelaysMs,
      triggerPauseMs,
    ],
  );
  const row = rows[0];
  return row === undefined ? undefined : row.order_ref;
}
