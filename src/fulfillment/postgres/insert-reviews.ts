import type { Vendor } from '../../protocol/index.js';
import type { ReviewReason, WantedReview } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface ReviewInsert extends WantedReview {
  /** `null`: about a delivery that belongs to no order. */
  readonly orderRef: string | null;
  readonly vendor: Vendor;
}

/** A review that is new. */
export interface ReviewNews {
  readonly id: string;
  readonly reason: ReviewReason;
  /** `null`: about a delivery that belongs to no order. */
  readonly orderRef: string | null;
}

/**
 * Opens reviews; one that was ever opened is not opened again.
 * @returns those that are new, of which the merchant is told.
 */
export async function insertReviews(
  sql: SqlClient,
  t: Tables,
  reviews: readonly ReviewInsert[],
  nowMs: number,
): Promise<readonly ReviewNews[]> {
  if (reviews.length === 0) return [];
  const { rows } = await query<{ id: string; reason: ReviewReason; order_ref: string | null }>(
    sql,
    `INSERT INTO ${t.reviews} (order_ref, vendor, key, reason, evidence, opened_at, notify_at)
     SELECT order_ref, vendor, key, reason, evidence::jsonb, $6, $6
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         AS r (order_ref, vendor, key, reason, evidence)
     ON CONFLICT (coalesce(order_ref, ''), key) DO NOTHING
     RETURNING id::text, reason, order_ref`,
    [
      reviews.map((review) => review.orderRef),
      reviews.map((review) => review.vendor),
      reviews.map((review) => review.key),
      reviews.map((review) => review.reason),
      reviews.map((review) => JSON.stringify(review.evidence)),
      toTime(nowMs),
    ],
  );
  return rows.map(({ id, reason, order_ref: orderRef }) => ({ id, reason, orderRef }));
}
