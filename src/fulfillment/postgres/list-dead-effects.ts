import type { Vendor } from '../../protocol/index.js';
import type { Resolution } from '../review-answers.js';
import type { EffectEvidence, EffectKind, SqlClient } from '../ports.js';
import { query } from './query.js';
import { reviewOrder, type Tables } from './tables.js';
import { msOf } from './time.js';

export interface DeadEffectRow {
  readonly orderRef: string;
  readonly vendor: Vendor;
  readonly kind: EffectKind;
  readonly epoch: string;
  readonly tries: number;
  readonly lastError: string | null;
  readonly evidence: EffectEvidence;
  readonly reviewId: string;
  readonly reviewKey: string;
  readonly openedAtMs: number;
  /** `null` while it waits for a person. */
  readonly resolution: Resolution | null;
  readonly resolvedBy: string | null;
}

/**
 * Effects whose tries ran out, each with the review that this opened: its key is the one the decision gives it.
 * @param open Only those that wait for a person.
 * @param after Where the list before this one ended.
 */
export async function listDeadEffects(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  which: {
    readonly orderRef?: string;
    readonly open?: boolean;
    readonly after?: Pick<DeadEffectRow, 'orderRef' | 'kind' | 'epoch'>;
    readonly limit: number;
  },
): Promise<readonly DeadEffectRow[]> {
  const { rows } = await query<{
    order_ref: string;
    vendor: Vendor;
    kind: EffectKind;
    epoch: string;
    tries: number;
    last_error: string | null;
    evidence: EffectEvidence;
    review_id: string;
    review_key: string;
    opened_at: number;
    resolution: Resolution | null;
    resolved_by: string | null;
  }>(
    sql,
    `SELECT e.order_ref, r.vendor, e.kind, e.epoch, e.tries, e.last_error, e.evidence, r.id::text AS review_id,
            r.key AS review_key, ${msOf('r.opened_at')} AS opened_at, r.resolution, r.resolved_by
       FROM ${t.effects} AS e
       JOIN ${t.reviews} AS r ON ${reviewOrder('r')} = e.order_ref
        AND r.key = 'effect_dead_letter:' || e.kind || ':' || e.epoch || ':' || e.tries
      WHERE e.state = 'dead' AND ($1::text IS NULL OR e.order_ref = $1)
        AND (NOT $2 OR r.resolved_at IS NULL)
        AND ($3::text IS NULL OR (e.order_ref, e.kind, e.epoch) > ($3, $4, $5))
      ORDER BY e.order_ref, e.kind, e.epoch LIMIT $6`,
    [
      which.orderRef ?? null,
      which.open === true,
      which.after?.orderRef ?? null,
      which.after?.kind ?? null,
      which.after?.epoch ?? null,
      which.limit,
    ],
  );
  return rows.map((row) => ({
    orderRef: row.order_ref,
    vendor: row.vendor,
    kind: row.kind,
    epoch: row.epoch,
    tries: row.tries,
    lastError: row.last_error,
    evidence: row.evidence,
    reviewId: row.review_id,
    reviewKey: row.review_key,
    openedAtMs: row.opened_at,
    resolution: row.resolution,
    resolvedBy: row.resolved_by,
  }));
}
