import type { FactSet } from '../order-facts.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import type { Tables } from './tables.js';
import { msOf } from './time.js';

export interface LockedOrder {
  readonly facts: FactSet;
  readonly createdAtMs: number;
  /** What was known of its buyer then was erased. */
  readonly isErased: boolean;
}

/** Holds an order until the transaction ends, and reads what is known of it. `null`: it is not there. */
export async function lockOrderFacts(sql: SqlClient, t: Tables, ref: string): Promise<LockedOrder | null> {
  const { first } = await query<{ facts: FactSet; created_at: number; erased: boolean }>(
    sql,
    `SELECT facts, ${msOf('created_at')} AS created_at, erased_at IS NOT NULL AS erased
       FROM ${t.orders} WHERE ref = $1 FOR UPDATE`,
    [ref],
  );
  if (first === undefined) return null;
  return { facts: first.facts, createdAtMs: first.created_at, isErased: first.erased };
}
