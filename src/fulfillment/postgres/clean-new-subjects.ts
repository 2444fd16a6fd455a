import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** A subject at its first generation, which has just been read: there is nothing to read again. */
export async function cleanNewSubjects(
  sql: SqlClient,
  t: Tables,
  vendor: Vendor,
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  await sql.query(
    `UPDATE ${t.subjects} SET clean_gen = 1 WHERE vendor = $1 AND subject = ANY ($2) AND dirty_gen = 1`,
    [vendor, subjects],
  );
}
