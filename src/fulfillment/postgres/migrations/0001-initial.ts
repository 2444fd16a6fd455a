import type { Tables } from '../tables.js';

/** The first schema. */
export const version = 1;

/**
 * Times are the kit's clock, never the server's, so that one clock decides. `facts` alone is jsonb; a vendor's
 * bytes are kept as bytea, because signed JSON may hold what jsonb refuses (`\u0000`, a lone surrogate).
 */
export const statements = (t: Tables): readonly string[] => [
  `CREATE TABLE ${t.orders} (
     ref text PRIMARY KEY,
     vendor text NOT NULL,
     -- What the host's option said when a subscription without a reference made this order; else null.
     unreferenced text CHECK (unreferenced IN ('fulfill', 'review')),
     facts jsonb NOT NULL,
     status text NOT NULL,
     version integer NOT NULL,
     -- Nobody here issued this reference yet; at this time the waiting ends.
     parked_until timestamptz,
     created_at timestamptz NOT NULL,
     updated_at timestamptz NOT NULL
   )`,
  `CREATE INDEX orders_parked ON ${t.orders} (parked_until) WHERE parked_until IS NOT NULL`,
  `CREATE INDEX orders_created ON ${t.orders} (created_at DESC, ref)`,

  `CREATE TABLE ${t.transitions} (
     order_ref text NOT NULL REFERENCES ${t.orders},
     version integer NOT NULL,
     from_status text,
     to_status text NOT NULL,
     cause text NOT NULL,
     at timestamptz NOT NULL,
     PRIMARY KEY (order_ref, version)
   )`,

  `CREATE TABLE ${t.effects} (
     order_ref text NOT NULL REFERENCES ${t.orders},
     kind text NOT NULL CHECK (kind IN ('fulfill', 'revoke')),
     epoch text NOT NULL,
     state text NOT NULL CHECK (state IN ('due', 'done', 'dead')),
     -- False: withdrawn by a later decision. No worker may claim it until it is wanted again.
     wanted boolean NOT NULL,
     -- Work outside our transaction may have happened.
     begun boolean NOT NULL DEFAULT false,
     evidence jsonb NOT NULL,
     tries integer NOT NULL DEFAULT 0,
     max_tries integer NOT NULL,
     run_at timestamptz NOT NULL,
     lease_token uuid,
     lease_until timestamptz,
     last_error text,
     done_at timestamptz,
     PRIMARY KEY (order_ref, kind, epoch)
   )`,
  `CREATE INDEX effects_due ON ${t.effects} (kind, run_at) WHERE state = 'due' AND wanted`,

  `CREATE TABLE ${t.reviews} (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     order_ref text REFERENCES ${t.orders},
     vendor text NOT NULL,
     key text NOT NULL,
     reason text NOT NULL,
     evidence jsonb NOT NULL,
     opened_at timestamptz NOT NULL,
     resolved_at timestamptz,
     resolution text CHECK (resolution IN ('accept', 'reject')),
     -- When to tell the merchant next; null once told.
     notify_at timestamptz,
     notify_tries integer NOT NULL DEFAULT 0
   )`,
  `CREATE UNIQUE INDEX reviews_key ON ${t.reviews} (coalesce(order_ref, ''), key)`,
  `CREATE INDEX reviews_notify ON ${t.reviews} (notify_at) WHERE notify_at IS NOT NULL`,

  `CREATE TABLE ${t.inbox} (
     vendor text NOT NULL,
     source text NOT NULL CHECK (source IN ('delivery', 'refetch', 'reconcile')),
     message_id text NOT NULL,
     received_at timestamptz NOT NULL,
     topic text NOT NULL,
     subject text,
     order_ref text,
     outcome text NOT NULL CHECK (outcome IN ('applied', 'waiting', 'ignored', 'unreadable')),
     why text,
     raw_body bytea,
     PRIMARY KEY (vendor, source, message_id)
   )`,
  `CREATE INDEX inbox_order ON ${t.inbox} (order_ref, received_at) WHERE order_ref IS NOT NULL`,
  `CREATE INDEX inbox_subject ON ${t.inbox} (vendor, subject) WHERE subject IS NOT NULL`,

  `CREATE TABLE ${t.subjects} (
     vendor text NOT NULL,
     subject text NOT NULL,
     order_ref text,
     dirty_gen integer NOT NULL,
     clean_gen integer NOT NULL,
     failures integer NOT NULL DEFAULT 0,
     next_fetch_at timestamptz NOT NULL,
     lease_token uuid,
     lease_until timestamptz,
     last_error text,
     PRIMARY KEY (vendor, subject)
   )`,
  `CREATE INDEX subjects_dirty ON ${t.subjects} (next_fetch_at) WHERE dirty_gen > clean_gen`,
  `CREATE INDEX subjects_order ON ${t.subjects} (order_ref) WHERE order_ref IS NOT NULL`,

  `CREATE TABLE ${t.attempts} (
     id text PRIMARY KEY,
     vendor text NOT NULL,
     order_ref text NOT NULL REFERENCES ${t.orders},
     -- SHA-256 of who opened it; null: nobody was logged in.
     identity bytea,
     -- SHA-256 of who, what and the Idempotency-Key.
     start_key bytea,
     active boolean NOT NULL,
     plan_id text,
     amount_minor bigint,
     currency text,
     created_at timestamptz NOT NULL,
     -- The last time the buyer was given something to buy with; the schedule of questions starts here.
     last_token_at timestamptz NOT NULL,
     -- Why the last checkout went on without our reference; null while it should carry it.
     unbound text,
     last_signal_at timestamptz,
     -- The page heard CONFIRMED or PENDING_VERIFICATION.
     confirmation_heard boolean NOT NULL DEFAULT false,
     -- When the vendor was last asked and had nothing; null once it had something.
     asked_empty_at timestamptz,
     reconcile_step integer NOT NULL DEFAULT 0,
     signal_step integer,
     reconcile_failures integer NOT NULL DEFAULT 0,
     next_reconcile_at timestamptz,
     reconcile_token uuid
   )`,
  `CREATE UNIQUE INDEX attempts_active ON ${t.attempts} (vendor, order_ref) WHERE active`,
  `CREATE UNIQUE INDEX attempts_start_key ON ${t.attempts} (start_key) WHERE start_key IS NOT NULL`,
  `CREATE INDEX attempts_order ON ${t.attempts} (order_ref)`,
  `CREATE INDEX attempts_reconcile ON ${t.attempts} (next_reconcile_at) WHERE next_reconcile_at IS NOT NULL`,

  `CREATE TABLE ${t.attemptTokens} (
     attempt_id text NOT NULL REFERENCES ${t.attempts} ON DELETE CASCADE,
     token_hash bytea NOT NULL,
     created_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     PRIMARY KEY (attempt_id, token_hash)
   )`,

  `CREATE TABLE ${t.signals} (
     attempt_id text NOT NULL REFERENCES ${t.attempts} ON DELETE CASCADE,
     key text NOT NULL,
     kind text NOT NULL,
     status text,
     reason text,
     plan_version_id text,
     plan_item_id text,
     -- The page's clock, as it wrote it.
     page_at text NOT NULL,
     received_at timestamptz NOT NULL,
     PRIMARY KEY (attempt_id, key)
   )`,
];
