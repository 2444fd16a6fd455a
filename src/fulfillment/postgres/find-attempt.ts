import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { ATTEMPT_COLUMNS, toAttempt, type AttemptColumns, type AttemptRow } from './attempt-row.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

/** How an attempt is looked for. */
export type AttemptQuery =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'start-key'; readonly startKey: Uint8Array }
  | { readonly by: 'active'; readonly vendor: Vendor; readonly orderRef: string };

export async function findAttempt(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  wanted: AttemptQuery,
): Promise<AttemptRow | null> {
  const { where, values } = conditionOf(wanted);
  const { first } = await query<AttemptColumns>(
    sql,
    `SELECT ${ATTEMPT_COLUMNS} FROM ${t.attempts} AS a WHERE ${where}`,
    values,
  );
  return first === undefined ? null : toAttempt(first);
}

function conditionOf(query: AttemptQuery): { where: string; values: readonly unknown[] } {
  switch (query.by) {
    case 'id':
      return { where: 'a.id = $1', values: [query.id] };
    case 'start-key':
      return { where: 'a.start_key = $1', values: [Buffer.from(query.startKey)] };
    case 'active':
      return {
        where: 'a.vendor = $1 AND a.order_ref = $2 AND a.active',
        values: [query.vendor, query.orderRef],
      };
  }
}
