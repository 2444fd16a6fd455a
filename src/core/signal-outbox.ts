import { decodeSignal, PROTOCOL_VERSION, type Signal, type SignalKind } from '../protocol/index.js';
import { isToken, isAttemptId, type AttemptRef } from './attempt-handles.js';
import { pause } from './deadline.js';
import { HandoffError, isRefusal, mayPass } from './handoff-error.js';
import type { KeyValueStore, Timers } from './ports.js';
import { StoredList } from './stored-list.js';

/**
 * Most signals kept. A signal is at most 3 kB of JSON, so that all of them in flight at once stay below the
 * 64 KiB that browsers allow for `keepalive` requests.
 */
const MAX_ENTRIES = 20;

/** A signal older than its attempt's token would only be refused. In milliseconds. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

/** How long what failed waits before it is sent again beside a question, in milliseconds; then twice as long, and so on. */
const RESEND_MS = 5_000;

/** The longest of these waits, in milliseconds. */
const MAX_RESEND_MS = 60_000;

/** How often something else must answer in the place of `/signals`, while the backend answers all else, to have no such route. */
const STRAYS = 2;

/** From what a later word makes superfluous to what must not be lost. */
const STRENGTH: readonly SignalKind[] = [
  'returned',
  'closed',
  'initiated',
  'away',
  'error',
  'pending',
  'confirmed',
];

/** What the page heard, before it has a key and a time. */
export type SignalDraft = Omit<Signal, 'v' | 'key' | 'at'>;

/** One signal with what is needed to send it, also after a reload. */
export interface OutboxEntry {
  readonly attempt: AttemptRef;
  readonly signal: Signal;
}

/**
 * Keeps each signal until the backend took it (2xx) or refused it for good, by the protocol: what else answers in its
 * place, as a deploy does, is not the backend's word. Delivery is at least once: two tabs may send the same entry, and the
 * backend folds them by `key`.
 */
