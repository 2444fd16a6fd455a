/** Ties one `<checkout-redirect>` to the merchant's backend. Nothing is asked before it is needed. */
import { keyOf, type AttemptKey, type AttemptRef } from '../core/attempt-handles.js';
import type { HandoffClient } from '../core/handoff-client.js';
import { HandoffError, isRefusal, mayPass } from '../core/handoff-error.js';
import type { redirectPace } from '../core/redirect-machine.js';
import { openCheckout, type StartedCheckout } from '../core/start-checkout.js';
import { heedRefusal, type BackendPause } from '../core/status-question.js';
import { StatusWatcher, type AnswerWay } from '../core/status-watcher.js';
import { verdictOf, type StatusAnswer } from '../protocol/status.js';
import { clientOf, pauseOf } from './page-backends.js';
import { tell } from './developer-log.js';
import { KeptWords } from './kept-words.js';
import { OtherTabs } from './other-tabs.js';

export interface RedirectLinkOptions {
  readonly handoffUrl: string;
  readonly key: AttemptKey;
  readonly item: string | null;
  readonly onAnswer: (answer: StatusAnswer, way: AnswerWay) => void;
  /** Nothing more is to be learned: the time to wait for it has passed, or nobody here may ask. */
  readonly onGivenUp: (source: 'horizon' | 'refused') => void;
  /** The order was paid before this visit, or in another tab. */
  readonly onHeardElsewhere: () => void;
}

/** One for all elements: what storage refuses, it remembers. */
const words = new KeptWords();

export class RedirectLink {
  readonly #options: RedirectLinkOptions;
  readonly #client: HandoffClient;
  readonly #ended = new AbortController();
  readonly #pause: BackendPause;
  /** Every question about the status goes through it, but for that of a start which is told to wait. */
  readonly #watcher: StatusWatcher;
  readonly #tabs: OtherTabs;
  /** What it is kept under: two shops of one site may have the same order. */
  readonly #name: string;
  #attempt: AttemptRef | null = null;
  #pace: ReturnType<typeof redirectPace> = 'none';

