import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

/**
 * Moves the subjects of these names to their next generation, as `markDirty` does, and has them read: at once, or
 * after a pause where a trigger has just done so. Adds nothing to what is there, whoever sent them.
 * @param pauseMs Shortest time between two readings that triggers ask for.
 * @returns the names that are somebody's here.
 */
export async function markTriggered(
  sql: SqlClient,
  t: Tables,
  triggered: {
    readonly vendor: Vendor;
    readonly names: readonly string[];
    readonly pauseMs: number;
    readonly nowMs: number;
  },
): Promise<ReadonlySet<string>> {
  const { rows } = await query<{ name: string }>(
    sql,
    `WITH known AS (
       SELECT name, subject FROM ${t.subjectNames} WHERE vendor = $1 AND name = ANY ($2)
     ), locked AS MATERIALIZED (
       -- In one order: two batches that share subjects would else wait for each other.
       SELECT s.subject FROM ${t.subjects} AS s
        WHERE s.vendor = $1 AND s.subject IN (SELECT subject FROM known)
        ORDER BY s.subject COLLATE "C" FOR UPDATE
     ), marked AS (
       UPDATE ${t.subjects} AS s SET
         dirty_gen = s.dirty_gen + 1,
         triggered_at = $3,
         next_fetch_at = CASE
           -- A reading under way keeps its lease; the subject stays dirty behind it.
           WHEN s.lease_until > $3 THEN s.next_fetch_at
           WHEN s.triggered_at > $4 AND s.dirty_gen > s.clean_gen THEN least(s.next_fetch_at, $5::timestamptz)
           WHEN s.triggered_at > $4 THEN $5
           ELSE $3 END
         FROM locked WHERE s.vendor = $1 AND s.subject = locked.subject
     )
     SELECT name FROM known`,
    [
      triggered.vendor,
      triggered.names,
      toTime(triggered.nowMs),
      toTime(triggered.nowMs - triggered.pauseMs),
      toTime(triggered.nowMs + triggered.pauseMs),
    ],
  );
  return new Set(rows.map(({ name }) => name));
}
