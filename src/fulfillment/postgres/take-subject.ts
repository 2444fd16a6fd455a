import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { SubjectClaim } from './claim-subjects.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Moves one subject to its next generation and takes it, also from a worker that reads it now: that one's answer
 * may be older than this question, and is dropped when it comes.
 * @returns `null` when there is no such subject.
 */
export async function takeSubject(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  take: {
    readonly vendor: Vendor;
    readonly subject: string;
    readonly token: string;
    readonly leaseUntilMs: number;
  },
): Promise<SubjectClaim | null> {
  const { first } = await query<{
    dirty_gen: number;
    order_ref: string | null;
    failures: number;
    triggered: boolean;
  }>(
    sql,
    `UPDATE ${t.subjects} SET dirty_gen = dirty_gen + 1, lease_token = $3, lease_until = $4, next_fetch_at = $4
      WHERE vendor = $1 AND subject = $2
     RETURNING dirty_gen, order_ref, failures, triggered_at IS NOT NULL AS triggered`,
    [take.vendor, take.subject, take.token, toTime(take.leaseUntilMs)],
  );
  if (first === undefined) return null;
  return {
    vendor: take.vendor,
    subject: take.subject,
    generation: first.dirty_gen,
    orderRef: first.order_ref,
    failures: first.failures,
    isTriggered: first.triggered,
    token: take.token,
  };
}
