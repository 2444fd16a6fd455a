import type { Vendor } from '../../protocol/index.js';
import type { Resolution } from '../review-answers.js';
import type { ReviewReason, WantedReview } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import { reviewOrder, type Tables } from './tables.js';
import { msOf } from './time.js';

export interface ReviewRow {
  readonly id: string;
  readonly orderRef: string | null;
  readonly vendor: Vendor;
  readonly key: string;
  readonly reason: ReviewReason;
  readonly evidence: WantedReview['evidence'];
  readonly openedAtMs: number;
  readonly resolvedAtMs: number | null;
  readonly resolution: Resolution | null;
  readonly resolvedBy: string | null;
}

/** Which reviews, each way by an index. */
export type ReviewQuery =
  | { readonly by: 'id'; readonly id: string }
  /** `orderRef: null`: among those of no order. */
  | { readonly by: 'key'; readonly orderRef: string | null; readonly key: string }
  | {
      readonly by: 'order';
      readonly orderRef: string;
      readonly open: boolean | undefined;
      readonly limit: number;
    }
  | { readonly by: 'state'; readonly open: boolean | undefined; readonly limit: number };

/** Open ones oldest first, as a queue; all others newest first. */
export async function listReviews(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  wanted: ReviewQuery,
): Promise<readonly ReviewRow[]> {
  const { rest, values } = conditionOf(wanted);
  const { rows } = await query<{
    id: string;
    order_ref: string | null;
    vendor: Vendor;
    key: string;
    reason: ReviewReason;
    evidence: WantedReview['evidence'];
    opened_at: number;
    resolved_at: number | null;
    resolution: Resolution | null;
    resolved_by: string | null;
  }>(
    sql,
    `SELECT r.id::text, r.order_ref, r.vendor, r.key, r.reason, r.evidence, ${msOf('r.opened_at')} AS opened_at,
            ${msOf('r.resolved_at')} AS resolved_at, r.resolution, r.resolved_by
       FROM ${t.reviews} AS r ${rest}`,
    values,
  );
  return rows.map((row) => ({
    id: row.id,
    orderRef: row.order_ref,
    vendor: row.vendor,
    key: row.key,
    reason: row.reason,
    evidence: row.evidence,
    openedAtMs: row.opened_at,
    resolvedAtMs: row.resolved_at,
    resolution: row.resolution,
    resolvedBy: row.resolved_by,
  }));
}

function conditionOf(wanted: ReviewQuery): { rest: string; values: readonly unknown[] } {
  const ofOrder = `${reviewOrder('r')} = $1`;
  switch (wanted.by) {
    case 'id':
      return { rest: 'WHERE r.id = $1::bigint', values: [wanted.id] };
    case 'key':
      return { rest: `WHERE ${ofOrder} AND r.key = $2`, values: [wanted.orderRef ?? '', wanted.key] };
    case 'order':
      return {
        rest: `WHERE ${ofOrder} AND ${stateOf(wanted.open)} ORDER BY r.id ${directionOf(wanted.open)} LIMIT $2`,
        values: [wanted.orderRef, wanted.limit],
      };
    case 'state':
      return {
        rest: `WHERE ${stateOf(wanted.open)} ORDER BY r.id ${directionOf(wanted.open)} LIMIT $1`,
        values: [wanted.limit],
      };
  }
}

function stateOf(open: boolean | undefined): string {
  return open === undefined ? 'true' : `r.resolved_at IS ${open ? '' : 'NOT '}NULL`;
}

function directionOf(open: boolean | undefined): 'ASC' | 'DESC' {
  return open === true ? 'ASC' : 'DESC';
}
