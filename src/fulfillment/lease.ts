import type { KitContext } from './context.js';

/** Part of a lease that a call may use; the rest is for writing down what came of it. */
const CALL_SHARE = 0.8;

/**
 * Runs a call that ends before its lease does: aborted then, and when the kit closes.
 * @param context Without `closing`: a call that a closing kit waits for.
 */
export async function withLease<T>(
  { schedule, closing }: Pick<KitContext, 'schedule'> & Partial<Pick<KitContext, 'closing'>>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  closing?.throwIfAborted();
  // One controller per call, let go of at its end: `AbortSignal.any` would stay with the kit's own signal.
  const ending = new AbortController();
  const onClosing = (): void => ending.abort(closing?.reason);
  closing?.addEventListener('abort', onClosing);
  const timer = setTimeout(
    () => ending.abort(new DOMException('the lease is over', 'TimeoutError')),
    schedule.leaseSeconds * 1000 * CALL_SHARE,
  );
  try {
    return await new Promise<T>((resolve, reject) => {
      // A call that ignores its signal must not hold the worker.
      ending.signal.addEventListener('abort', () => reject(ending.signal.reason as Error), { once: true });
      call(ending.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    closing?.removeEventListener('abort', onClosing);
  }
}
