import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface ParkedOrder {
  readonly ref: string;
  readonly vendor: Vendor;
}

/** Orders whose reference nobody here issued in time. Read without a lock: adding the fact is idempotent. */
export async function findOverdueParked(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  nowMs: number,
  limit: number,
): Promise<readonly ParkedOrder[]> {
  const { rows } = await query<ParkedOrder>(
    sql,
    `SELECT ref, vendor FROM ${t.orders} WHERE parked_until <= $1 ORDER BY parked_until LIMIT $2`,
    [toTime(nowMs), limit],
  );
  return rows;
}
