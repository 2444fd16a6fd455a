import type { OpenedRedirect, SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface RedirectClaimant {
  readonly attemptId: string;
  readonly token: string;
}

/**
 * Writes all of the vendor's answer at once, and ends the claim.
 * @returns whether the attempt may still be sold through; `null` when the claim holds no more, and nothing was written.
 */
export async function storeRedirectSession(
  sql: SqlClient,
  t: Tables,
  { attemptId, token }: RedirectClaimant,
  opened: OpenedRedirect,
  nowMs: number,
): Promise<{ readonly active: boolean } | null> {
  const { first } = await query<{ active: boolean }>(
    sql,
    `UPDATE ${t.redirectSessions} AS s SET session_id = $3, checkout_url = $4, expires_at = $5, checked_at = $6,
            open_token = NULL, open_lease_until = NULL
       FROM ${t.attempts} AS a
      WHERE s.attempt_id = $1 AND s.open_token = $2 AND a.id = s.attempt_id
     RETURNING a.active`,
    [
      attemptId,
      token,
      opened.sessionId,
      opened.url,
      opened.expiresAtMs === null ? null : toTime(opened.expiresAtMs),
      toTime(nowMs),
    ],
  );
  return first ?? null;
}

/** Ends a claim that stores no session. Does nothing once the claim is lost. */
export async function releaseRedirectSession(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  { attemptId, token }: RedirectClaimant,
  after: {
    /** Nobody calls before; `null`: at once. */
    readonly untilMs: number | null;
    /** The vendor said that the session is live. */
    readonly checkedAtMs?: number;
    /** The call made no session: the last one that may have made it. */
    readonly calledAtMs?: number | null;
  },
): Promise<void> {
  const time = (ms: number | null | undefined): Date | null =>
    ms === null || ms === undefined ? null : toTime(ms);
  await sql.query(
    `UPDATE ${t.redirectSessions} SET open_token = NULL, open_lease_until = $3, checked_at = coalesce($4, checked_at),
            called_at = CASE WHEN $5 THEN $6 ELSE called_at END
      WHERE attempt_id = $1 AND open_token = $2`,
    [
      attemptId,
      token,
      time(after.untilMs),
      time(after.checkedAtMs),
      after.calledAtMs !== undefined,
      time(after.calledAtMs),
    ],
  );
}
