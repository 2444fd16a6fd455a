import {
  decodeBindTokenAnswer,
  decodeStatusAnswer,
  PROTOCOL_VERSION,
  type AttemptHandle,
  type BindTokenAnswer,
  type StatusAnswer,
} from '../protocol/index.js';
import {
  AttemptHandles,
  isAttemptId,
  type AttemptKey,
  type AttemptRef,
  type AttemptRequest,
  type Heard,
} from './attempt-handles.js';
import { AttemptStarts, type StartedAttempt } from './attempt-starts.js';
import { unlessAborted } from './deadline.js';
import { HandoffError, isRefusal } from './handoff-error.js';
import { HandoffTransport, post, type HandoffRequest, type HandoffResponse } from './handoff-transport.js';
import { browserStore, randomId, systemTimers, type KeyValueStore, type Timers } from './ports.js';
import { SignalOutbox, toSignal, type SignalDraft } from './signal-outbox.js';
import { readEvents } from './sse-reader.js';
import { UntoldDrafts, type Untold } from './untold-drafts.js';

export type { AttemptRequest } from './attempt-handles.js';
export type { StartedAttempt } from './attempt-starts.js';
export type { SignalDraft } from './signal-outbox.js';

/** A stream that says nothing for this long is dead, in milliseconds. The kit sends a comment every 15 s. */
const STREAM_SILENCE_MS = 35_000;

export interface HandoffClientOptions {
  /** The `handoff-url`: absolute, or relative to `pageUrl`. */
  readonly baseUrl: string;
  /** Default: the page's address, where there is a page. Another origin than `baseUrl`'s sends credentials along. */
  readonly pageUrl?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Default: `localStorage`; the page's memory where that is forbidden. `null` keeps nothing beyond this object. */
  readonly store?: KeyValueStore | null | undefined;
  readonly timers?: Timers | undefined;
  /** Makes the idempotency and signal keys. Default: a random UUID. */
  readonly newId?: (() => string) | undefined;
  /** Told of what the backend refused of a signal itself, such as `bad_request`: the signal is dropped. */
  readonly onRefused?: ((error: HandoffError) => void) | undefined;
}

/**
 * The page's side of the handoff protocol. A method that takes an `AbortSignal` rejects with its reason when
 * aborted, and otherwise only with {@link HandoffError}. Nothing is logged. The token travels in
 * `Authorization` alone, and redirects are refused, so that it goes nowhere else.
 */
export class HandoffClient {
  readonly #transport: HandoffTransport;
  readonly #newId: () => string;
  readonly #handles: AttemptHandles;
  readonly #outbox: SignalOutbox;
  readonly #untold = new UntoldDrafts();
  /** Ids that the backend does not know, or not as this buyer's. */
  readonly #refused = new Set<string>();
  readonly #starts: AttemptStarts;
  readonly #seen = new Map<string, { readonly etag: string; readonly answer: StatusAnswer }>();
  /** Until when no start is made for the sake of telling alone, in milliseconds since the epoch. */
  #quietUntilMs = 0;

