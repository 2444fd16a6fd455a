/** Ties one attempt to whatever the merchant gave to ask: their own functions, the handoff, or nothing. */
import { HandoffClient, type SignalDraft } from '../core/handoff-client.js';
import type { Heard } from '../core/attempt-handles.js';
import { HandoffError, mayPass } from '../core/handoff-error.js';
import { browserPresence, type Presence } from '../core/ports.js';
import { StatusWatcher, type StatusSource } from '../core/status-watcher.js';
import type { statusPace } from '../core/attempt-states.js';
import type { AttemptHandle } from '../protocol/attempt.js';
import { decodeStatusAnswer, verdictOf, type StatusAnswer } from '../protocol/status.js';
import { PROTOCOL_VERSION } from '../protocol/version.js';
import { BindTokens, type BindTokenProvider } from './bind-tokens.js';
import { tell } from './developer-log.js';
import { OtherTabs } from './other-tabs.js';

/** How often is asked where an event may never come, in milliseconds. */
const BACKGROUND_MS = 30_000;

/** What a merchant's own `getStatus` is told. */
export interface StatusRequest {
  readonly order: string | null;
  readonly signal: AbortSignal;
}

/** What became of the order, as the merchant's backend knows it; `null` for nothing new. */
export type StatusProvider = (request: StatusRequest) => Promise<Omit<StatusAnswer, 'v'> | null>;

export interface BackendOptions {
  readonly handoffUrl: string | null;
  readonly order: string | null;
  readonly plan: string | null;
  readonly item: string | null;
  /** Looked up when needed: a page may set them late. */
  readonly fetchBindToken: () => BindTokenProvider | null;
  readonly getStatus: () => StatusProvider | null;
  readonly onAnswer: (answer: StatusAnswer) => void;
  readonly onHorizon: () => void;
  /** The order was confirmed in another tab, or before this visit: it is not to be offered again. */
  readonly onHeardElsewhere: (word: Heard) => void;
}

/** One attempt's line to the backend. Nothing is asked before it is needed. Nothing here rejects or throws. */
export class BackendLink {
  readonly tokens: BindTokens;
  readonly #options: BackendOptions;
  readonly #presence: Presence = browserPresence();
  readonly #ended = new AbortController();
  readonly #client: HandoffClient | null;
  readonly #watcher: StatusWatcher;
  readonly #tabs: OtherTabs;
  #attempt: AttemptHandle | null = null;
  #heard: Heard | null = null;
  #starting: Promise<AttemptHandle> | null = null;
  #pace: ReturnType<typeof statusPace> = 'none';
  #background: ReturnType<typeof setInterval> | undefined;
  #asking = false;

