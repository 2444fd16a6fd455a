import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Tokens that one attempt may have at a time: one per tab or repeated start, not as many as anybody likes. */
const MAX_TOKENS = 20;

/**
 * Adds a token's hash to an attempt. The others stay good: a second tab must not end the first one's. What
 * ran out, and the oldest over the bound, goes.
 */
export async function insertToken(
  sql: SqlClient,
  t: Tables,
  token: {
    readonly attemptId: string;
    readonly hash: Uint8Array;
    readonly nowMs: number;
    readonly expiresAtMs: number;
  },
): Promise<void> {
  await sql.query(
    `WITH gone AS (
       DELETE FROM ${t.attemptTokens} WHERE attempt_id = $1 AND (expires_at <= $3 OR token_hash IN (
         SELECT token_hash FROM ${t.attemptTokens} WHERE attempt_id = $1
          ORDER BY created_at DESC OFFSET ${MAX_TOKENS - 1}))
     )
     INSERT INTO ${t.attemptTokens} (attempt_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
    [token.attemptId, Buffer.from(token.hash), toTime(token.nowMs), toTime(token.expiresAtMs)],
  );
}
