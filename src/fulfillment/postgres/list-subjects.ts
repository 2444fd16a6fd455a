import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

/** The subjects that belong to an order. */
export async function listSubjects(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  orderRef: string,
): Promise<readonly { readonly vendor: Vendor; readonly subject: string }[]> {
  const { rows } = await query<{ vendor: Vendor; subject: string }>(
    sql,
    `SELECT vendor, subject FROM ${t.subjects} WHERE order_ref = $1 ORDER BY vendor, subject`,
    [orderRef],
  );
  return rows;
}
