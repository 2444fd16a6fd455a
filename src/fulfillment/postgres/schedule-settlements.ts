import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Has the statements of vendors read by then; a reading that is due sooner stays. */
export async function scheduleSettlements(
  sql: SqlClient,
  t: Tables,
  vendors: ReadonlySet<Vendor>,
  atMs: number,
): Promise<void> {
  if (vendors.size === 0) return;
  await sql.query(
    `INSERT INTO ${t.settlementReadings} AS r (vendor, next_at)
     SELECT vendor, $2 FROM unnest($1::text[]) AS given (vendor) ORDER BY vendor
     ON CONFLICT (vendor) DO UPDATE SET next_at = least(r.next_at, EXCLUDED.next_at)`,
    [[...vendors], toTime(atMs)],
  );
}
