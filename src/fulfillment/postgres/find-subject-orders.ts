import type { Vendor } from '../../protocol/index.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

export interface SubjectKey {
  readonly vendor: Vendor;
  readonly subject: string;
}

/** Which orders these subjects belong to already, by {@link subjectKey}. A subject never changes its order. */
export async function findSubjectOrders(
  sql: SqlClient,
  t: Tables,
  keys: readonly SubjectKey[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const { rows } = await query<SubjectKey & { order_ref: string }>(
    sql,
    `SELECT s.vendor, s.subject, s.order_ref
       FROM ${t.subjects} AS s JOIN unnest($1::text[], $2::text[]) AS k (vendor, subject)
         USING (vendor, subject)
      WHERE s.order_ref IS NOT NULL`,
    [keys.map(({ vendor }) => vendor), keys.map(({ subject }) => subject)],
  );
  return new Map(rows.map((row) => [subjectKey(row), row.order_ref]));
}

export function subjectKey({ vendor, subject }: SubjectKey): string {
  return `${vendor} ${subject}`;
}
