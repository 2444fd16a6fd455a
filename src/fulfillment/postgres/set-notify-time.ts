import type { SqlClient } from '../ports.js';
import type { ReviewClaim } from './claim-reviews.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Ends a claim; does nothing once another process has claimed the review, which its count of tries shows.
 * @param atMs `null`: the merchant was told, or will not be.
 */
export async function setNotifyTime(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  { id, tries }: Pick<ReviewClaim, 'id' | 'tries'>,
  atMs: number | null,
): Promise<void> {
  await sql.query(`UPDATE ${t.reviews} SET notify_at = $2 WHERE id = $1 AND notify_tries = $3`, [
    id,
    atMs === null ? null : toTime(atMs),
    tries,
  ]);
}
