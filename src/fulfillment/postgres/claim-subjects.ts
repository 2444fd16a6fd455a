import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface SubjectClaim {
  readonly vendor: Vendor;
  readonly subject: string;
  /** The generation this claim reads: no later one is cleaned by it. */
  readonly generation: number;
  readonly orderRef: string | null;
  readonly failures: number;
  /** An unsigned delivery named it. */
  readonly isTriggered: boolean;
  readonly token: string;
}

/** Takes dirty subjects that are due; nobody else reads them until the lease ends. */
export async function claimSubjects(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: {
    readonly vendors: readonly Vendor[];
    readonly token: string;
    readonly limit: number;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  },
): Promise<readonly SubjectClaim[]> {
  const { rows } = await query<{
    vendor: Vendor;
    subject: string;
    dirty_gen: number;
    order_ref: string | null;
    failures: number;
    triggered: boolean;
  }>(
    sql,
    `WITH due AS MATERIALIZED (
       SELECT first.vendor, first.subject FROM unnest($1::text[]) AS of (vendor) CROSS JOIN LATERAL
         (SELECT s.vendor, s.subject FROM ${t.subjects} AS s
           WHERE s.vendor = of.vendor AND s.dirty_gen > s.clean_gen AND s.next_fetch_at <= $4
           ORDER BY s.next_fetch_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS first
        LIMIT $3
     )
     UPDATE ${t.subjects} AS s SET lease_token = $2, lease_until = $5, next_fetch_at = $5
       FROM due
      WHERE s.vendor = due.vendor AND s.subject = due.subject
     RETURNING s.vendor, s.subject, s.dirty_gen, s.order_ref, s.failures,
               s.triggered_at IS NOT NULL AS triggered`,
    [claim.vendors, claim.token, claim.limit, toTime(claim.nowMs), toTime(claim.leaseUntilMs)],
  );
  return rows.map((row) => ({
    vendor: row.vendor,
    subject: row.subject,
    generation: row.dirty_gen,
    orderRef: row.order_ref,
    failures: row.failures,
    isTriggered: row.triggered,
    token: claim.token,
  }));
}
