import type { OrderSettlement } from '../order-settlement.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** Writes how the money of locked orders stands. Orders without accepted payments are not named, and cost nothing. */
export async function writeSettlements(
  sql: SqlClient,
  t: Tables,
  settlements: readonly { readonly ref: string; readonly settlement: OrderSettlement }[],
): Promise<void> {
  if (settlements.length === 0) return;
  await sql.query(
    `UPDATE ${t.orders} AS o SET settlement = s.settlement
       FROM unnest($1::text[], $2::text[]) AS s (ref, settlement)
      WHERE o.ref = s.ref AND o.settlement IS DISTINCT FROM s.settlement`,
    [settlements.map(({ ref }) => ref), settlements.map(({ settlement }) => settlement)],
  );
}
