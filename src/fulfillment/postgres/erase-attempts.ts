import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';

export interface ErasedAttempts {
  readonly attempts: number;
  readonly tokens: number;
  readonly signals: number;
}

/**
 * Drops who opened an order's attempts, their tokens and all that their pages told. The identity becomes one that is
 * nobody's: an attempt without one would be the next login's.
 */
export async function eraseAttempts(sql: SqlClient, t: Tables, ref: string): Promise<ErasedAttempts> {
  const { first } = await query<ErasedAttempts>(
    sql,
    `WITH erased AS (
       UPDATE ${t.attempts} SET start_key = NULL, identity = sha256(gen_random_uuid()::text::bytea)
        WHERE order_ref = $1 RETURNING id
     ), tokens AS (
       DELETE FROM ${t.attemptTokens} WHERE attempt_id IN (SELECT id FROM erased) RETURNING 1
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
