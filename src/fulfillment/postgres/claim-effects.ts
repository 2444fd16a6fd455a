import type { OrderStatus, Vendor } from '../../protocol/index.js';
import type { EffectEvidence, EffectKind, SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface EffectClaim {
  readonly orderRef: string;
  readonly vendor: Vendor;
  readonly orderStatus: OrderStatus;
  readonly kind: EffectKind;
  readonly epoch: string;
  readonly evidence: EffectEvidence;
  readonly begun: boolean;
  /** This try included. */
  readonly tries: number;
  readonly maxTries: number;
  readonly token: string;
}

/**
 * Takes effects that are due. An order is worked on by one worker at a time: nothing is claimed while another
 * effect of the order is leased, so that a revocation never overtakes a grant in flight; to acknowledge it to the
 * vendor is no such work and waits for none. Each kind is looked up
 * by itself: rows of a kind that the host does not run stay due for ever, and must not be waded through.
 */
export async function claimEffects(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: {
    readonly kinds: readonly EffectKind[];
    readonly token: string;
    readonly limit: number;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  },
): Promise<readonly EffectClaim[]> {
  const { rows } = await query<{
    order_ref: string;
    vendor: Vendor;
    status: OrderStatus;
    kind: EffectKind;
    epoch: string;
    evidence: EffectEvidence;
    begun: boolean;
    tries: number;
    max_tries: number;
  }>(
    sql,
    `WITH due AS MATERIALIZED (
       SELECT first.order_ref, first.kind, first.epoch FROM unnest($1::text[]) AS of (kind) CROSS JOIN LATERAL (
         SELECT c.order_ref, c.kind, c.epoch, c.run_at FROM ${t.effects} AS c
          WHERE c.kind = of.kind AND c.state = 'due' AND c.wanted AND c.run_at <= $4
            -- As a scalar: an anti-join would read the whole table to find who holds a lease.
            AND (SELECT 1 FROM ${t.effects} AS other
                  WHERE c.kind <> 'acknowledge' AND other.kind <> 'acknowledge'
                    AND other.order_ref = c.order_ref AND other.lease_until > $4
                    AND (other.kind, other.epoch) <> (c.kind, c.epoch) LIMIT 1) IS NULL
          ORDER BY c.run_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS first
        ORDER BY first.run_at LIMIT $3
     )
     UPDATE ${t.effects} AS e
        SET lease_token = $2, lease_until = $5, run_at = $5, tries = e.tries + 1
       FROM due JOIN ${t.orders} AS o ON o.ref = due.order_ref
      WHERE (e.order_ref, e.kind, e.epoch) = (due.order_ref, due.kind, due.epoch)
     RETURNING e.order_ref, o.vendor, o.status, e.kind, e.epoch, e.evidence, e.begun, e.tries, e.max_tries`,
    [claim.kinds, claim.token, claim.limit, toTime(claim.nowMs), toTime(claim.leaseUntilMs)],
  );
  return rows.map((row) => ({
    orderRef: row.order_ref,
    vendor: row.vendor,
    orderStatus: row.status,
    kind: row.kind,
    epoch: row.epoch,
    evidence: row.evidence,
    begun: row.begun,
    tries: row.tries,
    maxTries: row.max_tries,
    token: claim.token,
  }));
}
