import type { Vendor } from '../../protocol/index.js';
import type { ReviewReason, WantedReview } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { msOf, toTime } from './time.js';

export interface ReviewClaim {
  readonly id: string;
  readonly orderRef: string | null;
  readonly vendor: Vendor;
  readonly key: string;
  readonly reason: ReviewReason;
  readonly evidence: WantedReview['evidence'];
  readonly openedAtMs: number;
  /** Somebody answered it before anybody was told. */
  readonly isResolved: boolean;
  /** This one included. */
  readonly tries: number;
}

/**
 * Takes reviews of which the merchant has not been told.
 * @param claim.reason Only those of this reason; `null`: of any.
 */
export async function claimReviews(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: {
    readonly reason: ReviewReason | null;
    readonly limit: number;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  },
): Promise<readonly ReviewClaim[]> {
  const { rows } = await query<{
    id: string;
    order_ref: string | null;
    vendor: Vendor;
    key: string;
    reason: ReviewReason;
    evidence: WantedReview['evidence'];
    opened_at: number;
    is_resolved: boolean;
    notify_tries: number;
  }>(
    sql,
    `UPDATE ${t.reviews} AS r SET notify_at = $3, notify_tries = notify_tries + 1
       FROM (SELECT id FROM ${t.reviews} WHERE notify_at <= $2 AND ($4::text IS NULL OR reason = $4)
              ORDER BY notify_at LIMIT $1 FOR UPDATE SKIP LOCKED) AS due
      WHERE r.id = due.id
     RETURNING r.id::text, r.order_ref, r.vendor, r.key, r.reason, r.evidence,
               ${msOf('r.opened_at')} AS opened_at,
               r.resolved_at IS NOT NULL AS is_resolved, r.notify_tries`,
    [claim.limit, toTime(claim.nowMs), toTime(claim.leaseUntilMs), claim.reason],
  );
  return rows.map((row) => ({
    id: row.id,
    orderRef: row.order_ref,
    vendor: row.vendor,
    key: row.key,
    reason: row.reason,
    evidence: row.evidence,
    openedAtMs: row.opened_at,
    isResolved: row.is_resolved,
    tries: row.notify_tries,
  }));
}