export class SignalOutbox {
  readonly #entries: StoredList<OutboxEntry>;
  readonly #timers: Timers;
  readonly #send: (entry: OutboxEntry) => Promise<void>;
  /** By the signal's key. */
  readonly #inFlight = new Map<string, { readonly attemptId: string; readonly done: Promise<void> }>();
  /** What failed, by the signal's key, and until when it waits, in milliseconds since the epoch. */
  readonly #failed = new Map<string, { readonly waitMs: number; readonly untilMs: number }>();
  /** Attempts of which a signal was refused for good. */
  readonly #refused = new Set<string>();
  /** The backend has answered something else since the last stray answer. */
  #hasAnswered = false;
  #strays = 0;

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
    this.#timers = timers;
    this.#send = send;
  }

  /** Of one attempt one `returned` waits: another says no more. Where there is no room the weakest kinds go first. */
  add(entry: OutboxEntry): void {
    const { attempt, signal } = entry;
    const waits = (one: OutboxEntry): boolean =>
      one.attempt.id === attempt.id && one.signal.kind === 'returned';
    this.#entries.update((entries) =>
      signal.kind === 'returned' && entries.some(waits)
        ? entries
        : withoutWeakest(
            [...entries.filter((one) => !sameKey(one, entry)), entry],
            MAX_ENTRIES,
            (one) => one.signal,
          ),
    );
  }

  /**
   * Sends everything that waits and is not on its way, all at once: on `pagehide` there is no later.
   * Resolves when each was answered or failed; never rejects.
   */
  flush(): Promise<void> {
    return this.#sendAll(() => true);
  }

  /** As {@link flush}, but for what failed only a moment ago. */
  resend(): Promise<void> {
    const nowMs = this.#timers.now();
    return this.#sendAll(({ signal }) => (this.#failed.get(signal.key)?.untilMs ?? 0) <= nowMs);
  }

  /**
   * Whether the backend may not know all that was heard of an attempt: a signal is on its way, waits, or was refused for
   * good. One that waits counts no more once {@link STRAYS} sendings have met something else than the protocol, each after
   * the backend itself had answered another call: it is made by hand, then, and has no such route.
   */
  isUntold(attemptId: string): boolean {
    const waits = ({ attempt }: OutboxEntry): boolean => attempt.id === attemptId;
    return (
      this.isRefused(attemptId) ||
      this.#flights(attemptId).length > 0 ||
      (this.#strays < STRAYS && this.#entries.read().some(waits))
    );
  }

  /** Whether a signal of this attempt was refused for good, and was not {@link forgive}n since. */
  isRefused(attemptId: string): boolean {
    return this.#refused.has(attemptId);
  }

  /** All that it was to be told is told again. */
  forgive(attemptId: string): void {
    this.#refused.delete(attemptId);
  }

  /** The backend has answered another call, by the protocol. */
  noteAnswer(): void {
    this.#hasAnswered = true;
  }

  /** Resolves when an attempt is untold no more, and sends what waits until then. Ends early when `signal` is aborted. */
  async whenTold(attemptId: string, signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted || !this.isUntold(attemptId);
    await this.#landed(attemptId);
    while (!isOver()) {
      await pause(this.#timers, RESEND_MS, signal);
      if (!isOver()) void this.resend();
      await this.#landed(attemptId);
    }
  }

  async #landed(attemptId: string): Promise<void> {
    await Promise.all(this.#flights(attemptId).map(({ done }) => done));
  }

  #flights(attemptId: string): readonly { readonly done: Promise<void> }[] {
    return [...this.#inFlight.values()].filter((flight) => flight.attemptId === attemptId);
  }

  async #sendAll(isDue: (entry: OutboxEntry) => boolean): Promise<void> {
    const due = this.#entries.read().filter((one) => !this.#inFlight.has(one.signal.key) && isDue(one));
    await Promise.all(
      due.map((entry) => {
        const done = this.#deliver(entry);
        this.#inFlight.set(entry.signal.key, { attemptId: entry.attempt.id, done });
        return done;
      }),
    );
  }

  async #deliver(entry: OutboxEntry): Promise<void> {
    const { key } = entry.signal;
    try {
      await this.#send(entry);
      this.#strays = 0;
      this.#remove(entry);
    } catch (error) {
      if (isRefusal(error)) {
        this.#refused.add(entry.attempt.id);
        this.#remove(entry);
      } else this.#postpone(key, error);
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #postpone(key: string, error: unknown): void {
    const isStray = error instanceof HandoffError && !mayPass(error);
    if (isStray && this.#hasAnswered) this.#strays += 1;
    if (isStray) this.#hasAnswered = false;
    const before = this.#failed.get(key)?.waitMs ?? RESEND_MS / 2;
    const waitMs = Math.min(before * 2, MAX_RESEND_MS);
    const askedMs = (error instanceof HandoffError && error.retryAfterMs) || 0;
    this.#failed.set(key, { waitMs, untilMs: this.#timers.now() + Math.max(waitMs, askedMs) });
  }

  #remove(entry: OutboxEntry): void {
    this.#failed.delete(entry.signal.key);
    this.#entries.update((entries) => entries.filter((one) => !sameKey(one, entry)));
  }
}

/** Makes a draft a signal. Fields that the protocol would refuse are left out. */
export function toSignal(draft: SignalDraft, key: string, nowMs: number): Signal {
  const own = {
    v: PROTOCOL_VERSION,
    key,
    kind: draft.kind,
    at: new Date(nowMs).toISOString(),
  } as const;
  try {
    return decodeSignal({ ...draft, ...own });
  } catch {
    // The vendor's words have an unexpected shape: that something was heard is worth telling without them.
    return own;
  }
}

/** At most `max`, in their order: the oldest of the weakest kind goes first. */
export function withoutWeakest<T>(
  items: readonly T[],
  max: number,
  of: (item: T) => Pick<Signal, 'kind'>,
): readonly T[] {
  const kept = [...items];
  while (kept.length > max) {
    const strengths = kept.map((item) => STRENGTH.indexOf(of(item).kind));
    kept.splice(strengths.indexOf(Math.min(...strengths)), 1);
  }
  return kept;
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
