import type { EffectKind, SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** Whether an effect of the order is to be run by this host, or is being run. */
export async function hasOwedEffect(
  sql: SqlClient,
  t: Tables,
  ref: string,
  kinds: readonly EffectKind[],
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `SELECT 1 FROM ${t.effects}
      WHERE order_ref = $1 AND kind = ANY ($2) AND state = 'due'
        AND (wanted OR lease_token IS NOT NULL) LIMIT 1`,
    [ref, kinds],
  );
  return rowCount === 1;
}
