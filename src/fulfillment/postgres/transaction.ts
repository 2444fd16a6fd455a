import { setTimeout as pause } from 'node:timers/promises';
import type { SqlClient, SqlPool } from '../ports.js';
import { borrowConnection } from './borrow-connection.js';
import { isForeignConnection } from './prepared.js';
import { isRepeatable } from './sql-state.js';

/** How often a transaction that met another one is done again. */
const MAX_TRIES = 6;
/** Longest pause before the second try, in milliseconds; grows with each. */
const PAUSE_MS = 10;

/**
 * Opens a transaction whose commit is on disk when it returns. A host may have turned that off for its own
 * work; a stronger setting of the host (`remote_apply`, `remote_write`) is left as it is.
 */
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED;
  SELECT set_config('synchronous_commit', 'on', true)
   WHERE current_setting('synchronous_commit') IN ('off', 'local')`;

/**
 * As {@link BEGIN}, for kept statements: their plans are kept too, and one that was made while a table was small
 * must not read it from end to end once it is large.
 */
const BEGIN_BY_INDEX = `${BEGIN}; SET LOCAL enable_seqscan = off`;

/**
 * Runs `work` in one transaction and commits it; whatever `work` throws rolls it back and is thrown on.
 * Deadlock and serialization failures repeat the whole of `work`, which must therefore do SQL and pure
 * deciding, nothing else.
 */
export function transaction<T>(pool: SqlPool, work: (sql: SqlClient) => Promise<T>): Promise<T> {
  return untilItPasses(() => transactionOnce(pool, work));
}

/**
 * As {@link transaction}, with statements that are kept on the connection: for the one that runs all the time.
 * @param committing Called when the commit is on its way and only its answer is awaited.
 */
export function preparedTransaction<T>(
  pool: SqlPool,
  work: (sql: SqlClient) => Promise<T>,
  committing?: () => void,
): Promise<T> {
  return untilItPasses(() => runOnce(pool, BEGIN_BY_INDEX, work, committing));
}

/** As {@link transaction}, for work that must not be done twice by itself, such as the merchant's. */
export function transactionOnce<T>(pool: SqlPool, work: (sql: SqlClient) => Promise<T>): Promise<T> {
  // Nothing is kept here: these plans are made under the host's own settings.
  return runOnce(pool, BEGIN, (sql) => work({ query: (text, values) => sql.query(text, values) }));
}

async function untilItPasses<T>(once: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await once();
    } catch (error) {
      if (!(isRepeatable(error) || isForeignConnection(error)) || tries === MAX_TRIES) throw error;
      await pause(Math.random() * PAUSE_MS * tries);
    }
  }
}

function runOnce<T>(
  pool: SqlPool,
  begin: string,
  work: (sql: SqlClient) => Promise<T>,
  committing?: () => void,
): Promise<T> {
  return borrowConnection(pool, async (sql, spoil) => {
    try {
      await sql.query(begin);
      const result = await work(sql);
      const committed = sql.query('COMMIT');
      committing?.();
      await committed;
      return result;
    } catch (error) {
      // A connection that cannot roll back is in an unknown state.
      await sql.query('ROLLBACK').catch((cause: unknown) => {
        spoil(cause instanceof Error ? cause : new Error('rollback failed', { cause }));
      });
      throw error;
    }
  });
}
