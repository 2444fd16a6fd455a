import type { Vendor } from '../../protocol/index.js';
import type { Payment, SqlClient } from '../ports.js';
import { query } from './query.js';
import type { ParkedPayment } from './park-payments.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Ends the quiet waiting of payments that have no attempt. They stay: should it turn up they are applied. */
export async function endParkedPayments(
  sql: SqlClient,
  t: Tables,
  nowMs: number,
  limit: number,
): Promise<readonly ParkedPayment[]> {
  const { rows } = await query<{
    vendor: Vendor;
    key: string;
    message_id: string;
    subject: string;
    payment: Payment;
  }>(
    sql,
    `WITH due AS (
       SELECT vendor, key FROM ${t.attemptKeys} WHERE parked_until <= $1
        ORDER BY parked_until LIMIT $2 FOR UPDATE SKIP LOCKED
     ), ended AS (
       UPDATE ${t.attemptKeys} AS k SET parked_until = NULL FROM due
        WHERE k.vendor = due.vendor AND k.key = due.key RETURNING k.vendor, k.key
     )
     SELECT p.vendor, p.key, p.message_id, p.subject, p.payment
       FROM ended JOIN ${t.parkedPayments} AS p USING (vendor, key)`,
    [toTime(nowMs), limit],
  );
  return rows.map(({ message_id: messageId, ...row }) => ({ ...row, messageId }));
}
