import type { OrderStatus, Vendor } from '../../protocol/index.js';
import type { FactSet } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import { marked, markValues, type SubjectMark } from './mark-dirty.js';
import { preparedQuery } from './query.js';
import type { Tables } from './tables.js';
import { toTime, toTimeText } from './time.js';

export interface OrderUpsert {
  readonly ref: string;
  readonly vendor: Vendor;
  readonly unreferenced: 'fulfill' | 'review' | null;
  readonly facts: FactSet;
  /** Parks a new order until then; `null` ends the parking of an order that is there. */
  readonly parkedUntilMs: number | null;
  /** What `facts` alone decide: the status of an order that is new. */
  readonly statusIfNew: OrderStatus;
  /** What made an order that is new, e.g. `delivery:msg_1`. Operators read it. */
  readonly cause: string;
}

export interface OrderRow {
  readonly ref: string;
  readonly vendor: Vendor;
  readonly unreferenced: 'fulfill' | 'review' | null;
  /** All facts, the new ones merged in. */
  readonly facts: FactSet;
  /** As it was before these facts. `null` for an order that is new: it has what `statusIfNew` said. */
  readonly status: OrderStatus | null;
  readonly version: number;
}

/** Nobody can tell in which order the parts of one statement run, unless one asks for the other's result. */
const ORDERS_ARE_LOCKED = '(SELECT count(*) FROM merged) IS NOT NULL';
const MARK_PARAMETERS = { first: 9, now: 8 };

/**
 * Locks the orders and merges the facts, in one statement: of two transactions that bring the first facts of
 * one order, the second waits here and then sees what the first wrote. Rows are taken in the order of `ref`,
 * which every transaction of the kit keeps. A fact that is there already stays as it is. An order that is new gets
 * its status at once: it spares most transactions of a burst a round trip.
 * @param upserts At most one per ref.
 * @param marks Subjects to be marked dirty once the orders are locked, at most one each; a round trip less than
 *   {@link markDirty} after it. Not looked at without an order.
 */
export async function upsertOrders(
  sql: SqlClient,
  t: Tables,
  upserts: readonly OrderUpsert[],
  nowMs: number,
  marks: readonly SubjectMark[] = [],
): Promise<readonly OrderRow[]> {
  if (upserts.length === 0) return [];
  const byRef = new Map(upserts.map((upsert) => [upsert.ref, upsert]));
  const rows = await preparedQuery<
    Pick<OrderRow, 'ref' | 'vendor' | 'unreferenced' | 'version'> & {
      status: OrderStatus;
      facts: FactSet | null;
    }
  >(
    sql,
    `WITH given AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
         AS g (ref, vendor, unreferenced, facts, parked_until, status, cause)
     ), merged AS (
       INSERT INTO ${t.orders} AS o
         (ref, vendor, unreferenced, facts, parked_until, status, version, created_at, updated_at)
       SELECT ref, vendor, unreferenced, facts::jsonb, parked_until, status, 1, $8, $8
         FROM given ORDER BY ref COLLATE "C"
       ON CONFLICT (ref) DO UPDATE SET
         facts = EXCLUDED.facts || o.facts,
         version = o.version + 1,
         parked_until = CASE WHEN EXCLUDED.parked_until IS NULL THEN NULL ELSE o.parked_until END,
         updated_at = EXCLUDED.updated_at
       -- A new order's facts are those that were given: they need not come back.
       RETURNING ref, vendor, unreferenced, CASE WHEN o.version > 1 THEN facts END AS facts, status, version
     ), kept AS (
       INSERT INTO ${t.transitions} (order_ref, version, from_status, to_status, cause, at)
       SELECT ref, merged.version, NULL, merged.status, given.cause, $8
         FROM merged JOIN given USING (ref) WHERE merged.version = 1
     )${marks.length === 0 ? '' : `, ${marked(t, MARK_PARAMETERS, ORDERS_ARE_LOCKED)}`}
     SELECT * FROM merged`,
    [
      upserts.map((order) => order.ref),
      upserts.map((order) => order.vendor),
      upserts.map((order) => order.unreferenced),
      upserts.map((order) => JSON.stringify(order.facts)),
      upserts.map((order) => (order.parkedUntilMs === null ? null : toTimeText(order.parkedUntilMs))),
      upserts.map((order) => order.statusIfNew),
      upserts.map((order) => order.cause),
      toTime(nowMs),
      ...(marks.length === 0 ? [] : markValues(marks)),
    ],
  );
  return rows.map((row) => ({
    ...row,
    facts: row.facts ?? byRef.get(row.ref)?.facts ?? {},
    status: row.version === 1 ? null : row.status,
  }));
}
