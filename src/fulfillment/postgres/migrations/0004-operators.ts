import type { Tables } from '../tables.js';

/** Who answered a review, and what an operator lists. */
export const version = 4;

export const statements = (t: Tables): readonly string[] => [
  `ALTER TABLE ${t.reviews} ADD COLUMN resolved_by text`,
  // What waits for a person is few among many: found without reading what is over.
  `CREATE INDEX reviews_open ON ${t.reviews} (id) WHERE resolved_at IS NULL`,
  `CREATE INDEX effects_dead ON ${t.effects} (order_ref, kind, epoch) WHERE state = 'dead'`,
];
