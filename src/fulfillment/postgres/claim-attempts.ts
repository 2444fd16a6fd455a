import type { OrderStatus, Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { msOf, toTime } from './time.js';

export interface AttemptClaim {
  readonly id: string;
  readonly vendor: Vendor;
  readonly orderRef: string;
  readonly orderStatus: OrderStatus;
  readonly active: boolean;
  readonly lastTokenAtMs: number;
  /** Where in the schedule after a token this question is. */
  readonly step: number;
  /** Where in the short schedule after a signal; `null` when no signal asked for it. */
  readonly signalStep: number | null;
  readonly failures: number;
  readonly token: string;
}

/** Takes attempts about which the vendor is to be asked now. By index alone, however many attempts there are. */
export async function claimAttempts(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  claim: {
    readonly vendors: readonly Vendor[];
    readonly token: string;
    readonly limit: number;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  },
): Promise<readonly AttemptClaim[]> {
  const { rows } = await query<{
    id: string;
    vendor: Vendor;
    order_ref: string;
    status: OrderStatus;
    active: boolean;
    last_token_at: number;
    reconcile_step: number;
    signal_step: number | null;
    reconcile_failures: number;
  }>(
    sql,
    `WITH due AS MATERIALIZED (
       SELECT first.id FROM unnest($1::text[]) AS of (vendor) CROSS JOIN LATERAL
         (SELECT id FROM ${t.attempts} AS a
           WHERE a.vendor = of.vendor AND a.next_reconcile_at <= $4
           ORDER BY a.next_reconcile_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS first
        LIMIT $3
     )
     UPDATE ${t.attempts} AS a SET reconcile_token = $2, next_reconcile_at = $5
       FROM due JOIN ${t.attempts} AS d ON d.id = due.id JOIN ${t.orders} AS o ON o.ref = d.order_ref
      WHERE a.id = due.id
     RETURNING a.id, a.vendor, a.order_ref, o.status, a.active, ${msOf('a.last_token_at')} AS last_token_at,
               a.reconcile_step, a.signal_step, a.reconcile_failures`,
    [claim.vendors, claim.token, claim.limit, toTime(claim.nowMs), toTime(claim.leaseUntilMs)],
  );
  return rows.map((row) => ({
    id: row.id,
    vendor: row.vendor,
    orderRef: row.order_ref,
    orderStatus: row.status,
    active: row.active,
    lastTokenAtMs: row.last_token_at,
    step: row.reconcile_step,
    signalStep: row.signal_step,
    failures: row.reconcile_failures,
    token: claim.token,
  }));
}
