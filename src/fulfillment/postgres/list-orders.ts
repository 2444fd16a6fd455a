import type { OrderStatus, Vendor } from '../../protocol/index.js';
import type { OrderSettlement } from '../order-settlement.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import { reviewOrder, type Tables } from './tables.js';
import { msOf } from './time.js';

export interface OrderHead {
  readonly ref: string;
  readonly vendor: Vendor;
  readonly status: OrderStatus;
  readonly version: number;
  readonly unreferenced: 'fulfill' | 'review' | null;
  readonly parkedUntilMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly erasedAtMs: number | null;
  readonly openReviews: number;
  readonly settlement: OrderSettlement | null;
}

/** Newest first, or one by its ref. */
export async function listOrders(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  which:
    | { readonly ref: string }
    | { readonly limit: number; readonly settlement?: OrderSettlement | undefined },
): Promise<readonly OrderHead[]> {
  const [where, values] = conditionOf(which);
  const { rows } = await query<{
    ref: string;
    vendor: Vendor;
    status: OrderStatus;
    version: number;
    unreferenced: 'fulfill' | 'review' | null;
    parked_until: number | null;
    created_at: number;
    updated_at: number;
    erased_at: number | null;
    open_reviews: number;
    settlement: OrderSettlement | null;
  }>(
    sql,
    `SELECT o.ref, o.vendor, o.status, o.version, o.unreferenced, o.settlement, ${msOf('o.parked_until')} AS parked_until,
            ${msOf('o.created_at')} AS created_at, ${msOf('o.updated_at')} AS updated_at,
            ${msOf('o.erased_at')} AS erased_at,
            (SELECT count(*)::integer FROM ${t.reviews} AS r
              WHERE ${reviewOrder('r')} = o.ref AND r.resolved_at IS NULL) AS open_reviews
       FROM ${t.orders} AS o ${where}`,
    values,
  );
  return rows.map((row) => ({
    ref: row.ref,
    vendor: row.vendor,
    status: row.status,
    version: row.version,
    unreferenced: row.unreferenced,
    parkedUntilMs: row.parked_until,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    erasedAtMs: row.erased_at,
    openReviews: row.open_reviews,
    settlement: row.settlement,
  }));
}

function conditionOf(which: Parameters<typeof listOrders>[2]): [string, readonly unknown[]] {
  if ('ref' in which) return ['WHERE o.ref = $1', [which.ref]];
  const newest = 'ORDER BY o.created_at DESC, o.ref LIMIT $1';
  return which.settlement === undefined
    ? [newest, [which.limit]]
    : [`WHERE o.settlement = $2 ${newest}`, [which.limit, which.settlement]];
}
