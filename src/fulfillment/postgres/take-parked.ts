import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/**
 * Ends the waiting of names that have just been linked to a subject, which is dirty. One that brought a secret waits
 * on: the merchant has not been given it yet.
 */
export async function takeParked(
  sql: SqlClient,
  t: Tables,
  vendor: Vendor,
  subject: string,
  names: readonly string[],
): Promise<void> {
  await sql.query(
    `WITH found AS MATERIALIZED (
       -- In one order: whoever parks them again would else meet us in a deadlock, and this may be the merchant's own
       -- transaction, which we cannot do again.
       SELECT name FROM ${t.parkedTriggers} WHERE vendor = $1 AND name = ANY ($3) AND secret IS NULL
        ORDER BY name COLLATE "C" FOR UPDATE
     ), taken AS (
       DELETE FROM ${t.parkedTriggers} WHERE vendor = $1 AND name IN (SELECT name FROM found) RETURNING last_at
     )
     UPDATE ${t.subjects} AS s SET triggered_at = greatest(s.triggered_at, heard.at)
       FROM (SELECT max(last_at) AS at FROM taken) AS heard
      WHERE s.vendor = $1 AND s.subject = $2 AND heard.at IS NOT NULL`,
    [vendor, subject, names],
  );
}
