import type { KitContext } from './context.js';

/** Part of a lease that a call may use; the rest is for writing down what came of it. */
const CALL_SHARE = 0.8;

/** Runs a call that ends before its lease does: aborted then, and when the kit closes. */
export function withLease<T>(
  context: Pick<KitContext, 'schedule' | 'closing'>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lease = AbortSignal.timeout(context.schedule.leaseSeconds * 1000 * CALL_SHARE);
  const signal = AbortSignal.any([lease, context.closing]);
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    // A call that ignores its signal must not hold the worker.
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    call(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
