import {
  decodeBindTokenAnswer,
  decodeSignal,
  decodeStartAttemptAnswer,
  decodeStatusAnswer,
  PROTOCOL_VERSION,
  type AttemptHandle,
  type BindTokenAnswer,
  type NextStep,
  type Signal,
  type StatusAnswer,
} from '../protocol/index.js';
import {
  AttemptHandles,
  isAttemptId,
  isToken,
  keyOf,
  type AttemptKey,
  type AttemptRef,
  type Heard,
} from './attempt-handles.js';
import { pause, unlessAborted } from './deadline.js';
import { HandoffError, mayPass } from './handoff-error.js';
import {
  decodeText,
  HandoffTransport,
  type HandoffRequest,
  type HandoffResponse,
} from './handoff-transport.js';
import { browserStore, randomId, systemTimers, type KeyValueStore, type Timers } from './ports.js';
import { SignalOutbox } from './signal-outbox.js';
import { readEvents } from './sse-reader.js';

/** How often one start is sent before it is given up. */
const START_TRIES = 3;

/** Pause before the second try, in milliseconds; the next one is longer. */
const START_RETRY_MS = 500;

/** The longest `Retry-After` that a start waits for, in milliseconds: somebody is looking at a skeleton. */
const START_PATIENCE_MS = 5_000;

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
}

/** What a page says when it starts: its hints, not what is sold. */
export interface AttemptRequest extends AttemptKey {
  readonly item?: string | undefined;
  /** The page's URL. Query and fragment are cut off before it is sent. */
  readonly page: string;
}

export interface StartedAttempt {
  readonly attempt: AttemptHandle;
  readonly next: NextStep;
  /** The handle was kept from earlier: nothing was asked, and `next` carries no bind token yet. */
  readonly reused: boolean;
}

