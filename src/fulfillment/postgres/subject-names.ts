/** Which subject a name of a linked vendor's stands for. A name is given once, and never to another subject. */
import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

export interface NamedSubject {
  readonly name: string;
  readonly subject: string;
  /** The order of the subject. `null`: it has none, or is about to get one. */
  readonly orderRef: string | null;
}

export async function readSubjectNames(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  vendor: Vendor,
  names: readonly string[],
): Promise<readonly NamedSubject[]> {
  if (names.length === 0) return [];
  const { rows } = await query<{ name: string; subject: string; order_ref: string | null }>(
    sql,
    `SELECT n.name, n.subject, s.order_ref
       FROM ${t.subjectNames} AS n LEFT JOIN ${t.subjects} AS s USING (vendor, subject)
      WHERE n.vendor = $1 AND n.name = ANY ($2)`,
    [vendor, names],
  );
  return rows.map(({ name, subject, order_ref: orderRef }) => ({ name, subject, orderRef }));
}

/**
 * Gives the names that are free to a subject. Of two transactions that give the same name the second waits here for
 * the first to end.
 */
export async function insertSubjectNames(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  vendor: Vendor,
  subject: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await sql.query(
    `INSERT INTO ${t.subjectNames} (vendor, name, subject)
     SELECT $1, name, $2 FROM unnest($3::text[]) AS n (name) ORDER BY name COLLATE "C"
     ON CONFLICT DO NOTHING`,
    [vendor, subject, names],
  );
}
