import type { Tables } from '../tables.js';

export const version = 5;

/**
 * What is due is found vendor by vendor: with one index over all of them, the rows that pile up while one vendor is
 * away would be read past, every second, by whoever looks for another's.
 */
export const statements = (t: Tables): readonly string[] => [
  `CREATE INDEX subjects_dirty_by_vendor ON ${t.subjects} (vendor, next_fetch_at) WHERE dirty_gen > clean_gen`,
  `DROP INDEX IF EXISTS "${t.schema}".subjects_dirty`,
  `CREATE INDEX attempts_reconcile_by_vendor ON ${t.attempts} (vendor, next_reconcile_at)
    WHERE next_reconcile_at IS NOT NULL`,
  `DROP INDEX IF EXISTS "${t.schema}".attempts_reconcile`,
];
