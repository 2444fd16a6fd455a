/** One attempt as the backend has it: begun once, by whoever needs it first, and told what was heard until then. */
import type { AttemptKey, Heard } from '../core/attempt-handles.js';
import type { AttemptRequest, HandoffClient, SignalDraft } from '../core/handoff-client.js';
import { isRefusal } from '../core/handoff-error.js';
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
  /** A router may be elsewhere by the time of a start. */
  readonly #page = location.href;
  #isWanted = false;
  /** Somebody has needed it, and it was not refused for good. */
  #isDue = false;
  readonly #unsent: SignalDraft[] = [];
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

  /** Whether the backend said that it does not know it, or not as this buyer's. */
  get isRefused(): boolean {
    return this.#handle !== null && this.#options.client.isRefused(this.#handle);
  }

  /** The backend is to know of it now. Rejects where it cannot be told; it stays wanted unless it was refused for good. */
  begin(item: string | null): Promise<AttemptHandle> {
    // Refused meanwhile: whoever buys now needs an attempt that the backend knows.
    if (this.isRefused) this.drop();
    this.#isDue = true;
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
    const { client } = this.#options;
    if (this.#toldTo !== handle.id || client.hasRefusedSignal(handle)) client.signalAnew(handle, this.#told);
    this.#toldTo = handle.id;
    for (const draft of this.#unsent.splice(0)) this.signal(draft);
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

  /**
   * Nobody waits for it any more: whoever begins it next tells what it could not be told.
   * @param heard Is to be remembered of it then.
   */
  leave(heard: Heard | null): void {
    const isKnown = this.#handle !== null && !this.isRefused;
    const drafts = [...this.#told, ...this.#unsent];
    // Nobody begins an attempt to say that it was left.
    if (isKnown || !this.#isDue || drafts.length === 0) return;
    void this.#options.client.tellLater({ request: this.#request, drafts, heard }).catch(() => undefined);
  }

  /** What is heard when nobody waits for it any more. Rejects where it cannot be told at once. */
  async tellLate(draft: SignalDraft, heard: Heard | null): Promise<void> {
    const { client } = this.#options;
    this.#item = draft.planItemId ?? this.#item;
    if (this.#handle === null || this.isRefused) {
      await client.tellLater({ request: this.#request, drafts: [draft], heard });
      return;
    }
    if (heard !== null) client.remember(this.#handle.id, heard);
    client.signal(this.#handle, draft);
  }

  get #request(): AttemptRequest {
    const item = this.#item === null ? {} : { item: this.#item };
    return { ...this.#options.key, page: this.#page, ...item };
  }

  async #open(): Promise<AttemptHandle> {
    const { client, signal, onBegun } = this.#options;
    const picked = this.#picked;
    this.#isDue = true;
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
    if (isRefusal(error)) this.#isWanted = this.#isDue = false;
    heedRefusal(this.#options.pause, error, Date.now());
  }
}
