/** Ties one attempt to whatever the merchant gave to ask: their own functions, the handoff, or nothing. */
import type { HandoffClient, SignalDraft } from '../core/handoff-client.js';
import type { AttemptKey, Heard } from '../core/attempt-handles.js';
import { HandoffError, isRefusal } from '../core/handoff-error.js';
import { StatusWatcher, type AnswerWay } from '../core/status-watcher.js';
import type { statusPace } from '../core/attempt-states.js';
import type { AttemptHandle, NextStep } from '../protocol/attempt.js';
import { verdictOf, type StatusAnswer } from '../protocol/status.js';
import { clientOf, pauseOf } from './page-backends.js';
import { BindTokens, type BindTokenProvider } from './bind-tokens.js';
import { tell } from './developer-log.js';
import { OtherTabs } from './other-tabs.js';
import { OrderAnswers } from './order-answers.js';
import { OwnAttempt } from './own-attempt.js';
import { statusSource, type StatusProvider } from './status-source.js';

export interface BackendOptions {
  readonly handoffUrl: string | null;
  readonly order: string | null;
  readonly plan: string | null;
  readonly item: string | null;
  /** Looked up when needed: a page may set them late. */
  readonly fetchBindToken: () => BindTokenProvider | null | undefined;
  readonly getStatus: () => StatusProvider | null | undefined;
  readonly onAnswer: (answer: StatusAnswer, way: AnswerWay) => void;
  /** Nothing more is to be learned: the time to wait for it has passed, or nobody here may ask. */
  readonly onGivenUp: (source: 'horizon' | 'refused') => void;
  /** The order was confirmed in another tab, or before this visit: it is not to be offered again. */
  readonly onHeardElsewhere: (word: Heard) => void;
  /** The backend knows of something that may have been paid, and will say more. */
  readonly onDoubt: () => void;
}

/** How soon a start is made again at the earliest that was told to wait, or whose attempt was refused, in milliseconds. */
const START_AGAIN_MS = 30_000;

const UNTOLD = 'The backend could not be told of this checkout';

/** One attempt's line to the backend. Nothing is asked before it is needed. Nothing here rejects or throws. */
export class BackendLink {
  readonly tokens: BindTokens;
  readonly #options: BackendOptions;
  readonly #ended = new AbortController();
  readonly #client: HandoffClient | null;
  readonly #own: OwnAttempt | null;
  /** Every question about the status goes through it. */
  readonly #watcher: StatusWatcher;
  readonly #tabs: OtherTabs;
  readonly #answers: OrderAnswers;
  #heard: Heard | null = null;
  /** Something is known that may have been paid, be it by a link alone. */
  #isKnown = false;
  #pace: ReturnType<typeof statusPace> = 'none';
  /** What is waited for is another from here on. */
  #isNewWait = false;
  /** Nothing more is to be told of it. */
  #isSettled = false;
  /** When an attempt that waits, or was refused, may be begun again, in milliseconds since the epoch. */
  #startAgainAtMs = 0;
  /** Why no attempt could be begun for a question. */
  #noStart: unknown = null;
  /** It was refused for good: until somebody looks again, or checks out, another would be too. */
  #isStartRefused = false;

