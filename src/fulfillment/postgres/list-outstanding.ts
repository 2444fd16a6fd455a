import type { Vendor } from '../../protocol/index.js';
import type { FactSet } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

/** Orders whose money has not come and may still, by ref. The condition is that of the index `orders_outstanding`. */
export async function listOutstanding(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  page: { readonly vendor: Vendor; readonly after: string; readonly limit: number },
): Promise<readonly { readonly ref: string; readonly facts: FactSet }[]> {
  const { rows } = await query<{ ref: string; facts: FactSet }>(
    sql,
    `SELECT ref, facts FROM ${t.orders}
      WHERE vendor = $1 AND settlement IN ('unsettled', 'past_due') AND ref > $2 ORDER BY ref LIMIT $3`,
    [page.vendor, page.after, page.limit],
  );
  return rows;
}
