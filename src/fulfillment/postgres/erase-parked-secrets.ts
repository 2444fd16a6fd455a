import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/**
 * Drops the secrets that unsigned deliveries brought for the merchant and that name this order, by either of their
 * names. The rows stay: what was heard is still looked up, and then they leave.
 */
export async function eraseParkedSecrets(sql: SqlClient, t: Tables, ref: string): Promise<void> {
  await sql.query(
    `UPDATE ${t.parkedTriggers} AS p SET secret = NULL
       FROM ${t.subjects} AS s JOIN ${t.subjectNames} AS n USING (vendor, subject)
      WHERE s.order_ref = $1 AND p.vendor = n.vendor AND (p.name = n.name OR p.alias = n.name)
        AND p.secret IS NOT NULL`,
    [ref],
  );
}
