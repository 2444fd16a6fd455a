import type { SqlClient } from '../ports.js';
import { oldInbox } from './old-inbox.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Drops the bodies of the oldest deliveries before a time; the rows stay. @returns how many. */
export async function pruneRawBodies(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  prune: { readonly beforeMs: number; readonly limit: number },
): Promise<number> {
  const old = oldInbox(t, 'i.ctid', {
    hasBody: '1',
    before: '$1',
    rest: 'LIMIT $2 FOR UPDATE OF i SKIP LOCKED',
  });
  const { rowCount } = await sql.query(
    `UPDATE ${t.inbox} SET raw_body = NULL WHERE ctid = ANY (ARRAY(${old}))`,
    [toTime(prune.beforeMs), prune.limit],
  );
  return rowCount ?? 0;
}
