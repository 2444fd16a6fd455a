/**
 * A receiver as it is often written, and as it must not be: inbox row, order and facts in one statement. All parts
 * of a statement see the tables as they were when it began. Of two deliveries that race for a new order the second
 * can therefore neither insert the row (the first did) nor find it to update: it is accepted, and its fact is gone.
 */
import type pg from 'pg';
import type { World } from './world.js';

export async function makeTables({ pool, schema }: World): Promise<void> {
  await pool.query(
    `CREATE TABLE ${schema}.naive_inbox (message_id text PRIMARY KEY, order_ref text NOT NULL);
     CREATE TABLE ${schema}.naive_orders (ref text PRIMARY KEY, facts jsonb NOT NULL)`,
  );
}

/** Records one delivery as a fact of its order. Resolves after the commit, as if all were well. */
export async function receiveInOneStatement(
  pool: pg.Pool,
  { schema }: World,
  { id, reference }: { readonly id: string; readonly reference: string },
): Promise<void> {
  await pool.query(
    `WITH arrived AS (
       INSERT INTO ${schema}.naive_inbox VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING message_id, order_ref
     ), fact AS (
       SELECT order_ref AS ref, jsonb_build_object(message_id, true) AS facts FROM arrived
     ), made AS (
       INSERT INTO ${schema}.naive_orders SELECT ref, facts FROM fact ON CONFLICT (ref) DO NOTHING RETURNING ref
     )
     UPDATE ${schema}.naive_orders AS o SET facts = o.facts || fact.facts
       FROM fact WHERE o.ref = fact.ref AND NOT EXISTS (SELECT FROM made)`,
    [id, reference],
  );
}
