import { decodeSignal, type Signal } from '../protocol/index.js';
import { isToken, isAttemptId, type AttemptRef } from './attempt-handles.js';
import { HandoffError } from './handoff-error.js';
import type { KeyValueStore, Timers } from './ports.js';
import { StoredList } from './stored-list.js';

/**
 * Most signals kept. A signal is at most 3 kB of JSON, so that all of them in flight at once stay below the
 * 64 KiB that browsers allow for `keepalive` requests.
 */
const MAX_ENTRIES = 20;

/** A signal older than its attempt's token would only be refused. In milliseconds. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

/** One signal with what is needed to send it, also after a reload. */
export interface OutboxEntry {
  readonly attempt: AttemptRef;
  readonly signal: Signal;
}

/**
 * Keeps each signal until the backend took it (2xx) or refused it for good. Delivery is at least once: two
 * tabs may send the same entry, and the backend folds them by `key`.
 */
export class SignalOutbox {
  readonly #entries: StoredList<OutboxEntry>;
  readonly #send: (entry: OutboxEntry) => Promise<void>;
  /** By the signal's key. */
  readonly #inFlight = new Map<string, { readonly attemptId: string; readonly done: Promise<void> }>();

  /** @param send Rejects with a {@link HandoffError} where the backend did not take the entry. */
  constructor(
    store: KeyValueStore | null,
    storeKey: string,
    timers: Timers,
    send: (entry: OutboxEntry) => Promise<void>,
  ) {
    this.#entries = new StoredList(store, storeKey, MAX_ENTRIES, (value) =>
      decodeEntry(value, timers.now() - MAX_AGE_MS),
    );
    this.#send = send;
  }

  add(entry: OutboxEntry): void {
    this.#entries.update((entries) => [...entries.filter((one) => !sameKey(one, entry)), entry]);
  }

  /**
   * Sends everything that waits and is not on its way, all at once: on `pagehide` there is no later.
   * Resolves when each was answered or failed; never rejects.
   */
  async flush(): Promise<void> {
    const due = this.#entries.read().filter(({ signal }) => !this.#inFlight.has(signal.key));
    await Promise.all(
      due.map((entry) => {
        const done = this.#deliver(entry);
        this.#inFlight.set(entry.signal.key, { attemptId: entry.attempt.id, done });
        return done;
      }),
    );
  }

  /** Whether the backend is being told of an attempt just now: what it says meanwhile may not know of it. */
  isTelling(attemptId: string): boolean {
    return this.#telling(attemptId).length > 0;
  }

  /** Resolves when what is on its way of an attempt was taken, or was not; never rejects. */
  async whenTold(attemptId: string): Promise<void> {
    await Promise.all(this.#telling(attemptId).map(({ done }) => done));
  }

  #telling(attemptId: string): readonly { readonly done: Promise<void> }[] {
    return [...this.#inFlight.values()].filter((flight) => flight.attemptId === attemptId);
  }

  async #deliver(entry: OutboxEntry): Promise<void> {
    const { key } = entry.signal;
    try {
      await this.#send(entry);
      this.#remove(entry);
    } catch (error) {
      if (isFinal(error)) this.#remove(entry);
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #remove(entry: OutboxEntry): void {
    this.#entries.update((entries) => entries.filter((one) => !sameKey(one, entry)));
  }
}

/** A refusal that the same request would meet again. */
function isFinal(error: unknown): boolean {
  const status = (error instanceof HandoffError ? error.status : null) ?? 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function sameKey(a: OutboxEntry, b: OutboxEntry): boolean {
  return a.signal.key === b.signal.key;
}

function decodeEntry(value: unknown, oldestMs: number): OutboxEntry | null {
  try {
    const { attempt, signal } = value as OutboxEntry;
    const { id, token } = attempt;
    const decoded = decodeSignal(signal);
    return isAttemptId(id) && (token === null || isToken(token)) && Date.parse(decoded.at) > oldestMs
      ? { attempt: { id, token }, signal: decoded }
      : null;
  } catch {
    return null;
  }
}
