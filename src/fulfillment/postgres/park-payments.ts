import type { Vendor } from '../../protocol/index.js';
import type { Payment, SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** A proven payment whose attempt is not known yet. */
export interface ParkedPayment {
  readonly vendor: Vendor;
  readonly key: string;
  readonly messageId: string;
  readonly subject: string;
  readonly payment: Payment;
}

/** Keeps payments until their attempt is known; their keys are locked already. One that is kept stays as it is. */
export async function parkPayments(
  sql: SqlClient,
  t: Tables,
  payments: readonly ParkedPayment[],
  nowMs: number,
): Promise<void> {
  if (payments.length === 0) return;
  await sql.query(
    `INSERT INTO ${t.parkedPayments} (vendor, key, message_id, subject, payment, received_at)
     SELECT vendor, key, message_id, subject, payment::jsonb, $6
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         AS p (vendor, key, message_id, subject, payment)
     ON CONFLICT DO NOTHING`,
    [
      payments.map(({ vendor }) => vendor),
      payments.map(({ key }) => key),
      payments.map(({ messageId }) => messageId),
      payments.map(({ subject }) => subject),
      payments.map(({ payment }) => JSON.stringify(payment)),
      toTime(nowMs),
    ],
  );
}

/** Takes what waits under a key that the transaction holds; whoever takes it applies it. */
export async function takeParkedPayments(
  sql: SqlClient,
  t: Tables,
  { vendor, key }: Pick<ParkedPayment, 'vendor' | 'key'>,
): Promise<readonly ParkedPayment[]> {
  const { rows } = await query<{ message_id: string; subject: string; payment: Payment }>(
    sql,
    `DELETE FROM ${t.parkedPayments} WHERE vendor = $1 AND key = $2 RETURNING message_id, subject, payment`,
    [vendor, key],
  );
  return rows.map((row) => ({
    vendor,
    key,
    messageId: row.message_id,
    subject: row.subject,
    payment: row.payment,
  }));
}