/** What the page heard, before it has a key and a time. */
export type SignalDraft = Omit<Signal, 'v' | 'key' | 'at'>;

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
  readonly #starting = new Map<string, Promise<StartedAttempt>>();
  /** Keys of starts whose fate is unknown, by body: the buyer's next try must not make a second attempt. */
  readonly #unanswered = new Map<string, { readonly of: string; readonly id: string }>();
  readonly #seen = new Map<string, { readonly etag: string; readonly answer: StatusAnswer }>();

  /** @throws {TypeError} when `baseUrl` is not an http(s) URL. */
  constructor(options: HandoffClientOptions) {
    const { baseUrl, store = browserStore(), timers = systemTimers, newId = randomId } = options;
    const { pageUrl = (globalThis as { location?: { href: string } }).location?.href } = options;
    this.#transport = new HandoffTransport(baseUrl, pageUrl, options.fetch, timers);
    this.#newId = newId;
    const storeKey = (what: string): string => `checkout-embed:${what}:${this.#transport.base}`;
    this.#handles = new AttemptHandles(store, storeKey('attempts'), timers);
    this.#outbox = new SignalOutbox(store, storeKey('signals'), timers, ({ attempt, signal }) =>
      this.#ask(attempt, '/signals', post(signal, { keepalive: true }), null, () => Promise.resolve()),
    );
  }

  /**
   * The attempt for this page: the kept handle, or a new start. Calls for the same vendor, order and plan
   * share one flight. Network trouble is met with up to three tries under one `Idempotency-Key`. Aborting ends
   * the caller's wait, not the flight: the attempt may exist by then, and its handle must not be lost.
   *
   * A reused handle says nothing about the order: ask {@link status}, and {@link bindToken} for a token.
   * Handles are reused for LedgerBee alone; where the next step is a redirect the backend is always asked.
   */
  async start(request: AttemptRequest, signal: AbortSignal): Promise<StartedAttempt> {
    signal.throwIfAborted();
    const attempt = request.vendor === 'ledgerbee' ? this.stored(request) : null;
    if (attempt !== null) return { attempt, next: { type: 'frame', bindToken: null }, reused: true };
    return unlessAborted(this.#starting.get(keyOf(request)) ?? this.#begin(request), signal);
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
      // Also one whose start is still on its way, or may have arrived.
      const key = keyOf(which);
      this.#starting.delete(key);
      for (const [body, { of }] of this.#unanswered) if (of === key) this.#unanswered.delete(body);
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
    const at = new Date(this.#transport.timers.now()).toISOString();
    const own = { v: PROTOCOL_VERSION, key: this.#newId(), kind: draft.kind, at } as const;
    let signal: Signal = own;
    try {
      signal = decodeSignal({ ...draft, ...own });
    } catch {
      // The vendor's words have an unexpected shape: that something was heard is worth telling without them.
    }
    this.#outbox.add({ attempt: { id, token }, signal });
    void this.flush();
  }

  /** Sends the signals that wait: on `online`, on `pageshow`, on the next load. Never rejects. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  /** Whether a signal of this attempt is on its way: an answer may be of before it. */
  isTelling({ id }: AttemptRef): boolean {
    return this.#outbox.isTelling(id);
  }

  /** Resolves when no signal of this attempt is on its way any more. Never rejects. */
  whenTold({ id }: AttemptRef): Promise<void> {
    return this.#outbox.whenTold(id);
  }

  /** Streams the status until the backend ends the stream (resolves), or it breaks or falls silent (rejects). */
  events(attempt: AttemptRef, onAnswer: (answer: StatusAnswer) => void, signal: AbortSignal): Promise<void> {
    const headers = { Accept: 'text/event-stream' };
    return this.#ask(attempt, '/events', { headers }, signal, async ({ raw }, arm) => {
      if (raw.body === null || raw.headers.get('Content-Type')?.startsWith(headers.Accept) !== true) {
        throw new HandoffError('unreadable', 'Not an event stream', { status: raw.status });
      }
      await readEvents(
        raw.body,
        (name, data) => {
          // Events of other names belong to later versions.
          if (name === 'message' || name === 'status') onAnswer(decodeText(data, decodeStatusAnswer));
        },
        () => arm(STREAM_SILENCE_MS),
      );
    });
  }

  #begin(request: AttemptRequest): Promise<StartedAttempt> {
    const key = keyOf(request);
    const isWanted = (): boolean => this.#starting.get(key) === flight;
    const flight: Promise<StartedAttempt> = this.#start(request)
      .then((started) => {
        if (isWanted()) this.#handles.keep(request, started.attempt);
        return started;
      })
      .finally(() => {
        if (isWanted()) this.#starting.delete(key);
      });
    this.#starting.set(key, flight);
    return flight;
  }

  async #start(request: AttemptRequest): Promise<StartedAttempt> {
    const { vendor, order, plan, item } = request;
    const page = request.page.replace(/[?#].*/s, '');
    const init = post({ v: PROTOCOL_VERSION, vendor, order, plan, item, page });
    const unanswered = this.#unanswered.get(init.body) ?? { of: keyOf(request), id: this.#newId() };
    this.#unanswered.set(init.body, unanswered);
    const headers = { ...init.headers, 'Idempotency-Key': unanswered.id };
    for (let tries = 1; ; tries += 1) {
      try {
        const started = await this.#transport.send('/attempts', { ...init, headers }, null, readStart);
        this.#unanswered.delete(init.body);
        return started;
      } catch (error) {
        if (!(error instanceof HandoffError)) throw error;
        if (!mayPass(error)) this.#unanswered.delete(init.body);
        const waitMs = Math.max(START_RETRY_MS * tries, error.retryAfterMs ?? 0);
        if (!mayPass(error) || tries === START_TRIES || waitMs > START_PATIENCE_MS) throw error;
        await pause(this.#transport.timers, waitMs);
      }
    }
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
      return await this.#transport.send(`/attempts/${id}${path}`, { ...request, headers }, signal, read);
    } catch (error) {
      const code = error instanceof HandoffError ? error.code : null;
      // A backend made by hand may have no streams: that says nothing of the attempt.
      if ((code === 'not_found' && path !== '/events') || code === 'unauthorized') this.forget(id);
      throw error;
    }
  }
}

async function readStart({ decode }: HandoffResponse): Promise<StartedAttempt> {
  const { attempt, next } = await decode(decodeStartAttemptAnswer);
  if (!isAttemptId(attempt.id) || !isToken(attempt.token)) {
    throw new HandoffError('unreadable', 'The attempt has no usable id or token');
  }
  return { attempt, next, reused: false };
}

function post(
  body: unknown,
  more: HandoffRequest = {},
): HandoffRequest & { body: string; headers: Record<string, string> } {
  const headers = { 'Content-Type': 'application/json' };
  return { ...more, method: 'POST', headers, body: JSON.stringify(body) };
}
