import type { Tables } from '../tables.js';

/** Checkouts that a buyer is sent to, payments that prove themselves, and money that settles later. */
export const version = 7;

/**
 * **Order of locks: attempt keys by `key`, then orders by `ref`, then all else.** A delivery takes its attempt's key
 * before the order it then learns of; so does whoever gives an attempt its key.
 */
export const statements = (t: Tables): readonly string[] => [
  // One per attempt of a vendor with a hosted checkout. What the vendor is told under a nonce never changes.
  `CREATE TABLE ${t.redirectSessions} (
     attempt_id text PRIMARY KEY REFERENCES ${t.attempts},
     nonce text NOT NULL UNIQUE,
     success_url text NOT NULL,
     cancel_url text NOT NULL,
     -- From the vendor's answer, all at once, before the buyer goes there.
     session_id text,
     checkout_url text,
     expires_at timestamptz,
     -- When the vendor last said that it is live.
     checked_at timestamptz,
     -- When the vendor first said that it is paid.
     paid_seen_at timestamptz,
     -- The last call that may have made a session.
     called_at timestamptz,
     -- Who is calling the vendor now.
     open_token uuid,
     open_lease_until timestamptz
   )`,

  // What a delivery names, and whose it is. A row never leaves: late money must still find its attempt.
  `CREATE TABLE ${t.attemptKeys} (
     vendor text NOT NULL,
     key text NOT NULL,
     -- Null: a delivery came before its attempt.
     attempt_id text REFERENCES ${t.attempts},
     -- A person looks at what waits from then on. Null: nothing waits, or one was told.
     parked_until timestamptz,
     PRIMARY KEY (vendor, key)
   )`,
  `CREATE INDEX attempt_keys_parked ON ${t.attemptKeys} (parked_until) WHERE parked_until IS NOT NULL`,
  `CREATE INDEX attempt_keys_attempt ON ${t.attemptKeys} (attempt_id) WHERE attempt_id IS NOT NULL`,

  // Proven payments without an attempt. They leave with the transaction that applies them.
  `CREATE TABLE ${t.parkedPayments} (
     vendor text NOT NULL,
     key text NOT NULL,
     message_id text NOT NULL,
     subject text NOT NULL,
     payment jsonb NOT NULL,
     received_at timestamptz NOT NULL,
     PRIMARY KEY (vendor, key, message_id)
   )`,

  // How the money of an order stands whose payment was only accepted; null: none was.
  `ALTER TABLE ${t.orders} ADD COLUMN settlement text`,
  `CREATE INDEX orders_settlement ON ${t.orders} (settlement, created_at DESC, ref) WHERE settlement IS NOT NULL`,
  `CREATE INDEX orders_outstanding ON ${t.orders} (vendor, ref) WHERE settlement IN ('unsettled', 'past_due')`,

  // When the statements of a vendor are read next, and by whom.
  `CREATE TABLE ${t.settlementReadings} (
     vendor text PRIMARY KEY,
     generation integer NOT NULL DEFAULT 0,
     next_at timestamptz NOT NULL,
     failures integer NOT NULL DEFAULT 0,
     token uuid
   )`,
];
