import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

export interface ErasedAttempts {
  readonly attempts: number;
  readonly tokens: number;
  readonly signals: number;
}

/**
 * Drops who opened an order's attempts, their tokens, all that their pages told, where these lay and which hosted
 * checkouts their buyer was sent to. The identity becomes one that is nobody's: an attempt without one would be the next
 * login's. Nonces and keys stay: money that comes late must still find its attempt.
 */
export async function eraseAttempts(sql: SqlClient, t: Tables, ref: string): Promise<ErasedAttempts> {
  const { first } = await query<ErasedAttempts>(
    sql,
    `WITH erased AS (
       UPDATE ${t.attempts} SET start_key = NULL, identity = sha256(gen_random_uuid()::text::bytea)
        WHERE order_ref = $1 RETURNING id
     ), tokens AS (
       DELETE FROM ${t.attemptTokens} WHERE attempt_id IN (SELECT id FROM erased) RETURNING 1
     ), checkouts AS (
       UPDATE ${t.redirectSessions} SET success_url = '', cancel_url = '', session_id = NULL, checkout_url = NULL
        WHERE attempt_id IN (SELECT id FROM erased)
     ), signals AS (
       DELETE FROM ${t.signals} WHERE attempt_id IN (SELECT id FROM erased) RETURNING 1
     )
     SELECT (SELECT count(*)::integer FROM erased) AS attempts,
            (SELECT count(*)::integer FROM tokens) AS tokens,
            (SELECT count(*)::integer FROM signals) AS signals`,
    [ref],
  );
  return first ?? { attempts: 0, tokens: 0, signals: 0 };
}
