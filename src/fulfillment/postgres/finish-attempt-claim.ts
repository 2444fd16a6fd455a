import type { SqlClient } from '../ports.js';
import type { AttemptClaim } from './claim-attempts.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface Asked {
  /** When the vendor was asked, if it had nothing; `null` when it had something. `undefined`: it gave no answer. */
  readonly emptyAtMs: number | null | undefined;
  readonly step: number;
  readonly signalStep: number | null;
  readonly failures: number;
  /** `null`: never again. */
  readonly nextAtMs: number | null;
  /** The attempt is over: another start opens a new one. */
  readonly over: boolean;
}

/**
 * Writes what came of a question. A signal that arrived while the vendor was asked has made the attempt due
 * again; then that stands and only the answer is kept.
 * @returns `false` when the claim holds no more.
 */
export async function finishAttemptClaim(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: AttemptClaim,
  leaseUntilMs: number,
  asked: Asked,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE ${t.attempts} SET
       asked_empty_at = CASE WHEN $4 THEN $5 ELSE asked_empty_at END,
       reconcile_failures = $6,
       reconcile_step = CASE WHEN next_reconcile_at = $3 THEN $7 ELSE reconcile_step END,
       signal_step = CASE WHEN next_reconcile_at = $3 THEN $8 ELSE signal_step END,
       active = active AND NOT (next_reconcile_at = $3 AND $10),
       next_reconcile_at = CASE WHEN next_reconcile_at = $3 THEN $9 ELSE next_reconcile_at END,
       reconcile_token = NULL
     WHERE id = $1 AND reconcile_token = $2`,
    [
      claim.id,
      claim.token,
      toTime(leaseUntilMs),
      asked.emptyAtMs !== undefined,
      asked.emptyAtMs === undefined || asked.emptyAtMs === null ? null : toTime(asked.emptyAtMs),
      asked.failures,
      asked.step,
      asked.signalStep,
      asked.nextAtMs === null ? null : toTime(asked.nextAtMs),
      asked.over,
    ],
  );
  return rowCount === 1;
}
