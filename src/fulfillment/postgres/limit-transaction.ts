import type { SqlClient } from '../ports.js';

/** Lets the server end a transaction whose owner hangs, statement by statement or between two. */
export async function limitTransaction(sql: SqlClient, ms: number): Promise<void> {
  await sql.query(
    `SELECT set_config('statement_timeout', $1, true),
            set_config('idle_in_transaction_session_timeout', $1, true)`,
    [String(Math.ceil(ms))],
  );
}
