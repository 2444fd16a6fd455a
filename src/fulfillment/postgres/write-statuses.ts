import type { OrderStatus } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface StatusChange {
  readonly ref: string;
  readonly version: number;
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  /** What moved the order, e.g. `delivery:msg_1`. Operators read it. */
  readonly cause: string;
}

/** Sets the status of orders that are locked already, and keeps each change. */
export async function writeStatuses(
  sql: SqlClient,
  t: Tables,
  changes: readonly StatusChange[],
  nowMs: number,
): Promise<void> {
  if (changes.length === 0) return;
  await sql.query(
    `WITH change AS (
       SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[])
         AS c (ref, version, from_status, to_status, cause)
     ), kept AS (
       INSERT INTO ${t.transitions} (order_ref, version, from_status, to_status, cause, at)
       SELECT ref, version, from_status, to_status, cause, $6 FROM change
     )
     UPDATE ${t.orders} AS o SET status = change.to_status FROM change WHERE o.ref = change.ref`,
    [
      changes.map((change) => change.ref),
      changes.map((change) => change.version),
      changes.map((change) => change.from),
      changes.map((change) => change.to),
      changes.map((change) => change.cause),
      toTime(nowMs),
    ],
  );
}
