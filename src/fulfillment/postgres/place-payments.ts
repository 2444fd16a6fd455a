import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** A payment's delivery, and the order it was found to be about. */
export interface PlacedPayment {
  readonly vendor: Vendor;
  readonly messageId: string;
  readonly orderRef: string;
}

/**
 * Writes to the deliveries of payments which order they are about, once these orders are locked: a buyer who was erased
 * meanwhile stays erased.
 */
export async function placePayments(
  sql: SqlClient,
  t: Tables,
  placed: readonly PlacedPayment[],
): Promise<void> {
  if (placed.length === 0) return;
  await sql.query(
    `UPDATE ${t.inbox} AS i SET order_ref = p.order_ref, outcome = 'applied',
            raw_body = CASE WHEN o.erased_at IS NULL THEN i.raw_body END
       FROM unnest($1::text[], $2::text[], $3::text[]) AS p (vendor, message_id, order_ref)
       JOIN ${t.orders} AS o ON o.ref = p.order_ref
      WHERE i.vendor = p.vendor AND i.source = 'delivery' AND i.message_id = p.message_id`,
    [
      placed.map(({ vendor }) => vendor),
      placed.map(({ messageId }) => messageId),
      placed.map(({ orderRef }) => orderRef),
    ],
  );
}
