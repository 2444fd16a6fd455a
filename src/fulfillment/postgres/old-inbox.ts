import type { Tables } from './tables.js';

/**
 * A query for rows of the inbox that were received before a time, the oldest first, looked up by the index
 * `inbox_age`. Rows that a person has not looked at yet are passed over: a delivery that nobody understood is there
 * to be read until its review is resolved.
 * @param columns Of the row `i`.
 * @param hasBody SQL for 1 or 0: rows with a body, or without.
 * @param before SQL for the time.
 * @param rest `LIMIT` and what may follow it.
 */
export function oldInbox(
  t: Tables,
  columns: string,
  { hasBody, before, rest }: { readonly hasBody: string; readonly before: string; readonly rest: string },
): string {
  // The key is the one that `reviewOf` gives such a review.
  return `SELECT ${columns} FROM ${t.inbox} AS i
           WHERE (i.raw_body IS NOT NULL)::integer = ${hasBody} AND i.received_at < ${before}
             AND (i.outcome <> 'unreadable' OR (
                    SELECT r.resolved_at FROM ${t.reviews} AS r WHERE coalesce(r.order_ref, '') = ''
                       AND r.key = 'unreadable_delivery:' || i.vendor || ':' || i.message_id) IS NOT NULL)
           ORDER BY i.received_at ${rest}`;
}
