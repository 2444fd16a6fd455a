import type { Vendor } from '../../protocol/index.js';
import type { EffectKind, SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { msOf } from './time.js';

/** When the oldest row of each job that waits became due, or will; `null` where none waits. In milliseconds. */
export interface OldestDue {
  readonly reconcile: number | null;
  readonly refetch: number | null;
  /** Ids that nobody linked, payments and orders without an attempt: their next look, or the end of their waiting. */
  readonly parked: number | null;
  readonly settlements: number | null;
  readonly effects: number | null;
}

/** By the first entry of each index. */
export async function readOldestDue(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  vendors: readonly Vendor[],
  kinds: readonly EffectKind[],
): Promise<OldestDue> {
  const { first } = await query<OldestDue>(
    sql,
    `SELECT (SELECT min(${msOf('first.at')}) FROM unnest($1::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT a.next_reconcile_at AS at FROM ${t.attempts} AS a
                  WHERE a.vendor = of.vendor AND a.next_reconcile_at IS NOT NULL
                  ORDER BY a.next_reconcile_at LIMIT 1) AS first) AS reconcile,
            (SELECT min(${msOf('first.at')}) FROM unnest($1::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT s.next_fetch_at AS at FROM ${t.subjects} AS s
                  WHERE s.vendor = of.vendor AND s.dirty_gen > s.clean_gen
                  ORDER BY s.next_fetch_at LIMIT 1) AS first) AS refetch,
            least(
              (SELECT ${msOf('min(parked_until)')} FROM ${t.orders}),
              (SELECT ${msOf('min(parked_until)')} FROM ${t.attemptKeys}),
              (SELECT min(${msOf('first.at')}) FROM unnest($1::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT p.next_look_at AS at FROM ${t.parkedTriggers} AS p
                  WHERE p.vendor = of.vendor ORDER BY p.next_look_at LIMIT 1) AS first)) AS parked,
            (SELECT ${msOf('min(next_at)')} FROM ${t.settlementReadings} WHERE vendor = ANY ($1)) AS settlements,
            (SELECT min(${msOf('first.at')}) FROM unnest($2::text[]) AS of (kind) CROSS JOIN LATERAL
                (SELECT e.run_at AS at FROM ${t.effects} AS e
                  WHERE e.kind = of.kind AND e.state = 'due' AND e.wanted
                  ORDER BY e.run_at LIMIT 1) AS first) AS effects`,
    [vendors, kinds],
  );
  return first ?? { reconcile: null, refetch: null, parked: null, settlements: null, effects: null };
}
