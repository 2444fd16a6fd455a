import type { Tables } from '../tables.js';

/** For bursts of deliveries. */
export const version = 2;

/**
 * A transition is written by the statement that writes its order, or by the transaction that holds its lock, and
 * an order never goes: the foreign key could not fail. Checking it, row by row, took a third of that statement.
 */
export const statements = (t: Tables): readonly string[] => [
  `ALTER TABLE ${t.transitions} DROP CONSTRAINT transitions_order_ref_fkey`,
];
