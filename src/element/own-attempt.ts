/** One attempt as the backend has it: begun once, by whoever needs it first, and told what was heard until then. */
import type { AttemptKey } from '../core/attempt-handles.js';
import type { HandoffClient, SignalDraft } from '../core/handoff-client.js';
import { HandoffError, mayPass } from '../core/handoff-error.js';
import { heedRefusal, type BackendPause } from '../core/status-question.js';
import type { AttemptHandle, NextStep } from '../protocol/attempt.js';

export interface OwnAttemptOptions {
  readonly client: HandoffClient;
  readonly key: AttemptKey;
  /** The item that it is begun for, until a start names another. */
  readonly item: string | null;
  /** What a refused start asks for is asked of every question. */
  readonly pause: BackendPause;
  /** Aborted when the attempt ends. */
  readonly signal: AbortSignal;
  /** It was begun, or is the one that was begun before. */
  readonly onBegun: (next: NextStep) => void;
}

export class OwnAttempt {
  readonly #options: OwnAttemptOptions;
  #handle: AttemptHandle | null = null;
  #starting: Promise<AttemptHandle> | null = null;
  /** A start is the same start only with the same item. */
  #item: string | null;
  #isWanted = false;
  #unsent: SignalDraft[] = [];

  constructor(options: OwnAttemptOptions) {
    this.#options = options;
    this.#item = options.item;
  }

  /** `null` until it is begun or recalled, and where the backend knows it no more. */
  get handle(): AttemptHandle | null {
    return this.#handle;
  }

  /** The backend is to know of it now. Rejects where it cannot be told; it stays wanted unless it was refused for good. */
  begin(item: string | null): Promise<AttemptHandle> {
    this.#isWanted = this.#handle === null;
    return this.start(item);
  }

  /** Once more, where it was wanted and could not be begun. Whether that is so. */
  beginAgain(): boolean {
    if (!this.#isWanted || Date.now() < this.#options.pause.untilMs) return false;
    void this.start().catch(() => undefined);
    return true;
  }

  /** One start for all who need it; a failed one may be tried again. */
  start(item: string | null = null): Promise<AttemptHandle> {
    if (this.#handle !== null) return Promise.resolve(this.#handle);
    this.#item = item ?? this.#item;
    return (this.#starting ??= this.#open().finally(() => (this.#starting = null)));
  }

  /** From now on it is this one, and hears what was heard before it. */
  take(handle: AttemptHandle): void {
    this.#handle = handle;
    this.#isWanted = false;
    const unsent = this.#unsent;
    this.#unsent = [];
    for (const draft of unsent) this.signal(draft);
  }

  /** The backend knows it no more: the next question begins it anew. */
  drop(): void {
    this.#handle = null;
  }

  /** What is heard before it has its id waits for that, in this page. */
  signal(draft: SignalDraft): void {
    if (this.#handle === null) this.#unsent.push(draft);
    else this.#options.client.signal(this.#handle, draft);
  }

  async #open(): Promise<AttemptHandle> {
    const { client, key, signal, onBegun } = this.#options;
    const request = { ...key, page: location.href, ...(this.#item === null ? {} : { item: this.#item }) };
    const { attempt, next } = await client.start(request, signal).catch((error: unknown) => {
      this.#meetRefusal(error);
      throw error;
    });
    signal.throwIfAborted();
    this.take(attempt);
    onBegun(next);
    return attempt;
  }

  #meetRefusal(error: unknown): void {
    if (error instanceof HandoffError && !mayPass(error)) this.#isWanted = false;
    heedRefusal(this.#options.pause, error, Date.now());
  }
}
