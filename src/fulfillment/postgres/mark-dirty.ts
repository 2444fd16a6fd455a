import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { preparedQuery } from './query.js';
import type { Tables } from './tables.js';
import { toTime } from './time.js';

export interface SubjectMark {
  readonly vendor: Vendor;
  readonly subject: string;
  /** Kept if the subject has no order yet. */
  readonly orderRef: string | null;
}

export function subjectKey({ vendor, subject }: Pick<SubjectMark, 'vendor' | 'subject'>): string {
  return `${vendor} ${subject}`;
}

/**
 * Moves each subject to its next generation: whatever was read before says nothing about it any more. A
 * reading under way keeps its lease; the subject stays dirty behind it and is read again.
 * @param marks At most one per subject.
 * @returns the generation of each, by `subjectKey`. 1: nobody here knew the subject before.
 */
export async function markDirty(
  sql: SqlClient,
  t: Tables,
  marks: readonly SubjectMark[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  if (marks.length === 0) return new Map();
  const rows = await preparedQuery<{ vendor: Vendor; subject: string; dirty_gen: number }>(
    sql,
    `WITH ${marked(t, { first: 1, now: 4 })} SELECT vendor, subject, dirty_gen FROM marked`,
    [...markValues(marks), toTime(nowMs)],
  );
  return new Map(rows.map((row) => [subjectKey(row), row.dirty_gen]));
}

/**
 * The statement as a part `marked` of one that does more. Whoever waited here for an erasure wrote its inbox row
 * before, when nothing was erased yet: the body that it kept is dropped, in the same transaction.
 * @param params Numbers of its parameters: the first of {@link markValues}, and the time.
 * @param condition Read before any subject is touched.
 */
export function marked(
  t: Tables,
  { first, now }: { readonly first: number; readonly now: number },
  condition = 'true',
): string {
  return `marked AS (INSERT INTO ${t.subjects} AS s (vendor, subject, order_ref, dirty_gen, clean_gen, next_fetch_at)
     SELECT vendor, subject, order_ref, 1, 0, $${now}::timestamptz
       FROM unnest($${first}::text[], $${first + 1}::text[], $${first + 2}::text[]) AS m (vendor, subject, order_ref)
      WHERE ${condition}
      ORDER BY vendor COLLATE "C", subject COLLATE "C"
     ON CONFLICT (vendor, subject) DO UPDATE SET
       dirty_gen = s.dirty_gen + 1,
       order_ref = coalesce(s.order_ref, EXCLUDED.order_ref),
       next_fetch_at = CASE WHEN s.lease_until > EXCLUDED.next_fetch_at THEN s.next_fetch_at
                            ELSE EXCLUDED.next_fetch_at END
     RETURNING vendor, subject, dirty_gen, erased
     ), forgotten AS (
       UPDATE ${t.inbox} AS i SET raw_body = NULL FROM marked
        WHERE marked.erased AND i.vendor = marked.vendor AND i.subject = marked.subject AND i.raw_body IS NOT NULL
     )`;
}

export function markValues(marks: readonly SubjectMark[]): readonly (readonly (string | null)[])[] {
  return [
    marks.map((mark) => mark.vendor),
    marks.map((mark) => mark.subject),
    marks.map((mark) => mark.orderRef),
  ];
}
