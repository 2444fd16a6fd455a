import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Failures in a row, a quarter of an hour of them by default, from which on an unread subject is not waited for: some
 * that can never be read would else end all rechecks of their vendor for good, and with them every unheard revocation.
 */
const GIVEN_UP_FAILURES = 12;

/**
 * Makes subjects dirty of which nothing was heard for long, as a delivery would. Only as many as bring the vendor's
 * unread subjects, whatever made them so, to `unreadLimit`: rechecks never queue up before what was heard of, and
 * while the vendor is away they wait here.
 * @returns how many.
 */
export async function markRechecks(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  mark: { readonly vendor: Vendor; readonly unreadLimit: number; readonly nowMs: number },
): Promise<number> {
  const { rowCount } = await sql.query(
    `WITH due AS MATERIALIZED (
       SELECT subject FROM ${t.subjects} WHERE vendor = $1 AND recheck_at <= $2
        ORDER BY recheck_at
        LIMIT (SELECT greatest(0, $3 - count(*)) FROM
                (SELECT 1 FROM ${t.subjects} WHERE dirty_gen > clean_gen AND vendor = $1
                    AND failures < ${GIVEN_UP_FAILURES}
                  ORDER BY next_fetch_at LIMIT $3) AS unread)
        FOR UPDATE SKIP LOCKED
     )
     UPDATE ${t.subjects} AS s SET
       recheck_at = NULL,
       dirty_gen = CASE WHEN s.dirty_gen > s.clean_gen THEN s.dirty_gen ELSE s.dirty_gen + 1 END,
       next_fetch_at = CASE WHEN s.dirty_gen > s.clean_gen THEN s.next_fetch_at ELSE $2 END
      FROM due WHERE s.vendor = $1 AND s.subject = due.subject`,
    [mark.vendor, toTime(mark.nowMs), mark.unreadLimit],
  );
  return rowCount ?? 0;
}