  /** @throws {TypeError} when `baseUrl` is not an http(s) URL. */
  constructor(options: HandoffClientOptions) {
    const { baseUrl, store = browserStore(), timers = systemTimers, newId = randomId } = options;
    const { pageUrl = (globalThis as { location?: { href: string } }).location?.href } = options;
    this.#transport = new HandoffTransport(baseUrl, pageUrl, options.fetch, timers);
    this.#newId = newId;
    const storeKey = (what: string): string => `checkout-embed:${what}:${this.#transport.base}`;
    this.#handles = new AttemptHandles(store, storeKey('attempts'), timers);
    this.#starts = new AttemptStarts({
      transport: this.#transport,
      newId,
      onStarted: (request, started, isWanted) => this.#noteStarted(request, started, isWanted),
      onFailed: (request, error, isWanted) => {
        const waitMs = (error instanceof HandoffError && error.retryAfterMs) || 0;
        this.#quietUntilMs = Math.max(this.#quietUntilMs, timers.now() + waitMs);
        if (isRefusal(error) && isWanted) this.#untold.release(request);
      },
    });
    this.#outbox = new SignalOutbox(store, storeKey('signals'), timers, async ({ attempt, signal }) => {
      try {
        await this.#ask(attempt, '/signals', post(signal, { keepalive: true }), null, () =>
          Promise.resolve(),
        );
      } catch (error) {
        if (isRefusal(error) && !this.isRefused(attempt)) options.onRefused?.(error);
        throw error;
      }
    });
  }

  /**
   * The attempt for this page: the kept handle, or a new start. Calls for the same {@link AttemptKey}
   * share one flight. Network trouble is met with up to three tries under one `Idempotency-Key`. Aborting ends
   * the caller's wait, not the flight: the attempt may exist by then, and its handle must not be lost.
   *
   * A reused handle says nothing about the order: ask {@link status}, and {@link bindToken} for a token.
   * Handles are reused for LedgerBee alone; where the next step is a redirect the backend is always asked.
   */
  async start(request: AttemptRequest, signal: AbortSignal): Promise<StartedAttempt> {
    signal.throwIfAborted();
    const attempt = request.vendor === 'ledgerbee' ? this.stored(request) : null;
    if (attempt !== null) {
      this.#tellHeld(request, attempt);
      return { attempt, next: { type: 'frame', bindToken: null }, reused: true };
    }
    return unlessAborted(this.#starts.begin(request), signal);
  }

  /** @param which The page's key, or an attempt's id as a return URL carries it. */
  stored(which: AttemptKey | string): AttemptHandle | null {
    return this.#handles.find(which);
  }

  /** Of all attempts that this browser keeps for this backend, the one that was begun last. */
  latest(): AttemptHandle | null {
    return this.#handles.latest();
  }

  /** A kept attempt is begun again, and is the {@link latest} from now on. */
  touch(id: string): void {
    this.#handles.touch(id);
  }

  /** Makes the next start open a new attempt: for when one is over and the buyer may buy again. */
  forget(which: AttemptKey | string): void {
    if (typeof which !== 'string') {
      this.#starts.forget(which);
      this.#untold.release(which);
    }
    this.#handles.forget(which);
  }

  /** What was heard of a kept attempt, in this page or in one before. */
  heard(which: AttemptKey | string): Heard | null {
    return this.#handles.heard(which);
  }

  /** Keeps what was heard beside the handle, so that a reload offers nobody to pay again. `null` lets it go. */
  remember(which: AttemptKey | string, heard: Heard | null): void {
    this.#handles.remember(which, heard);
  }

  /** A fresh, single-use token, or `null` with the reason: the checkout then goes on anonymously. */
  bindToken(attempt: AttemptRef, signal: AbortSignal): Promise<BindTokenAnswer> {
    return this.#ask(attempt, '/bind-token', post({ v: PROTOCOL_VERSION }), signal, (response) =>
      response.decode(decodeBindTokenAnswer),
    );
  }

  /**
   * What the backend knows now; unchanged (304) gives the answer it gave before. `retryAfterMs` is the
   * backend's wish for the next call, from the header or the answer.
   */
  status(
    attempt: AttemptRef,
    signal: AbortSignal,
  ): Promise<{ readonly answer: StatusAnswer | null; readonly retryAfterMs: number | null }> {
    const seen = this.#seen.get(attempt.id);
    const headers = seen && { 'If-None-Match': seen.etag };
    return this.#ask(
      attempt,
      '',
      headers ? { headers } : {},
      signal,
      async ({ raw, retryAfterMs, decode }) => {
        const answer = raw.status === 304 ? (seen?.answer ?? null) : await decode(decodeStatusAnswer);
        const etag = raw.headers.get('ETag');
        if (answer !== null && etag !== null) this.#seen.set(attempt.id, { etag, answer });
        return { answer, retryAfterMs: retryAfterMs ?? answer?.retryAfterMs ?? null };
      },
    );
  }

  /**
   * Tells the backend what was heard, at once, and again on {@link flush} until it took it. Never throws, and
   * nothing waits for it. Fields that the protocol would refuse are left out.
   */
  signal({ id, token }: AttemptRef, draft: SignalDraft): void {
    const signal = toSignal(draft, this.#newId(), this.#transport.timers.now());
    this.#outbox.add({ attempt: { id, token }, signal });
    void this.#outbox.flush();
  }

  /** As {@link signal}, for each: what another attempt, or this one with another token, was told or refused to hear. */
  signalAnew(attempt: AttemptRef, drafts: readonly SignalDraft[]): void {
    if (drafts.length > 0) this.#outbox.forgive(attempt.id);
    for (const draft of drafts) this.signal(attempt, draft);
  }

  /**
   * Tells what was heard of a checkout that has no attempt that the backend knows: with the start that this makes, or
   * else with whichever start of it succeeds first, which each {@link flush} tries again. Given up where a start is
   * refused for good, and by {@link forget}. Rejects as `start` does; what was heard is held all the same.
   */
  async tellLater(untold: Untold): Promise<void> {
    this.#untold.hold(untold);
    await this.#startToTell(untold.request);
  }

  /** Sends the signals that wait, and starts what is still to be told of: on `online`, on `pageshow`, on the next load. Never rejects. */
  async flush(): Promise<void> {
    const starts = this.#untold.requests().map((request) => this.#startToTell(request));
    await Promise.allSettled([this.#outbox.flush(), ...starts]);
  }

  /** As {@link flush}, for the signals that did not fail only a moment ago. */
  resend(): Promise<void> {
    return this.#outbox.resend();
  }

  /** Whether the backend may not know all that was heard of this attempt: an answer may be of before it. */
  isUntold({ id }: AttemptRef): boolean {
    return this.#outbox.isUntold(id);
  }

  /** Resolves when an attempt is {@link isUntold} no more, or `signal` is aborted, and resends until then. Never rejects. */
  whenTold({ id }: AttemptRef, signal: AbortSignal): Promise<void> {
    return this.#outbox.whenTold(id, signal);
  }

  /** Whether the backend said of this attempt that it does not know it, or not as this buyer's, and gave it to nobody since. */
  isRefused({ id }: AttemptRef): boolean {
    return this.#refused.has(id);
  }

  /** Whether a signal of this attempt was refused for good: it is to be told again. */
  hasRefusedSignal({ id }: AttemptRef): boolean {
    return this.#outbox.isRefused(id);
  }

  /** Streams the status until the backend ends the stream (resolves), or it breaks or falls silent (rejects). */
  events(attempt: AttemptRef, onAnswer: (answer: StatusAnswer) => void, signal: AbortSignal): Promise<void> {
    const headers = { Accept: 'text/event-stream' };
    return this.#ask(attempt, '/events', { headers }, signal, async ({ raw, decodeText }, arm) => {
      if (raw.body === null || raw.headers.get('Content-Type')?.startsWith(headers.Accept) !== true) {
        throw new HandoffError('unreadable', 'Not an event stream', { status: raw.status });
      }
      await readEvents(
        raw.body,
        (name, data) => {
          // Events of other names belong to later versions.
          if (name === 'message' || name === 'status') onAnswer(decodeText(data, decodeStatusAnswer));
        },
        () => {
          this.#outbox.noteAnswer();
          arm(STREAM_SILENCE_MS);
        },
      );
    });
  }

  #noteStarted(request: AttemptRequest, { attempt }: StartedAttempt, isWanted: boolean): void {
    this.#outbox.noteAnswer();
    this.#refused.delete(attempt.id);
    if (!isWanted) return;
    this.#handles.keep(request, attempt);
    this.#tellHeld(request, attempt);
  }

  #tellHeld(key: AttemptKey, attempt: AttemptHandle): void {
    const held = this.#untold.release(key);
    if (held === null) return;
    if (held.heard !== null) this.remember(attempt.id, held.heard);
    this.signalAnew(attempt, held.drafts);
  }

  async #startToTell(request: AttemptRequest): Promise<void> {
    if (this.#transport.timers.now() < this.#quietUntilMs) return;
    const { next } = await this.start(request, new AbortController().signal);
    // Whoever shows the checkout next is to be told to wait too.
    if (next.type === 'wait' && this.heard(request) === null) this.#handles.forget(request);
  }

  /** A call about one attempt. One that the backend does not know, or not as this buyer's, is forgotten. */
  async #ask<T>(
    { id, token }: AttemptRef,
    path: string,
    request: HandoffRequest,
    signal: AbortSignal | null,
    read: (response: HandoffResponse, arm: (ms: number) => void) => Promise<T>,
  ): Promise<T> {
    if (!isAttemptId(id)) throw new HandoffError('bad_request', 'Not an attempt id');
    const headers = { ...request.headers, ...(token === null ? {} : { Authorization: `Bearer ${token}` }) };
    try {
      const answer = await this.#transport.send(
        `/attempts/${id}${path}`,
        { ...request, headers },
        signal,
        read,
      );
      if (path !== '/signals') this.#outbox.noteAnswer();
      return answer;
    } catch (error) {
      const code = error instanceof HandoffError ? error.code : null;
      // A backend made by hand may have no streams: that says nothing of the attempt.
      if ((code === 'not_found' && path !== '/events') || code === 'unauthorized') {
        this.#refused.add(id);
        this.forget(id);
      }
      throw error;
    }
  }
}
