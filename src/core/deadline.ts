import { HandoffError } from './handoff-error.js';
import type { Timers } from './ports.js';

/** How long one answer may take, in milliseconds. */
export const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Runs something that must end. Rejects with `outer`'s reason when the caller gives up, and with a `timeout`
 * when nothing came in {@link ANSWER_TIMEOUT_MS}, also where `run` ignores its signal. `run` may move the
 * deadline with `arm(ms)`. At the end no timer and no listener is left, and the inner signal is aborted, so
 * that a half-read body is closed.
 * @param asked What was asked: the method and the URL, which holds no token.
 */
export function withDeadline<T>(
  timers: Timers,
  outer: AbortSignal | null,
  run: (signal: AbortSignal, arm: (ms: number) => void) => Promise<T>,
  asked = 'The backend',
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const inner = new AbortController();
    let timer: unknown;
    const end = (): void => {
      timers.clear(timer);
      outer?.removeEventListener('abort', cancel);
      inner.abort();
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const cancel = (): void => fail(outer?.reason as Error);
    const arm = (ms: number): void => {
      timers.clear(timer);
      if (inner.signal.aborted) return;
      timer = timers.set(
        () => fail(new HandoffError('timeout', `${asked} gave no answer within ${ms} ms`)),
        ms,
      );
    };
    if (outer?.aborted === true) {
      cancel();
      return;
    }
    outer?.addEventListener('abort', cancel);
    arm(ANSWER_TIMEOUT_MS);
    // Called in this very task, for there may be no later one; a throw becomes a rejection.
    (async () => run(inner.signal, arm))().then((value) => {
      end();
      resolve(value);
    }, fail);
  });
}

/** The promise, for one of several who wait for it: rejects with `signal`'s reason as soon as this one gives up. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave);
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** Waits. Ends early, without an error, when `signal` is aborted or `onWait`'s argument is called. */
export function pause(
  timers: Timers,
  ms: number,
  signal?: AbortSignal,
  onWait?: (wake: () => void) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timers.clear(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = timers.set(done, ms);
    signal?.addEventListener('abort', done);
    onWait?.(done);
  });
}
