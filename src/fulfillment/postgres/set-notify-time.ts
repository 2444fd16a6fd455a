import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** @param atMs `null`: the merchant was told, or will not be. */
export async function setNotifyTime(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  reviewId: string,
  atMs: number | null,
): Promise<void> {
  await sql.query(`UPDATE ${t.reviews} SET notify_at = $2 WHERE id = $1`, [
    reviewId,
    atMs === null ? null : toTime(atMs),
  ]);
}
