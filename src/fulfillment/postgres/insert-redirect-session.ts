import type { SqlClient } from '../ports.js';
import type { RedirectSession } from './redirect-session-row.js';
import type { Tables } from './tables.js';

/** Writes what the vendor will be told under this attempt's nonce, with the attempt itself. */
export async function insertRedirectSession(
  sql: SqlClient,
  t: Tables,
  session: Pick<RedirectSession, 'attemptId' | 'nonce' | 'successUrl' | 'cancelUrl'>,
): Promise<void> {
  await sql.query(
    `INSERT INTO ${t.redirectSessions} (attempt_id, nonce, success_url, cancel_url) VALUES ($1, $2, $3, $4)`,
    [session.attemptId, session.nonce, session.successUrl, session.cancelUrl],
  );
}
