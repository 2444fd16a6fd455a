import type { Tables } from '../tables.js';

/** Vendors whose deliveries prove nothing: the names of what is linked, what nobody linked yet, and acknowledging. */
export const version = 6;

export const statements = (t: Tables): readonly string[] => [
  // Every name of a linked subject, its own among them. One name is one purchase for ever.
  `CREATE TABLE ${t.subjectNames} (
     vendor text NOT NULL,
     name text NOT NULL,
     subject text NOT NULL,
     PRIMARY KEY (vendor, name)
   )`,

  // Names in unsigned deliveries that nobody here has linked yet. Bounded, so that guessing cannot fill a disk.
  `CREATE TABLE ${t.parkedTriggers} (
     vendor text NOT NULL,
     name text NOT NULL,
     -- The other name in the same delivery; believed no more than the rest of it.
     alias text,
     -- What only the delivery brings and the merchant needs to make the order. Gone with the row.
     secret text,
     -- How often it was heard of: what came while it was looked up is seen by it.
     generation integer NOT NULL,
     first_at timestamptz NOT NULL,
     last_at timestamptz NOT NULL,
     next_look_at timestamptz NOT NULL,
     -- Looks that found nothing to go by, and calls since the last look that failed.
     looks integer NOT NULL DEFAULT 0,
     failures integer NOT NULL DEFAULT 0,
     -- Whether the vendor knows it, by the last look.
     known boolean NOT NULL DEFAULT false,
     lease_token uuid,
     last_error text,
     PRIMARY KEY (vendor, name)
   )`,
  `CREATE INDEX parked_triggers_due ON ${t.parkedTriggers} (vendor, next_look_at)`,

  // When a trigger last named the subject: it is read again for a while after.
  `ALTER TABLE ${t.subjects} ADD COLUMN triggered_at timestamptz`,

  // NOT VALID: what is there obeyed a narrower rule.
  `ALTER TABLE ${t.effects} DROP CONSTRAINT effects_kind_check,
     ADD CONSTRAINT effects_kind_check CHECK (kind IN ('fulfill', 'revoke', 'acknowledge')) NOT VALID`,
];
