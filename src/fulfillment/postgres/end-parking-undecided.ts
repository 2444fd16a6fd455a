import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Ends one order's waiting and changes nothing else. @returns whether it was still waiting. */
export async function endParkingUndecided(
  sql: SqlClient,
  t: Tables,
  ref: string,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE ${t.orders} SET parked_until = NULL, version = version + 1, updated_at = $2
      WHERE ref = $1 AND parked_until <= $2`,
    [ref, toTime(nowMs)],
  );
  return (rowCount ?? 0) > 0;
}
