import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** Whether the subject belonged to its order when that was erased. To be asked under the order's lock. */
export async function isErasedSubject(
  sql: SqlClient,
  t: Tables,
  { vendor, subject }: { readonly vendor: Vendor; readonly subject: string },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `SELECT 1 FROM ${t.subjects} WHERE vendor = $1 AND subject = $2 AND erased`,
    [vendor, subject],
  );
  return rowCount === 1;
}
