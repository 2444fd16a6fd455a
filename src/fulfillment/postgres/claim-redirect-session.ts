import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import {
  REDIRECT_SESSION_COLUMNS,
  toRedirectSession,
  type RedirectSession,
  type RedirectSessionColumns,
} from './redirect-session-row.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** What a start meets. */
export interface RedirectClaim {
  readonly session: RedirectSession;
  /** The attempt may still be sold through. One that was erased meanwhile has nowhere left to come back to. */
  readonly active: boolean;
  /** This caller, and nobody else, asks the vendor until its lease ends. */
  readonly claimed: boolean;
}

/**
 * Reads an attempt's checkout and, where nobody is at it and it was not seen live just now, takes it: of many starts one
 * calls the vendor. A call that may make a session is written down before it is made.
 * @returns `null` for an attempt without a checkout.
 */
export async function claimRedirectSession(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: {
    readonly attemptId: string;
    readonly token: string;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
    /** A session that was seen live after this is not asked about. */
    readonly freshSinceMs: number;
  },
): Promise<RedirectClaim | null> {
  const { first } = await query<RedirectSessionColumns & { active: boolean; claimed: boolean }>(
    sql,
    `WITH taken AS (
       UPDATE ${t.redirectSessions} AS s SET open_token = $2, open_lease_until = $4,
              called_at = CASE WHEN s.session_id IS NULL THEN $3 ELSE s.called_at END
         FROM ${t.attempts} AS a
        WHERE s.attempt_id = $1 AND a.id = s.attempt_id AND a.active
          AND (s.open_lease_until IS NULL OR s.open_lease_until <= $3)
          AND (s.checked_at IS NULL OR s.checked_at <= $5)
          AND s.success_url <> ''
       RETURNING s.attempt_id
     )
     SELECT ${REDIRECT_SESSION_COLUMNS}, a.active AND s.success_url <> '' AS active,
            taken.attempt_id IS NOT NULL AS claimed
       FROM ${t.redirectSessions} AS s JOIN ${t.attempts} AS a ON a.id = s.attempt_id
       LEFT JOIN taken ON taken.attempt_id = s.attempt_id
      WHERE s.attempt_id = $1`,
    [
      claim.attemptId,
      claim.token,
      toTime(claim.nowMs),
      toTime(claim.leaseUntilMs),
      toTime(claim.freshSinceMs),
    ],
  );
  if (first === undefined) return null;
  return { session: toRedirectSession(first), active: first.active, claimed: first.claimed };
}
