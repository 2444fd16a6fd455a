import type { SqlClient, SqlPool } from '../ports.js';

export type Connection = Awaited<ReturnType<SqlPool['connect']>> & {
  readonly on?: (event: 'error', listener: (error: Error) => void) => unknown;
  readonly off?: (event: 'error', listener: (error: Error) => void) => unknown;
};

/**
 * Takes a connection for the time of `work` and gives it back whatever comes of it.
 * @param work May call `spoil` for a connection in an unknown state: the pool must not hand it out again.
 */
export async function borrowConnection<T>(
  pool: Pick<SqlPool, 'connect'>,
  work: (sql: SqlClient, spoil: (error: Error) => void) => Promise<T>,
): Promise<T> {
  const connection: Connection = await pool.connect();
  let broken: Error | undefined;
  // A connection that dies while it is ours says so twice: to the query, and as an event that would end the
  // process if nobody listened. `pg-pool` listens only while the client is idle.
  const spoil = (error: Error): void => {
    broken = error;
  };
  connection.on?.('error', spoil);
  try {
    return await work(connection, spoil);
  } finally {
    connection.off?.('error', spoil);
    connection.release(broken);
  }
}
