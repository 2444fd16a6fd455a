/** How long does the kit wait for a database that says nothing? */
import type { SqlClient, SqlPool } from '../ports.js';
import { borrowConnection, type Connection } from './borrow-connection.js';
import { StatementNames, type PreparingClient } from './prepared.js';

/** The database took too long to hand out a connection, or to answer on it. The connection was given up. */
export class DatabaseSilentError extends Error {
  override readonly name = 'DatabaseSilentError';
  /** A socket's own code for it: whoever asks is told that the database cannot be reached. */
  readonly code = 'ETIMEDOUT';
}

/**
 * The host's pool, with an end to every wait. A server that vanishes without a word (a failover, a firewall that
 * forgets) leaves connections on which no answer ever comes; one such wait would hold the one batch in flight, and
 * with it every delivery to this process, for good. What was silent for too long is thrown away.
 *
 * Whether the last statement was done is then unknown, as with every lost connection: a delivery is sent again and
 * found recorded, an effect of class `transaction` is claimed again and run only if its row is not done.
 * @param silenceMs Longest wait for a connection, and for the answer to one statement, in milliseconds.
 */
export function patientPool(pool: SqlPool, silenceMs: number): SqlPool {
  const names = new StatementNames();
  const connect = async (): Promise<Connection> => {
    const connecting = pool.connect();
    return patient(
      await within(silenceMs, connecting, () => {
        // One that comes too late goes back unused.
        connecting.then(
          (late) => late.release(),
          () => undefined,
        );
      }),
      silenceMs,
      names,
    );
  };
  return {
    connect,
    query: (text, values) => borrowConnection({ connect }, (sql) => sql.query(text, values)),
  };
}

function patient(
  connection: Connection,
  silenceMs: number,
  names: StatementNames,
): Connection & PreparingClient {
  let silence: DatabaseSilentError | undefined;
  const patiently: SqlClient['query'] = (text, values) => {
    if (silence !== undefined) return Promise.reject(silence);
    return within(silenceMs, connection.query(text, values), (silent) => {
      silence = silent;
      // Given back as broken it is destroyed, which also ends the wait inside the driver.
      connection.release(silent);
    });
  };
  return {
    query: patiently,
    // `pg` takes a named statement in the place of a text.
    queryPrepared: (text, values) => names.query(text, (statement) => patiently(statement as string, values)),
    release: (error) => {
      if (silence === undefined) connection.release(error);
    },
    ...(connection.on === undefined ? {} : { on: connection.on.bind(connection) }),
    ...(connection.off === undefined ? {} : { off: connection.off.bind(connection) }),
  };
}

/** @param onSilence Called once when the time is over; what comes of `answer` later is dropped. */
function within<T>(
  ms: number,
  answer: Promise<T>,
  onSilence: (silent: DatabaseSilentError) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const silent = new DatabaseSilentError(`the database did not answer within ${ms} ms`);
      onSilence(silent);
      reject(silent);
    }, ms);
    const settled =
      <V>(settle: (value: V) => void) =>
      (value: V): void => {
        clearTimeout(timer);
        settle(value);
      };
    answer.then(settled(resolve), settled(reject));
  });
}
