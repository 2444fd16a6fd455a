import { CONFIRMATIONS } from './insert-signal.js';
import type { Tables } from './tables.js';
import { msOf } from './time.js';

/**
 * A `Failure` as one value, to be selected of orders `o`; null where an order did not fail. Nearly none did: `CASE` alone
 * keeps all of it from being read for the others, a lateral join with the same condition would filter it afterwards.
 */
export function selectFailure(t: Tables): string {
  return `CASE WHEN o.status = 'failed' THEN (
    SELECT jsonb_build_object(
             'failedAtMs', ${msOf('failed.at')}, 'readAtMs', ${msOf('coalesce(known.read_at, failed.at)')},
             'hasUnread', known.has_unread,
             'heard', CASE WHEN last.heard_at IS NOT NULL THEN jsonb_build_object(
                        'atMs', ${msOf('last.heard_at')}, 'offeredAtMs', ${msOf('last.offered_at')}) END)
      FROM (SELECT coalesce((SELECT at FROM ${t.transitions} WHERE order_ref = o.ref AND to_status = 'failed'
                              ORDER BY version DESC LIMIT 1), o.created_at) AS at) AS failed
     CROSS JOIN (SELECT max(first_read_at) AS read_at, coalesce(bool_or(clean_gen = 0), false) AS has_unread
                   FROM ${t.subjects} WHERE order_ref = o.ref) AS known
      LEFT JOIN (SELECT heard_at, ${offeredAt(t, 'b')} AS offered_at
                   FROM ${t.attempts} AS b CROSS JOIN LATERAL
                        (SELECT max(received_at) AS heard_at FROM ${t.signals}
                          WHERE attempt_id = b.id AND kind IN (${CONFIRMATIONS})) AS heard
                  WHERE b.order_ref = o.ref AND b.confirmation_heard
                  ORDER BY heard_at DESC NULLS LAST LIMIT 1) AS last ON true
  ) END`;
}

/** A `Try` but for its flow, to be selected of attempts `a` with their orders `o`; null where the order did not fail. */
export function selectTry(t: Tables): string {
  return `CASE WHEN o.status = 'failed' THEN jsonb_build_object(
    'offeredAtMs', ${msOf(offeredAt(t, 'a'))},
    'isOpen', a.active OR a.next_reconcile_at IS NOT NULL,
    'hasWord', EXISTS (SELECT 1 FROM jsonb_each(o.facts) AS fact (key, value)
                        WHERE value->>'kind' IN ('payment', 'reported') AND value->>'attemptId' = a.id),
    'returnedAtMs', ${msOf(`(SELECT max(received_at) FROM ${t.signals} WHERE attempt_id = a.id AND kind = 'returned')`)}
  ) END`;
}

/** When a buyer was last given something to buy with through attempt `alias`; null for a mere handle to ask by. */
function offeredAt(t: Tables, alias: string): string {
  return `(CASE WHEN ${alias}.active OR ${alias}.last_token_at > ${alias}.created_at
                  OR EXISTS (SELECT 1 FROM ${t.redirectSessions} WHERE attempt_id = ${alias}.id)
                THEN ${alias}.last_token_at END)`;
}
