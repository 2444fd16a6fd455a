import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { preparedQuery } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export type InboxSource = 'delivery' | 'refetch' | 'reconcile';
/** `waiting`: about a subject whose order is not known before the vendor is asked; the statement says so itself. */
export type InboxOutcome = 'applied' | 'ignored' | 'unreadable';

export interface InboxRow {
  readonly vendor: Vendor;
  /** `delivery`: the vendor sent it. The others are our own readings. */
  readonly source: InboxSource;
  /** Unique within vendor and source. */
  readonly messageId: string;
  readonly topic: string;
  readonly subject: string | null;
  /** The order it names. The one its subject belongs to already goes before. */
  readonly orderRef: string | null;
  readonly outcome: InboxOutcome;
  readonly why: string | null;
  readonly rawBody: Uint8Array | null;
}

const EMPTY = new Uint8Array();

/**
 * Records what arrived, once. In one fixed order, so that two batches that share messages wait for each other
 * and do not deadlock.
 * @param rows At most one per vendor, source and message id.
 * @returns the orders of the rows that are new, by {@link inboxKey}; `null` where the order is not known yet.
 */
export async function insertInbox(
  sql: SqlClient,
  t: Tables,
  rows: readonly InboxRow[],
  nowMs: number,
): Promise<ReadonlyMap<string, string | null>> {
  if (rows.length === 0) return new Map();
  const bodies = rows.map((row) => row.rawBody ?? EMPTY);
  const inserted = await preparedQuery<{
    vendor: Vendor;
    source: InboxSource;
    message_id: string;
    order_ref: string | null;
  }>(
    sql,
    `INSERT INTO ${t.inbox}
       (vendor, source, message_id, received_at, topic, subject, order_ref, outcome, why, raw_body)
     SELECT r.vendor, source, message_id, $12, topic, r.subject, coalesce(s.order_ref, r.order_ref),
            CASE WHEN outcome = 'applied' AND coalesce(s.order_ref, r.order_ref) IS NULL THEN 'waiting'
                 ELSE outcome END,
            why, CASE WHEN s.erased THEN NULL ELSE substring($11::bytea FROM body_from FOR body_length) END
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                   $8::text[], $9::integer[], $10::integer[])
         AS r (vendor, source, message_id, topic, subject, order_ref, outcome, why, body_from, body_length)
       LEFT JOIN ${t.subjects} AS s ON s.vendor = r.vendor AND s.subject = r.subject
      ORDER BY r.vendor, source, message_id
     ON CONFLICT DO NOTHING
     RETURNING vendor, source, message_id, order_ref`,
    [
      rows.map((row) => row.vendor),
      rows.map((row) => row.source),
      rows.map((row) => row.messageId),
      rows.map((row) => row.topic),
      rows.map((row) => row.subject),
      rows.map((row) => row.orderRef),
      rows.map((row) => row.outcome),
      rows.map((row) => row.why),
      startsOf(bodies),
      rows.map((row) => row.rawBody?.byteLength ?? null),
      // One value for all: alone it goes out as it is, in an array each byte would be spelled in hexadecimal.
      Buffer.concat(bodies),
      toTime(nowMs),
    ],
  );
  return new Map(
    inserted.map((row) => [
      inboxKey({ vendor: row.vendor, source: row.source, messageId: row.message_id }),
      row.order_ref,
    ]),
  );
}

/** Where each begins in the bytes of all. SQL counts from 1. */
function startsOf(bodies: readonly Uint8Array[]): readonly number[] {
  let start = 1;
  return bodies.map(({ byteLength }) => {
    const from = start;
    start += byteLength;
    return from;
  });
}

export function inboxKey(row: Pick<InboxRow, 'vendor' | 'source' | 'messageId'>): string {
  return `${row.vendor} ${row.source} ${row.messageId}`;
}
