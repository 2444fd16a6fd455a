import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface NewSubject {
  readonly subject: string;
  /** When to read it again although nothing is heard of it; `null`: never. */
  readonly recheckAtMs: number | null;
}

/** Subjects at their first generation, which has just been read: there is nothing to read again now. */
export async function cleanNewSubjects(
  sql: SqlClient,
  t: Tables,
  vendor: Vendor,
  subjects: readonly NewSubject[],
  nowMs: number,
): Promise<void> {
  if (subjects.length === 0) return;
  await sql.query(
    `UPDATE ${t.subjects} AS s SET clean_gen = 1, first_read_at = $4, recheck_at = n.recheck_at
       FROM unnest($2::text[], $3::timestamptz[]) AS n (subject, recheck_at)
      WHERE s.vendor = $1 AND s.subject = n.subject AND s.dirty_gen = 1`,
    [
      vendor,
      subjects.map(({ subject }) => subject),
      subjects.map(({ recheckAtMs }) => (recheckAtMs === null ? null : toTime(recheckAtMs))),
      toTime(nowMs),
    ],
  );
}
