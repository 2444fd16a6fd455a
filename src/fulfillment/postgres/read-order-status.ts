import type { OrderStatus } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

/** @throws {Error} for an order that is not there: every attempt has one. */
export async function readOrderStatus(sql: SqlClient, t: Tables, ref: string): Promise<OrderStatus> {
  const { rows } = await query<{ status: OrderStatus }>(
    sql,
    `SELECT status FROM ${t.orders} WHERE ref = $1`,
    [ref],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('an attempt without an order');
  return row.status;
}
