import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import {
  REDIRECT_SESSION_COLUMNS,
  toRedirectSession,
  type RedirectSession,
  type RedirectSessionColumns,
} from './redirect-session-row.js';
import type { Tables } from './tables.js';

/** `null`: the attempt was never one to be paid through. */
export async function readRedirectSession(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  attemptId: string,
): Promise<RedirectSession | null> {
  const { first } = await query<RedirectSessionColumns>(
    sql,
    `SELECT ${REDIRECT_SESSION_COLUMNS} FROM ${t.redirectSessions} AS s WHERE s.attempt_id = $1`,
    [attemptId],
  );
  return first === undefined ? null : toRedirectSession(first);
}