  constructor(options: BackendOptions) {
    this.#options = options;
    const { handoffUrl, order, item, fetchBindToken } = options;
    const client = handoffUrl === null ? null : clientOf(handoffUrl);
    const pause = pauseOf(handoffUrl);
    const { signal } = this.#ended;
    this.#client = client;
    this.#answers = new OrderAnswers(JSON.stringify([handoffUrl, this.#key()]));
    this.#own =
      client &&
      new OwnAttempt({
        client,
        key: this.#key(),
        item,
        pause,
        signal,
        onBegun: (next) => this.#noteBegun(next),
      });
    const start = (picked: string | null): Promise<AttemptHandle> => this.#start(picked);
    const startAnew = (picked: string | null): Promise<AttemptHandle> => {
      this.#own?.drop();
      return this.#start(picked);
    };
    const isHeld = (): boolean => this.#answers.isHeld;
    this.tokens = new BindTokens({ client, order, fetchBindToken, start, startAnew, isHeld, signal });
    this.#watcher = new StatusWatcher({
      source: statusSource({
        client,
        order,
        getStatus: () => options.getStatus() ?? null,
        mayAsk: () => this.attemptId !== null || (this.#isAwaited && !this.#isStartRefused),
        start: () => this.#startToAsk(),
        attemptId: () => this.attemptId,
        onTold: () => this.#watcher.checkNow(),
      }),
      pause,
      onAnswer: (answer, way) => this.#hear(answer, way),
      onHorizon: () => options.onGivenUp('horizon'),
      onTrouble: (error) => this.#meetTrouble(error),
    });
    this.#watcher.pace('none');
    this.#tabs = new OtherTabs({
      subject: () => ({
        base: handoffUrl ?? '',
        key: this.#key(),
        attemptId: this.attemptId,
      }),
      onHeard: (word) => options.onHeardElsewhere(word),
      onNews: () => this.#watcher.checkNow(),
      signal,
    });
    for (const type of ['online', 'pageshow'])
      addEventListener(type, () => void this.#client?.flush(), { signal });
    for (const type of ['focus', 'online', 'pageshow'])
      addEventListener(type, () => this.#askOnReturn(), { signal });
    // Fires for what another tab wrote: the same order may have been paid there. A page that comes back from
    // the back/forward cache was told of nothing meanwhile.
    for (const type of ['storage', 'pageshow'])
      addEventListener(type, () => this.#hearOtherTab(), { signal });
    void client?.flush();
  }

  get attemptId(): string | null {
    return this.#own?.handle?.id ?? null;
  }

  get hasStatus(): boolean {
    return this.#client !== null || this.#hasProvider;
  }

  /** The page's own function, which stands over the handoff. */
  get #hasProvider(): boolean {
    return (this.#options.getStatus() ?? null) !== null;
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
    this.#isKnown = heard !== null;
    const isLinkAlone = byUrl && (this.#client?.stored(this.#key()) ?? null) === null;
    if (!isLinkAlone) {
      this.#heard = heard;
      if (this.attemptId !== null) this.#client?.remember(this.attemptId, heard);
    }
    if (heard === null) this.#tabs.forget();
    else this.#tabs.tell(isLinkAlone ? 'returned' : heard);
  }

  /**
   * The backend learns of the attempt.
   * @param isFresh Nothing was heard of it yet.
   */
  begin(item: string | null, isFresh: boolean): void {
    this.#isNewWait = true;
    // Nothing is kept beyond the page here: a failure that the backend tells of now is of a try before this one.
    const isFirst = isFresh && this.#pace === 'none' && !this.#answers.hasFailedBefore;
    if (isFirst && this.#hasProvider) this.#askOfBefore(true);
    this.#isStartRefused = false;
    void this.#own?.begin(item).catch((error: unknown) => {
      if (!this.#ended.signal.aborted) tell('start', UNTOLD, error);
    });
  }

  /**
   * After a reload: an order that this browser knows to be paid is not offered again.
   * @param attemptId As a return URL carries it.
   */
  recall(attemptId: string | null): void {
    const kept = this.#client?.stored(attemptId ?? this.#key()) ?? null;
    if (kept === null || this.attemptId !== null) return;
    this.#own?.take(kept);
    if (attemptId === null) this.#askOfBefore();
  }

  #askOfBefore(isBeginning = false): void {
    this.#answers.recall(isBeginning);
    this.#watcher.checkNow();
  }

  /**
   * Whether a return may be this page's attempt's: no other handle of this browser fits better.
   * @param attemptId As the return URL carries it. The vendor's own returns carry none, and are of what was begun last.
   */
  mayKnow(attemptId: string | null): boolean {
    const client = this.#client;
    if (client === null) return true;
    const known = attemptId === null ? client.latest() : client.stored(attemptId);
    return known === null || known.id === client.stored(this.#key())?.id;
  }

  #hearOtherTab(): void {
    const word = this.keptWord;
    if (word !== null && word !== this.#heard) this.#tabs.heard(word);
  }

  #hear(said: StatusAnswer, way: AnswerWay): void {
    const { answer, isFound } = this.#answers.read(said, this.#pace === 'settling', this.#heard !== null);
    if (answer !== null) this.#pass(answer, way);
    if (isFound) this.#options.onHeardElsewhere('confirmed');
  }

  #pass(answer: StatusAnswer, way: AnswerWay): void {
    if (verdictOf(answer.status) === 'settled') {
      this.#isSettled = true;
      this.#tabs.tell('settled');
    }
    this.#options.onAnswer(answer, way);
  }

  signal(draft: SignalDraft): void {
    this.#answers.noteWord(draft);
    this.#own?.signal(draft);
  }

  /** What was on its way when this line was ended. */
  tellLate(draft: SignalDraft, heard: Heard | null): void {
    this.#answers.noteWord(draft);
    this.#own?.tellLate(draft, heard).catch((error: unknown) => tell('start', UNTOLD, error));
  }

  pace(pace: ReturnType<typeof statusPace>): void {
    const isNewWait = this.#isNewWait && pace === 'settling';
    this.#isNewWait = false;
    if ((pace === this.#pace && !isNewWait) || this.#ended.signal.aborted) return;
    // Another try begins.
    if (this.#pace === 'none') this.#answers.begin();
    this.#pace = pace;
    this.#watcher.pace(pace);
  }

  /** @param pace As it is from now on: a watch that begins asks at once by itself. */
  checkNow(pace: ReturnType<typeof statusPace>): void {
    this.#isNewWait = true;
    this.pace(pace);
    if (pace !== 'settling') this.#watcher.checkNow();
  }

  /** @param over The buyer may buy again: the next start is a new attempt. */
  end(over: boolean): void {
    this.#pace = 'none';
    if (!over && !this.#ended.signal.aborted) this.#own?.leave(this.#heard);
    this.#ended.abort();
    this.#watcher.stop();
    if (!over) return;
    this.#answers.forget();
    this.#client?.forget(this.#key());
  }

  #key(): AttemptKey {
    const { order, plan, item } = this.#options;
    return {
      vendor: 'ledgerbee',
      ...(order === null ? {} : { order }),
      ...(plan === null ? {} : { plan }),
      ...(order === null && item !== null ? { onlyItem: item } : {}),
    };
  }

  #start(item: string | null = null): Promise<AttemptHandle> {
    return this.#own?.start(item) ?? Promise.reject(new HandoffError('not_found', 'There is no handoff-url'));
  }

  #noteBegun(next: NextStep): void {
    if (this.#heard !== null) this.remember(this.#heard);
    this.tokens.keep(next.type === 'frame' ? next.bindToken : null);
    if (next.type === 'frame') this.#answers.release();
    // It may know already that the order is paid: until it has said so, or that nothing was, nothing is offered.
    if (next.type === 'wait') {
      // Another visit is to ask for a start of its own, unless it knows that nothing is to be offered.
      if (this.#heard === null) this.#client?.forget(this.#key());
      this.#startAgainAtMs = Date.now() + Math.max(START_AGAIN_MS, next.retryAfterMs);
      if (!this.#answers.hold()) return;
      this.#options.onDoubt();
      this.#watcher.checkNow();
    }
  }

  /** Somebody waits for the answer, or something was heard that may have been paid. */
  get #isAwaited(): boolean {
    return this.#pace === 'settling' || this.#isKnown || this.#answers.isDoubted;
  }

  #startToAsk(): Promise<AttemptHandle> {
    const waits = this.#answers.isHeld && this.#heard === null;
    // Forgotten by the backend, or not this buyer's: where somebody waits, the question goes by who is logged in.
    const isRefused = this.#own?.isRefused === true && this.#isAwaited;
    if ((waits || isRefused) && Date.now() >= this.#startAgainAtMs) {
      this.#startAgainAtMs = Date.now() + START_AGAIN_MS;
      this.#own?.drop();
    }
    return this.#start().catch((error: unknown) => {
      this.#noStart = error;
      this.#isStartRefused = isRefusal(error);
      throw error;
    });
  }

  #meetTrouble(error: unknown): void {
    tell('status', 'The status of the order could not be read', error);
    // Nobody is logged in here who could ask for the order: more asking will not tell, the e-mail will.
    if (this.#pace === 'settling' && error === this.#noStart && isRefusal(error))
      this.#options.onGivenUp('refused');
  }

  /** The buyer, or the line, is back: what went on elsewhere may have ended. Another window does not hide the page. */
  #askOnReturn(): void {
    this.#isStartRefused = false;
    if (this.#own?.beginAgain() === true) return;
    if (this.#pace !== 'none') this.#watcher.hasten();
    // What was begun before this frame may have been paid meanwhile.
    else if (this.attemptId !== null && !this.#isSettled) this.#askOfBefore();
  }
}
