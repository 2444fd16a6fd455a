import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import { reviewOrder, type Tables } from './tables.js';

/** Rows of one kind shown with an order; the newest are kept when there are more. */
const MAX_ROWS = 500;

/** Times as ISO 8601 in UTC, made by the server. */
const iso = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Everything around one order, as JSON made by the server, in one statement and so in one snapshot. No raw body,
 * no token and no hash is read.
 */
export async function readOrderParts(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  ref: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const list = (fields: string, from: string, order: string): string =>
    `coalesce((SELECT json_agg(row_to_json(x)) FROM
       (SELECT ${fields} FROM ${from} ORDER BY ${order} LIMIT ${MAX_ROWS}) AS x), '[]'::json)`;
  const { rows } = await query<{ parts: Readonly<Record<string, unknown>> }>(
    sql,
    `SELECT json_build_object(
       'facts', (SELECT facts FROM ${t.orders} WHERE ref = $1),
       'effects', ${list(
         `kind, epoch, state, wanted, begun, evidence, tries, last_error AS "lastError",
          ${iso('run_at')} AS "runAt", ${iso('done_at')} AS "doneAt"`,
         `${t.effects} WHERE order_ref = $1`,
         'epoch, kind',
       )},
       'reviews', ${list(
         `r.id::text, key, reason, evidence, ${iso('opened_at')} AS "openedAt", ${iso('resolved_at')} AS "resolvedAt",
          resolution, resolved_by AS "resolvedBy"`,
         `${t.reviews} AS r WHERE ${reviewOrder('r')} = $1`,
         'r.id',
       )},
       'transitions', ${list(
         `version, from_status AS "from", to_status AS "to", cause, ${iso('at')} AS at`,
         `${t.transitions} WHERE order_ref = $1`,
         'version DESC',
       )},
       'deliveries', ${list(
         `i.source, i.message_id AS "messageId", i.topic, i.subject, i.outcome, i.why,
          ${iso('i.received_at')} AS "receivedAt"`,
         // Two lookups and their union: an OR across tables would read the whole inbox.
         `${t.inbox} AS i WHERE (i.vendor, i.source, i.message_id) IN
            (SELECT vendor, source, message_id FROM ${t.inbox} WHERE order_ref = $1
             UNION SELECT named.vendor, named.source, named.message_id
               FROM ${t.subjects} AS s JOIN ${t.inbox} AS named ON (named.vendor, named.subject) = (s.vendor, s.subject)
              WHERE s.order_ref = $1)`,
         'i.received_at DESC',
       )},
       'subjects', ${list(
         `subject, dirty_gen AS "dirtyGeneration", clean_gen AS "cleanGeneration", failures,
          last_error AS "lastError"`,
         `${t.subjects} WHERE order_ref = $1`,
         'subject',
       )},
       'attempts', ${list(
         `a.id, a.active, a.identity IS NOT NULL AS identified, a.unbound, a.plan_id AS "planId",
          (SELECT s.session_id FROM ${t.redirectSessions} AS s WHERE s.attempt_id = a.id) AS "sessionId",
          ${iso('a.created_at')} AS "createdAt", ${iso('a.last_token_at')} AS "lastTokenAt",
          ${iso('a.next_reconcile_at')} AS "nextReconcileAt", ${iso('a.asked_empty_at')} AS "askedEmptyAt",
          (SELECT coalesce(json_agg(json_build_object('kind', g.kind, 'status', g.status, 'reason', g.reason,
                    'receivedAt', ${iso('g.received_at')}) ORDER BY g.received_at), '[]'::json)
             FROM ${t.signals} AS g WHERE g.attempt_id = a.id) AS signals`,
         `${t.attempts} AS a WHERE a.order_ref = $1`,
         'a.created_at DESC',
       )}
     ) AS parts`,
    [ref],
  );
  return rows[0]?.parts ?? null;
}
