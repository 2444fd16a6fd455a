import type { Tables } from '../tables.js';

/** What failed before another try began. */
export const version = 8;

export const statements = (t: Tables): readonly string[] => [
  // When the subject was read for the first time; null: not yet, or before this column was here.
  `ALTER TABLE ${t.subjects} ADD COLUMN first_read_at timestamptz`,
];
