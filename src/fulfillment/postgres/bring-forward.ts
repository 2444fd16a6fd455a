import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Makes the questions about an order's checkouts due now that would be asked later. What is over stays so. */
export async function bringForward(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  order: { readonly vendor: Vendor; readonly orderRef: string; readonly nowMs: number },
): Promise<void> {
  await sql.query(
    `UPDATE ${t.attempts} SET next_reconcile_at = least(next_reconcile_at, $3)
      WHERE order_ref = $1 AND vendor = $2 AND next_reconcile_at IS NOT NULL AND reconcile_token IS NULL`,
    [order.orderRef, order.vendor, toTime(order.nowMs)],
  );
}
