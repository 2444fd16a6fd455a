import type { FactSet } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Writes an order's facts without what was erased from them. The one statement that changes a fact; keys stay. */
export async function eraseFacts(
  sql: SqlClient,
  t: Tables,
  ref: string,
  facts: FactSet,
  nowMs: number,
): Promise<void> {
  await sql.query(
    `UPDATE ${t.orders} SET facts = $2::jsonb, erased_at = $3, updated_at = $3 WHERE ref = $1`,
    [ref, JSON.stringify(facts), toTime(nowMs)],
  );
}
