import type { Log, SqlPool } from '../ports.js';

type Listen = (event: string, listener: (argument: never) => void) => unknown;
type PoolWithEvents = SqlPool & { readonly on?: Listen; readonly off?: Listen };
interface Client {
  readonly on: (event: 'error', listener: () => void) => unknown;
}

/** Clients that have their listener, whichever kit of the process gave it: one is enough. */
const guarded = new WeakSet<Client>();

/**
 * A connection that dies is an `error` event, and one that nobody listens to ends the process. The pool listens
 * for idle clients and passes it on; for a client in use its borrower must. Between the two lies a gap: an answer
 * and the news of the end may come in one packet, and the borrower has not been called yet. So every client gets
 * a listener before it is handed out, for good.
 * @returns what stops the listening to the pool.
 */
export function listenForLosses(pool: PoolWithEvents, log: Log): () => void {
  const onError = (error: Error): void =>
    log({
      level: 'warn',
      event: 'database.connection-lost',
      message: 'An idle database connection was lost; the pool opens another',
      fields: { error: error.name },
    });
  const guard = (client: Client): void => guardClient(client);
  pool.on?.('acquire', guard);
  pool.on?.('error', onError);
  return () => {
    pool.off?.('acquire', guard);
    pool.off?.('error', onError);
  };
}

function guardClient(client: Client): void {
  if (guarded.has(client)) return;
  guarded.add(client);
  client.on('error', () => undefined);
}
