/** One attempt as the backend has it: begun once, by whoever needs it first, and told what was heard until then. */
import type { AttemptKey } from '../core/attempt-handles.js';
import type { AttemptRequest, HandoffClient, SignalDraft } from '../core/handoff-client.js';
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
  /** What the buyer picked; `null` until then. */
  #picked: string | null = null;
  /** What the buyer had picked when it was begun; `null` where nothing, or in an earlier visit. */
  #begunFor: string | null = null;
  #isWanted = false;
  #unsent: SignalDraft[] = [];
  /** What the backend was told, in case it knows the attempt no more. */
  readonly #told: SignalDraft[] = [];
  #toldTo: string | null = null;

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
    // A question was refused meanwhile: whoever buys now needs an attempt that the backend knows.
    if (this.#handle !== null && this.#options.client.stored(this.#handle.id) === null) this.drop();
    this.#isWanted = this.#handle === null;
    if (this.#handle !== null) this.#options.client.touch(this.#handle.id);
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
    if (this.#handle !== null && item !== null && this.#begunFor !== null && item !== this.#begunFor) {
      // It may be another order: that is for the backend to say, which gives the same attempt where it is not.
      this.#options.client.forget(this.#options.key);
      this.#handle = null;
      this.#told.length = 0;
    }
    if (this.#handle !== null) return Promise.resolve(this.#handle);
    // The buyer picks another while the first is begun.
    if (this.#starting !== null && item !== null && this.#picked !== null && item !== this.#picked) {
      const again = (): Promise<AttemptHandle> => this.start(item);
      return this.#starting.then(again, again);
    }
    this.#picked = item ?? this.#picked;
    this.#item = item ?? this.#item;
    return (this.#starting ??= this.#open().finally(() => (this.#starting = null)));
  }

  /** From now on it is this one, and hears what was heard before it. */
  take(handle: AttemptHandle): void {
    this.#handle = handle;
    this.#isWanted = false;
    const isAnother = this.#toldTo !== handle.id;
    const untold = [...(isAnother ? this.#told.splice(0) : []), ...this.#unsent];
    this.#toldTo = handle.id;
    this.#unsent = [];
    for (const draft of untold) this.signal(draft);
  }

  /** The backend knows it no more: the next question begins it anew, and another hears all that was heard. */
  drop(): void {
    this.#handle = null;
  }

  /** What is heard before it has its id waits for that, in this page. */
  signal(draft: SignalDraft): void {
    if (this.#handle === null) this.#unsent.push(draft);
    else {
      this.#told.push(draft);
      this.#options.client.signal(this.#handle, draft);
    }
  }

  /** Nobody waits for it any more. A start that is on its way is told all the same what was heard. */
  leave(): void {
    const unsent = this.#unsent;
    if (this.#starting === null || unsent.length === 0) return;
    const { client } = this.#options;
    client.start(this.#request, new AbortController().signal).then(
      ({ attempt }) => unsent.forEach((draft) => client.signal(attempt, draft)),
      () => undefined,
    );
  }

  get #request(): AttemptRequest {
    const item = this.#item === null ? {} : { item: this.#item };
    return { ...this.#options.key, page: location.href, ...item };
  }

  async #open(): Promise<AttemptHandle> {
    const { client, signal, onBegun } = this.#options;
    const picked = this.#picked;
    const { attempt, next } = await client.start(this.#request, signal).catch((error: unknown) => {
      this.#meetRefusal(error);
      throw error;
    });
    signal.throwIfAborted();
    this.#begunFor = picked;
    this.take(attempt);
    onBegun(next);
    return attempt;
  }

  #meetRefusal(error: unknown): void {
    // Something else answered in the backend's place, as a deploy's page does: it may be back.
    const isRefused = error instanceof HandoffError && !mayPass(error) && error.code !== 'unreadable';
    if (isRefused) this.#isWanted = false;
    heedRefusal(this.#options.pause, error, Date.now());
  }
}