  /** @throws {TypeError} when `handoffUrl` is not an http(s) URL. */
  constructor(options: RedirectLinkOptions) {
    this.#options = options;
    // As another page of the site would write it: `checkout` means one thing here and another there.
    const base = new URL(options.handoffUrl, document.baseURI).href;
    this.#name = JSON.stringify([base, keyOf(options.key)]);
    this.#client = clientOf(base);
    this.#pause = pauseOf(base);
    const { signal } = this.#ended;
    this.#watcher = new StatusWatcher({
      source: {
        read: async (until) => {
          // An attempt is not begun for a question: nobody may have pressed yet.
          if (this.#attempt === null && this.#pace !== 'settling')
            return { answer: null, retryAfterMs: null };
          const asked = await this.#begin();
          const { answer, retryAfterMs } = await this.#client.status(asked, until);
          // Of an attempt that is not the buyer's any more it says nothing.
          return { answer: asked.id === this.attemptId ? answer : null, retryAfterMs };
        },
        stream: (onAnswer, until) => this.#stream(onAnswer, until),
      },
      pause: this.#pause,
      onAnswer: (answer, way) => this.#pass(answer, way),
      onHorizon: () => options.onGivenUp('horizon'),
      onTrouble: (error) => this.#meetTrouble(error),
    });
    this.#watcher.pace('none');
    this.#tabs = new OtherTabs({
      subject: () => ({ base, key: options.key, attemptId: this.attemptId }),
      onHeard: () => options.onHeardElsewhere(),
      onNews: () => this.checkNow(),
      signal,
    });
    addEventListener('focus', () => this.#askInBackground(), { signal });
    // Another tab of this browser may have been to the vendor's with the same order.
    addEventListener('storage', () => this.#hearOtherTab(), { signal });
  }

  get attemptId(): string | null {
    return this.#attempt?.id ?? null;
  }

  /** Whether the attempt of a return may be this order's. */
  mayKnow(attemptId: string | null): boolean {
    if (attemptId === null) return true;
    const own = this.#client.stored(this.#options.key);
    return own?.id === attemptId || this.#client.stored(attemptId) === null;
  }

  /** The hosted checkout of this order: the one that is open already, or a new one. */
  async open(): Promise<StartedCheckout> {
    const { key, item } = this.#options;
    const request = { ...key, page: location.href, ...(item === null ? {} : { item }) };
    // What was asked before the press is no answer to it.
    this.#watcher.stop();
    this.#watcher.pace('none');
    try {
      const started = await openCheckout(this.#client, request, { signal: this.#ended.signal });
      this.#attempt = started.attempt;
      return started;
    } catch (error) {
      heedRefusal(this.#pause, error, Date.now());
      throw error;
    }
  }

  /** Whether this browser heard of a payment, in this visit or another. */
  get isHeard(): boolean {
    return this.#client.heard(this.#options.key) !== null || words.find(this.#name) !== null;
  }

  /** What this browser knows of the order from other visits; asks the backend where it knows of an attempt. */
  recall(): void {
    const { key, onHeardElsewhere } = this.#options;
    this.#attempt ??= this.#client.stored(key);
    if (this.isHeard) onHeardElsewhere();
    // Who settles asks by itself.
    if (this.#attempt !== null && this.#pace !== 'settling') this.checkNow();
  }

  /** @param attemptId As the return URL carries it; the token stays where it was kept, or the buyer's login answers. */
  returned(attemptId: string | null): void {
    this.#attempt = this.#client.stored(attemptId ?? this.#options.key);
    if (this.#attempt === null && attemptId !== null) this.#attempt = { id: attemptId, token: null };
  }

  /** A payment was heard: no visit of this browser offers another. `null`: the backend judged that none was made. */
  remember(heard: 'confirmed' | null): void {
    if (this.attemptId !== null) this.#client.remember(this.attemptId, heard);
    if (heard === null) words.forget(this.#name);
    // A link alone says nothing beyond its page: this browser had begun it.
    else if (this.#attempt !== null && this.#attempt.token !== null) words.keep(this.#name, heard);
    if (heard === null) this.#tabs.forget();
    else this.#tabs.tell(heard);
  }

  pace(pace: ReturnType<typeof redirectPace>): void {
    if (pace === this.#pace || this.#ended.signal.aborted) return;
    this.#pace = pace;
    this.#watcher.pace(pace);
    if (pace === 'background') this.checkNow();
  }

  checkNow(): void {
    this.#watcher.checkNow();
  }

  /** @param over The buyer may buy again: the next start is a new attempt. */
  end(over: boolean): void {
    this.#ended.abort();
    this.#watcher.stop();
    if (!over) return;
    this.#client.forget(this.#options.key);
    words.forget(this.#name);
  }

  /** The attempt that is asked about. On a page that begins with the waiting, the backend finds it by the order. */
  async #begin(): Promise<AttemptRef> {
    if (this.#attempt !== null) return this.#attempt;
    const { key } = this.#options;
    const { attempt } = await this.#client.start({ ...key, page: location.href }, this.#ended.signal);
    return (this.#attempt ??= attempt);
  }

  async #stream(onAnswer: (answer: StatusAnswer) => void, until: AbortSignal): Promise<void> {
    try {
      await this.#client.events(await this.#begin(), onAnswer, until);
    } catch (error) {
      // A backend made by hand may have no streams, or a proxy none to let through: it is polled.
      if (!(error instanceof HandoffError) || error.status === null || mayPass(error)) throw error;
    }
  }

  #pass(answer: StatusAnswer, way: AnswerWay): void {
    if (verdictOf(answer.status) === 'settled') this.#tabs.tell('settled');
    this.#options.onAnswer(answer, way);
  }

  #hearOtherTab(): void {
    if (this.#client.heard(this.#options.key) !== null) this.#tabs.heard('confirmed');
  }

  #askInBackground(): void {
    if (this.#pace === 'background') this.checkNow();
  }

  #meetTrouble(error: unknown): void {
    tell('status', 'The status of the order could not be read', error);
    // While nobody waits for the answer, or where something else answered in the backend's place, the next may be better.
    if (this.#pace !== 'settling' || !isRefusal(error)) return;
    // The token is good no more: the next question goes by who is logged in.
    if (this.#attempt !== null && this.#attempt.token !== null)
      this.#attempt = { id: this.#attempt.id, token: null };
    // Nobody here may ask: more asking will not tell, the e-mail will.
    else this.#options.onGivenUp('refused');
  }
}
