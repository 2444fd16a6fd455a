import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** The hashes of an attempt's tokens that are still good. They are compared outside SQL, in constant time. */
export async function readTokens(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  attemptId: string,
  nowMs: number,
): Promise<readonly Buffer[]> {
  const { rows } = await query<{ token_hash: Buffer }>(
    sql,
    `SELECT token_hash FROM ${t.attemptTokens} WHERE attempt_id = $1 AND expires_at > $2`,
    [attemptId, toTime(nowMs)],
  );
  return rows.map((row) => row.token_hash);
}
