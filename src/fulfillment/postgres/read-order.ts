import type { OrderStatus } from '../../protocol/index.js';
import type { FactSet } from '../order-facts.js';
import type { Failure } from '../past-failure.js';
import type { SqlClient } from '../ports.js';
import { query } from './query.js';
import { selectFailure } from './select-failure.js';
import type { Tables } from './tables.js';

export interface OrderState {
  readonly status: OrderStatus;
  readonly facts: FactSet;
  /** Some page of the order heard that the checkout was confirmed, or waits for the buyer's e-mail. */
  readonly confirmationHeard: boolean;
  /** Set where it failed. */
  readonly failure: Failure | null;
}

/** @throws {Error} for an order that is not there: every attempt has one. */
export async function readOrder(sql: Pick<SqlClient, 'query'>, t: Tables, ref: string): Promise<OrderState> {
  const { first } = await query<OrderState>(
    sql,
    `SELECT status, facts,
            EXISTS (SELECT 1 FROM ${t.attempts} AS a WHERE a.order_ref = o.ref AND a.confirmation_heard)
              AS "confirmationHeard",
            ${selectFailure(t)} AS failure
       FROM ${t.orders} AS o WHERE ref = $1`,
    [ref],
  );
  if (first === undefined) throw new Error('an attempt without an order');
  return first;
}
