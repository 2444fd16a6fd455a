import type { Vendor } from '../../protocol/index.js';
import type { EffectKind, SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/** Which kinds of work wait. One query, so that an idle process asks once per interval and not once per job. */
export interface Due {
  readonly refetch: boolean;
  readonly reconcile: boolean;
  readonly parked: boolean;
  readonly effects: boolean;
  readonly notify: boolean;
}

export async function readDue(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  vendors: readonly Vendor[],
  kinds: readonly EffectKind[],
  nowMs: number,
): Promise<Due> {
  const { rows } = await query<Due>(
    sql,
    `SELECT EXISTS (SELECT 1 FROM ${t.subjects} WHERE dirty_gen > clean_gen AND next_fetch_at <= $1
                       AND vendor = ANY ($2)) AS refetch,
            EXISTS (SELECT 1 FROM ${t.attempts} WHERE next_reconcile_at <= $1 AND vendor = ANY ($2)) AS reconcile,
            EXISTS (SELECT 1 FROM ${t.orders} WHERE parked_until <= $1) AS parked,
            EXISTS (SELECT 1 FROM ${t.effects} WHERE state = 'due' AND wanted AND run_at <= $1
                       AND kind = ANY ($3)) AS effects,
            EXISTS (SELECT 1 FROM ${t.reviews} WHERE notify_at <= $1) AS notify`,
    [toTime(nowMs), vendors, kinds],
  );
  return rows[0] ?? { refetch: false, reconcile: false, parked: false, effects: false, notify: false };
}
