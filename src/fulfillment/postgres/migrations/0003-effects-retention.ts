import type { Tables } from '../tables.js';

/** Effects of class `once-or-review` and the answers of a person about them. */
export const version = 3;

export const statements = (t: Tables): readonly string[] => [
  // NOT VALID: it holds for what is written from now on, and what is there obeyed a narrower rule. Checking it all
  // again would lock the table for as long as it takes to read it.
  `ALTER TABLE ${t.effects} DROP CONSTRAINT effects_state_check,
     ADD CONSTRAINT effects_state_check CHECK (state IN ('due', 'done', 'dead', 'unknown')) NOT VALID`,
  `ALTER TABLE ${t.reviews} DROP CONSTRAINT reviews_resolution_check,
     ADD CONSTRAINT reviews_resolution_check CHECK (resolution IN ('accept', 'reject', 'done', 'not-done')) NOT VALID`,
];
