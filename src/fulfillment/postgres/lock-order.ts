import type { SqlClient } from '../ports.js';
import type { Tables } from './tables.js';

/** Holds an order until the transaction ends. Locked before any of its effects or subjects, as everywhere. */
export async function lockOrder(sql: SqlClient, t: Tables, ref: string): Promise<void> {
  await sql.query(`SELECT 1 FROM ${t.orders} WHERE ref = $1 FOR UPDATE`, [ref]);
}
