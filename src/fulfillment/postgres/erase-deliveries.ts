import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** Drops the bodies of all deliveries about an order, and has none kept of those to come. @returns how many. */
export async function eraseDeliveries(sql: SqlClient, t: Tables, ref: string): Promise<number> {
  const { rowCount } = await sql.query(
    `WITH marked AS (
       UPDATE ${t.subjects} SET erased = true WHERE order_ref = $1 RETURNING vendor, subject
     )
     UPDATE ${t.inbox} AS i SET raw_body = NULL
      WHERE i.raw_body IS NOT NULL AND (i.vendor, i.source, i.message_id) IN (
        SELECT vendor, source, message_id FROM ${t.inbox} WHERE order_ref = $1
        UNION SELECT named.vendor, named.source, named.message_id
          FROM marked JOIN ${t.inbox} AS named USING (vendor, subject))`,
    [ref],
  );
  return rowCount ?? 0;
}
