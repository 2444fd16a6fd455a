import type { Resolution } from '../review-answers.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Marks open reviews as answered. The order they belong to is locked before, as for everything about an order.
 * @returns how many were open until now.
 */
export async function resolveReviews(
  sql: SqlClient,
  t: Tables,
  answer: {
    readonly ids: readonly string[];
    readonly resolution: Resolution;
    readonly by: string;
    readonly nowMs: number;
  },
): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE ${t.reviews} SET resolved_at = $3, resolution = $2, resolved_by = $4
      WHERE id = ANY ($1::bigint[]) AND resolved_at IS NULL`,
    [answer.ids, answer.resolution, toTime(answer.nowMs), answer.by],
  );
  return rowCount ?? 0;
}
