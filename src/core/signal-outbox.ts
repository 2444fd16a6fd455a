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
  /** The page's key, as `keyOf` gives it, as long as the backend has given no attempt: then nothing is sent. */
  readonly attempt: AttemptRef | string;
  readonly signal: Signal;
}

/** One that can be sent. */
type AddressedEntry = OutboxEntry & { readonly attempt: AttemptRef };

/**
 * Keeps each signal until the backend took it (2xx) or refused it for good. Delivery is at least once: two
 * tabs may send the same entry, and the backend folds them by `key`.
 */
export class SignalOutbox {
  readonly #entries: StoredList<OutboxEntry>;
  readonly #send: (entry: AddressedEntry) => Promise<void>;
  readonly #inFlight = new Set<string>();

  /** @param send Rejects with a {@link HandoffError} where the backend did not take the entry. */
  constructor(
    store: KeyValueStore | null,
    storeKey: string,
    timers: Timers,
    send: (entry: AddressedEntry) => Promise<void>,
  ) {
    this.#entries = new StoredList(store, storeKey, MAX_ENTRIES, (value) =>
      decodeEntry(value, timers.now() - MAX_AGE_MS),
    );
    this.#send = send;
  }

  add(entry: OutboxEntry): void {
    this.#entries.update((entries) => [...entries.filter((one) => !sameKey(one, entry)), entry]);
  }

  /** The attempt has begun: what was heard before it goes with the next {@link flush}, in its order. */
  address(pageKey: string, attempt: AttemptRef): void {
    if (!this.#entries.read().some((entry) => entry.attempt === pageKey)) return;
    this.#entries.update((entries) =>
      entries.map((entry) => (entry.attempt === pageKey ? { ...entry, attempt } : entry)),
    );
  }

  /** No attempt comes, or the next is another: what was heard before is not its. */
  drop(pageKey: string): void {
    this.#entries.update((entries) => entries.filter(({ attempt }) => attempt !== pageKey));
  }

  /**
   * Sends everything that waits and is not on its way, all at once: on `pagehide` there is no later.
   * Resolves when each was answered or failed; never rejects.
   */
  async flush(): Promise<void> {
    const due = this.#entries
      .read()
      .filter(isAddressed)
      .filter(({ signal }) => !this.#inFlight.has(signal.key));
    await Promise.all(due.map((entry) => this.#deliver(entry)));
  }

  async #deliver(entry: AddressedEntry): Promise<void> {
    const { key } = entry.signal;
    this.#inFlight.add(key);
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

function isAddressed(entry: OutboxEntry): entry is AddressedEntry {
  return typeof entry.attempt !== 'string';
}

/** A refusal that the same request would meet again. */
export function isFinal(error: unknown): boolean {
  const status = (error instanceof HandoffError ? error.status : null) ?? 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function sameKey(a: OutboxEntry, b: OutboxEntry): boolean {
  return a.signal.key === b.signal.key;
}

function decodeEntry(value: unknown, oldestMs: number): OutboxEntry | null {
  try {
    const { attempt, signal } = value as OutboxEntry;
    const decoded = decodeSignal(signal);
    if (Date.parse(decoded.at) <= oldestMs) return null;
    if (typeof attempt === 'string') return { attempt, signal: decoded };
    const { id, token } = attempt;
    return isAttemptId(id) && (token === null || isToken(token))
      ? { attempt: { id, token }, signal: decoded }
      : null;
  } catch {
    return null;
  }
}
