import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** Takes the buyer out of an order's effects; what an effect's error said may name them too. The rows stay for ever. */
export async function eraseEffects(sql: SqlClient, t: Tables, ref: string): Promise<void> {
  await sql.query(
    `UPDATE ${t.effects} SET evidence = evidence - 'customerId', last_error = NULL WHERE order_ref = $1`,
    [ref],
  );
}
