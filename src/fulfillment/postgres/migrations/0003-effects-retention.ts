import type { Tables } from '../tables.js';

/** Effects of class `once-or-review`, the answers of a person about them, rechecks, retention and erasure. */
export const version = 3;

export const statements = (t: Tables): readonly string[] => [
  // NOT VALID: it holds for what is written from now on, and what is there obeyed a narrower rule. Checking it all
  // again would lock the table for as long as it takes to read it.
  `ALTER TABLE ${t.effects} DROP CONSTRAINT effects_state_check,
     ADD CONSTRAINT effects_state_check CHECK (state IN ('due', 'done', 'dead', 'unknown')) NOT VALID`,
  `ALTER TABLE ${t.reviews} DROP CONSTRAINT reviews_resolution_check,
     ADD CONSTRAINT reviews_resolution_check CHECK (resolution IN ('accept', 'reject', 'done', 'not-done')) NOT VALID`,

  // When a subject of which nothing was heard is read again; null: never.
  `ALTER TABLE ${t.subjects} ADD COLUMN recheck_at timestamptz,
     -- Its order was erased: no body of a delivery about it is kept any more.
     ADD COLUMN erased boolean NOT NULL DEFAULT false`,
  // What is there is read once within a week, by the server's clock for want of the kit's; what has ended leaves then.
  `UPDATE ${t.subjects} SET recheck_at = now() + random() * interval '7 days' WHERE order_ref IS NOT NULL`,
  `CREATE INDEX subjects_recheck ON ${t.subjects} (vendor, recheck_at) WHERE recheck_at IS NOT NULL`,

  `ALTER TABLE ${t.orders} ADD COLUMN erased_at timestamptz`,
  // One index for both retentions: the oldest rows with a body, and the oldest without. At its right edge, where
  // all inserts go, it costs next to nothing.
  `CREATE INDEX inbox_age ON ${t.inbox} (((raw_body IS NOT NULL)::integer), received_at)`,
];