  constructor(options: BackendOptions) {
    this.#options = options;
    this.#client = options.handoffUrl === null ? null : new HandoffClient({ baseUrl: options.handoffUrl });
    const { order, fetchBindToken } = options;
    const start = (item: string | null): Promise<AttemptHandle> => this.#start(item);
    const { signal } = this.#ended;
    this.tokens = new BindTokens({ client: this.#client, order, fetchBindToken, start, signal });
    this.#watcher = new StatusWatcher({
      source: this.#source(),
      presence: this.#presence,
      onAnswer: (answer) => this.#pass(answer),
      onHorizon: options.onHorizon,
      onTrouble: (error) => this.#meetTrouble(error),
    });
    this.#tabs = new OtherTabs({
      subject: () => ({
        base: options.handoffUrl ?? '',
        key: this.#key(),
        attemptId: this.attemptId,
      }),
      onHeard: (word) => options.onHeardElsewhere(word),
      onNews: () => this.checkNow(this.#pace),
      signal,
    });
    for (const type of ['online', 'pageshow'])
      addEventListener(type, () => void this.#client?.flush(), { signal });
    addEventListener('focus', () => this.#askInBackground(), { signal });
    // Fires for what another tab wrote: the same order may have been paid there. A page that comes back from
    // the back/forward cache was told of nothing meanwhile.
    for (const type of ['storage', 'pageshow'])
      addEventListener(type, () => this.#hearOtherTab(), { signal });
    void this.#client?.flush();
  }

  get attemptId(): string | null {
    return this.#attempt?.id ?? null;
  }

  get hasStatus(): boolean {
    return this.#client !== null || this.#options.getStatus() !== null;
  }

  /** What this browser heard of the attempt before a reload. The order is then not offered again. */
  get keptWord(): Heard | null {
    return this.#client?.heard(this.#key()) ?? null;
  }

  /**
   * @param heard `null`: the backend judged that nothing came of it.
   * @param byUrl Only the page's address says so: any link can. Kept where this browser had begun an attempt.
   */
  remember(heard: Heard | null, byUrl = false): void {
    const isLinkAlone = byUrl && (this.#client?.stored(this.#key()) ?? null) === null;
    if (!isLinkAlone) {
      this.#heard = heard;
      if (this.#attempt !== null) this.#client?.remember(this.#attempt.id, heard);
    }
    if (heard === null) this.#tabs.forget();
    else this.#tabs.tell(isLinkAlone ? 'returned' : heard);
  }

  /** The backend learns of the attempt. */
  begin(item: string | null): void {
    if (this.#client === null) return;
    void this.#start(item).catch((error: unknown) => {
      if (!this.#ended.signal.aborted) tell('start', 'The backend could not be told of this checkout', error);
    });
  }

  /**
   * After a reload: an order that this browser knows to be paid is not offered again.
   * @param attemptId As a return URL carries it.
   */
  async recall(attemptId: string | null): Promise<void> {
    const kept = this.#client?.stored(attemptId ?? this.#key()) ?? null;
    if (kept === null || this.#attempt !== null) return;
    this.#attempt = kept;
    if (attemptId !== null) return;
    try {
      const { answer } = (await this.#client?.status(kept, this.#ended.signal)) ?? { answer: null };
      const verdict = answer && verdictOf(answer.status);
      // A failure of an earlier visit is no reason to keep the buyer from another try.
      if (this.#ended.signal.aborted) return;
      if (answer?.status === 'processing') this.#options.onHeardElsewhere('confirmed');
      else if (answer !== null && (verdict === 'settled' || answer.status === 'review')) this.#pass(answer);
    } catch {
      // The buyer sees the checkout, and the backend is asked again when it counts.
    }
  }

  /** Whether the attempt of a return may be this page's: no other handle of this browser fits better. */
  mayKnow(attemptId: string): boolean {
    const client = this.#client;
    return (
      client === null || client.stored(this.#key())?.id === attemptId || client.stored(attemptId) === null
    );
  }

  #hearOtherTab(): void {
    const word = this.keptWord;
    if (word !== null && word !== this.#heard) this.#tabs.heard(word);
  }

  #pass(answer: StatusAnswer): void {
    if (verdictOf(answer.status) === 'settled') this.#tabs.tell('settled');
    this.#options.onAnswer(answer);
  }

  signal(draft: SignalDraft): void {
    const client = this.#client;
    if (client === null) return;
    if (this.#attempt !== null) client.signal(this.#attempt, draft);
    else
      void this.#starting?.then(
        (attempt) => client.signal(attempt, draft),
        () => undefined,
      );
  }

  pace(pace: ReturnType<typeof statusPace>): void {
    if (pace === this.#pace || this.#ended.signal.aborted) return;
    if (this.#pace === 'settling') this.#watcher.stop();
    clearInterval(this.#background);
    this.#pace = pace;
    if (pace === 'settling') this.#watcher.start();
    if (pace === 'background') this.#background = setInterval(() => this.#askInBackground(), BACKGROUND_MS);
  }

  /** @param pace As it is from now on: a watch that only begins asks at once by itself. */
  checkNow(pace: ReturnType<typeof statusPace>): void {
    const watches = this.#pace === 'settling';
    this.pace(pace);
    if (watches) this.#watcher.checkNow();
    else if (pace !== 'settling') void this.#ask();
  }

  /** @param over The buyer may buy again: the next start is a new attempt. */
  end(over: boolean): void {
    this.#pace = 'none';
    this.#ended.abort();
    this.#watcher.stop();
    clearInterval(this.#background);
    if (over) this.#client?.forget(this.#key());
  }

  #key(): { readonly vendor: 'ledgerbee'; readonly order?: string; readonly plan?: string } {
    const { order, plan } = this.#options;
    return { vendor: 'ledgerbee', ...(order === null ? {} : { order }), ...(plan === null ? {} : { plan }) };
  }

  /** One start for all who need the attempt; a failed one may be tried again. */
  #start(item = this.#options.item): Promise<AttemptHandle> {
    if (this.#attempt !== null) return Promise.resolve(this.#attempt);
    return (this.#starting ??= this.#open(item).finally(() => (this.#starting = null)));
  }

  async #open(item: string | null): Promise<AttemptHandle> {
    const { signal } = this.#ended;
    if (this.#client === null) throw new HandoffError('not_found', 'There is no handoff-url');
    const page = location.href;
    const request = { ...this.#key(), page, ...(item === null ? {} : { item }) };
    const { attempt, next } = await this.#client.start(request, signal);
    signal.throwIfAborted();
    this.#attempt = attempt;
    if (this.#heard !== null) this.remember(this.#heard);
    if (next.type === 'frame' && next.bindToken !== null) this.tokens.keep(next.bindToken);
    // The backend wants the page to wait: it may know already that the order is paid.
    if (next.type === 'wait') void this.#ask();
    return attempt;
  }

  #source(): StatusSource {
    const client = this.#client;
    return {
      read: async (signal) => {
        const own = this.#options.getStatus();
        if (own === null && client !== null) return client.status(await this.#start(), signal);
        const answer = (await own?.({ order: this.#options.order, signal })) ?? null;
        const decoded = answer && decodeStatusAnswer({ ...answer, v: PROTOCOL_VERSION });
        return { answer: decoded, retryAfterMs: decoded?.retryAfterMs ?? null };
      },
      ...(client === null
        ? {}
        : {
            stream: async (onAnswer: (answer: StatusAnswer) => void, signal: AbortSignal) => {
              // The page's own function stands over the handoff, and is polled.
              if (this.#options.getStatus() === null)
                await client.events(await this.#start(), onAnswer, signal);
            },
          }),
    };
  }

  #meetTrouble(error: unknown): void {
    tell('status', 'The status of the order could not be read', error);
    if (!(error instanceof HandoffError) || mayPass(error)) return;
    // Nobody is logged in here who could ask for the order: more asking will not tell, the e-mail will.
    if (this.#attempt === null) this.#options.onHorizon();
    // Forgotten by the backend, or not this buyer's: the next question goes by who is logged in.
    else if (error.code === 'not_found' || error.code === 'unauthorized') this.#attempt = null;
  }

  #askInBackground(): void {
    if (this.#pace === 'background' && this.#presence.visible() && this.#presence.online()) void this.#ask();
  }

  /** Asks once. An attempt is not begun for it: nobody may have clicked yet. */
  async #ask(): Promise<void> {
    const { signal } = this.#ended;
    if (this.#asking || (this.#options.getStatus() === null && this.#attempt === null)) return;
    this.#asking = true;
    try {
      const { answer } = await this.#source().read(signal);
      if (!signal.aborted && answer !== null) this.#pass(answer);
    } catch (error) {
      if (!signal.aborted) tell('status', 'The status of the order could not be read', error);
    } finally {
      this.#asking = false;
    }
  }
}
