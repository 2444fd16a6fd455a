import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { preparedQuery } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Whose a key is. */
export interface KeyHolder {
  readonly attemptId: string;
  readonly orderRef: string;
  readonly active: boolean;
  readonly amountMinor: number | null;
  readonly currency: string | null;
}

export interface AttemptKey {
  readonly vendor: Vendor;
  readonly key: string;
}

export function attemptKeyOf({ vendor, key }: AttemptKey): string {
  return `${vendor} ${key}`;
}

/**
 * Locks the keys until the transaction ends, in one fixed order, and tells whose they are. A key that nobody knows is
 * written and locked as well: a plain look would let delivery and start pass each other, the one seeing no attempt and
 * the other no delivery.
 * @param keys At most one of each.
 * @param parkUntilMs For keys that are new.
 * @returns by {@link attemptKeyOf}; `null`: nobody's yet.
 */
export async function lockAttemptKeys(
  sql: SqlClient,
  t: Tables,
  keys: readonly AttemptKey[],
  parkUntilMs: number,
): Promise<ReadonlyMap<string, KeyHolder | null>> {
  const rows = await preparedQuery<{
    vendor: Vendor;
    key: string;
    attempt_id: string | null;
    order_ref: string | null;
    active: boolean | null;
    amount_minor: number | null;
    currency: string | null;
  }>(
    sql,
    `WITH locked AS (
       INSERT INTO ${t.attemptKeys} AS k (vendor, key, parked_until)
       SELECT vendor, key, $3::timestamptz FROM unnest($1::text[], $2::text[]) AS given (vendor, key)
        ORDER BY vendor COLLATE "C", key COLLATE "C"
       ON CONFLICT (vendor, key) DO UPDATE SET
         parked_until = CASE WHEN k.attempt_id IS NULL THEN coalesce(k.parked_until, EXCLUDED.parked_until) END
       RETURNING vendor, key, attempt_id
     )
     SELECT locked.vendor, locked.key, locked.attempt_id, a.order_ref, a.active,
            a.amount_minor::float8 AS amount_minor, a.currency
       FROM locked LEFT JOIN ${t.attempts} AS a ON a.id = locked.attempt_id`,
    [keys.map(({ vendor }) => vendor), keys.map(({ key }) => key), toTime(parkUntilMs)],
  );
  return new Map(
    rows.map((row) => [
      attemptKeyOf(row),
      row.attempt_id === null || row.order_ref === null
        ? null
        : {
            attemptId: row.attempt_id,
            orderRef: row.order_ref,
            active: row.active === true,
            amountMinor: row.amount_minor,
            currency: row.currency,
          },
    ]),
  );
}
