import type { Log, SqlPool } from '../ports.js';

type Listen = (event: string, listener: (argument: never) => void) => unknown;
type PoolWithEvents = SqlPool & { readonly on?: Listen; readonly off?: Listen };
interface Client {
  readonly on: (event: 'error', listener: () => void) => unknown;
}

/** Pools and clients that have their listener, whichever kit of the process gave it: one is enough. */
const guarded = new WeakSet<object>();

/**
 * A connection that dies is an `error` event, and one that nobody listens to ends the process. The pool listens
 * for idle clients and passes it on; for a client in use its borrower must. Between the two lies a gap: an answer
 * and the news of the end may come in one packet, and the borrower has not been called yet. So every client gets
 * a listener before it is handed out, for good; and so does the pool, which outlives the kit: between the kit's end and
 * the pool's own, a connection may be lost as well.
 * @returns what stops the telling.
 */
export function listenForLosses(pool: PoolWithEvents, log: Log): () => void {
  const onError = (error: Error): void =>
    log({
      level: 'warn',
      event: 'database.connection-lost',
      message: 'An idle database connection was lost; the pool opens another',
      fields: { error: error.name },
    });
  if (!guarded.has(pool)) {
    guarded.add(pool);
    pool.on?.('acquire', guardClient);
    pool.on?.('error', () => undefined);
  }
  pool.on?.('error', onError);
  return () => void pool.off?.('error', onError);
}

function guardClient(client: Client): void {
  if (guarded.has(client)) return;
  guarded.add(client);
  client.on('error', () => undefined);
}
