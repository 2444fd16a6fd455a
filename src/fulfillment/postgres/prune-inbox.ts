import type { SqlClient } from '../ports.js';
import { oldInbox } from './old-inbox.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Drops the oldest rows of the inbox before a time. What they said stays with their orders, as facts; a repetition
 * that comes after this says it once more and changes nothing.
 * @returns how many.
 */
export async function pruneInbox(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  prune: { readonly beforeMs: number; readonly limit: number },
): Promise<number> {
  const old = oldInbox(t, 'i.ctid', {
    hasBody: 'of.has_body',
    before: '$1',
    rest: 'LIMIT $2 FOR UPDATE OF i SKIP LOCKED',
  });
  const { rowCount } = await sql.query(
    `DELETE FROM ${t.inbox} WHERE ctid = ANY (ARRAY(
       SELECT oldest.ctid FROM unnest(ARRAY[0, 1]) AS of (has_body) CROSS JOIN LATERAL (${old}) AS oldest
        LIMIT $2))`,
    [toTime(prune.beforeMs), prune.limit],
  );
  return rowCount ?? 0;
}
