import type { Vendor } from '../../protocol/index.js';
import type { EffectKind, SqlClient } from '../ports.js';
import type { Cutoffs } from '../retention.js';
import { oldInbox } from './old-inbox.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Which kinds of work wait. One query, so that an idle process asks once per interval and not once per job. Each
 * part asks for the row that is due first, in the order of its index: for a bare EXISTS the planner would rather
 * read a table from its beginning, and find nothing.
 */
export interface Due {
  readonly recheck: boolean;
  readonly refetch: boolean;
  readonly reconcile: boolean;
  readonly parked: boolean;
  readonly settlements: boolean;
  readonly effects: boolean;
  readonly notify: boolean;
  readonly prune: boolean;
}

const NOTHING_OLD: Cutoffs = { rawBodiesBeforeMs: null, inboxBeforeMs: null };
const NOTHING_DUE: Due = {
  recheck: false,
  refetch: false,
  reconcile: false,
  parked: false,
  settlements: false,
  effects: false,
  notify: false,
  prune: false,
};

export async function readDue(
  sql: Pick<SqlClient, 'query'>,
  t: Tables,
  vendors: readonly Vendor[],
  kinds: readonly EffectKind[],
  nowMs: number,
  { rawBodiesBeforeMs, inboxBeforeMs }: Cutoffs = NOTHING_OLD,
): Promise<Due> {
  const old = (hasBody: 0 | 1, before: string): string =>
    oldInbox(t, '1', { hasBody: String(hasBody), before: `${before}::timestamptz`, rest: 'LIMIT 1' });
  const { rows } = await query<Due>(
    sql,
    `SELECT (SELECT 1 FROM unnest($2::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT 1 FROM ${t.subjects} AS s
                  WHERE s.vendor = of.vendor AND s.dirty_gen > s.clean_gen AND s.next_fetch_at <= $1
                  ORDER BY s.next_fetch_at LIMIT 1) AS first LIMIT 1) IS NOT NULL AS refetch,
            (SELECT 1 FROM unnest($2::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT 1 FROM ${t.subjects} AS s WHERE s.vendor = of.vendor AND s.recheck_at <= $1
                  ORDER BY s.recheck_at LIMIT 1) AS first LIMIT 1) IS NOT NULL AS recheck,
            (SELECT 1 FROM unnest($2::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT 1 FROM ${t.attempts} AS a
                  WHERE a.vendor = of.vendor AND a.next_reconcile_at <= $1
                  ORDER BY a.next_reconcile_at LIMIT 1) AS first LIMIT 1) IS NOT NULL AS reconcile,
            coalesce(
              (SELECT 1 FROM ${t.orders} WHERE parked_until <= $1 ORDER BY parked_until LIMIT 1),
              (SELECT 1 FROM ${t.attemptKeys} WHERE parked_until <= $1 ORDER BY parked_until LIMIT 1),
              (SELECT 1 FROM unnest($2::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT 1 FROM ${t.parkedTriggers} AS p WHERE p.vendor = of.vendor AND p.next_look_at <= $1
                  ORDER BY p.next_look_at LIMIT 1) AS first LIMIT 1)) IS NOT NULL AS parked,
            (SELECT 1 FROM unnest($2::text[]) AS of (vendor) CROSS JOIN LATERAL
                (SELECT 1 FROM ${t.settlementReadings} AS r
                  WHERE r.vendor = of.vendor AND r.next_at <= $1 LIMIT 1) AS first LIMIT 1) IS NOT NULL AS settlements,
            (SELECT 1 FROM unnest($3::text[]) AS of (kind) CROSS JOIN LATERAL
                (SELECT 1 FROM ${t.effects} AS e
                  WHERE e.kind = of.kind AND e.state = 'due' AND e.wanted AND e.run_at <= $1
                  ORDER BY e.run_at LIMIT 1) AS first LIMIT 1) IS NOT NULL AS effects,
            (SELECT 1 FROM ${t.reviews} WHERE notify_at <= $1 ORDER BY notify_at LIMIT 1) IS NOT NULL AS notify,
            coalesce((${old(1, '$4')}), (${old(0, '$5')}), (${old(1, '$5')})) IS NOT NULL AS prune`,
    [toTime(nowMs), vendors, kinds, toTimeOrNull(rawBodiesBeforeMs), toTimeOrNull(inboxBeforeMs)],
  );
  return rows[0] ?? NOTHING_DUE;
}

function toTimeOrNull(ms: number | null): Date | null {
  return ms === null ? null : toTime(ms);
}
