import type { SqlClient } from './ports.js';

/** What job queues on PostgreSQL call a database: pg-boss's `db` option, for one. */
export interface ExecutesSql {
  executeSql(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/**
 * Lets a job queue write into the transaction of a {@link transactionEffect}: the job is there if and only if the
 * effect is marked as done.
 *
 *     transactionEffect(async ({ tx, key, order }) => {
 *       await boss.send('ship', { key, orderRef: order.ref }, { db: toExecuteSql(tx) });
 *     });
 *
 * The queue's tables must be in the kit's database.
 */
export function toExecuteSql(tx: SqlClient): ExecutesSql {
  return {
    executeSql: async (text, values) => ({ rows: [...(await tx.query(text, values)).rows] }),
  };
}
