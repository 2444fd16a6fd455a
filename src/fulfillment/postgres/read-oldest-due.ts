import type { Vendor } from '../../protocol/index.js';
import type { EffectKind, SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { msOf } from './time.js';

/** When the oldest row of each job that waits became due, or will; `null` where none waits. In milliseconds. */
export interface OldestDue {
  readonly reconcile: number | null;
  readonly refetch: number | null;
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
            (SELECT min(${msOf('first.at')}) FROM unnest($2::text[]) AS of (kind) CROSS JOIN LATERAL
                (SELECT e.run_at AS at FROM ${t.effects} AS e
                  WHERE e.kind = of.kind AND e.state = 'due' AND e.wanted
                  ORDER BY e.run_at LIMIT 1) AS first) AS effects`,
    [vendors, kinds],
  );
  return first ?? { reconcile: null, refetch: null, effects: null };
}
