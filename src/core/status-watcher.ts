import type { StatusAnswer } from '../protocol/index.js';
import { withDeadline } from './deadline.js';
import { pollPauseMs } from './poll-schedule.js';
import { browserPresence, systemTimers, type Presence, type Timers } from './ports.js';
import { StatusQuestion, type BackendPause, type StatusReading } from './status-question.js';

export type { BackendPause, StatusReading } from './status-question.js';

/** How long is asked before the buyer hears that confirming takes longer, in milliseconds. */
const HORIZON_MS = 15 * 60 * 1000;

/** How often is asked where an event may never come, in milliseconds. */
const BACKGROUND_MS = 30_000;

/** Longest time that a timer measures, in milliseconds; a backend may wish for more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * How eagerly is asked. `settling`: by the schedule, until the horizon. `background`: every 30 s. `none`: only
 * what {@link StatusWatcher.checkNow} asks.
 */
export type WatchPace = 'settling' | 'background' | 'none';

/** How an answer came: it was asked for, a stream told it, or the page's own function gave it. */
export type AnswerWay = 'poll' | 'stream' | 'provider';

/** Where the answers come from: a `HandoffClient`, or the merchant's own `getStatus`. */
export interface StatusSource {
  /** `null` says nothing new. Rejects where nothing was learned; a `HandoffError`'s `retryAfterMs` is obeyed. */
  read(signal: AbortSignal): Promise<StatusReading>;
  /** Gives the current snapshot at once, then each later one, until the stream ends. */
  stream?(onAnswer: (answer: StatusAnswer) => void, signal: AbortSignal): Promise<void>;
}

export interface StatusWatcherOptions {
  readonly source: StatusSource;
  /** Default: the page's own. */
  readonly presence?: Presence | undefined;
  readonly timers?: Timers | undefined;
  /** Shared with whoever else asks the same backend. Default: its own. */
  readonly pause?: BackendPause | undefined;
  /** Hears every answer, unchanged ones too. */
  readonly onAnswer: (answer: StatusAnswer, way: AnswerWay) => void;
  /** Hears why a read or a stream failed, also when `onAnswer` threw. The watcher goes on by itself. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
  /** Milliseconds of asking until `onHorizon`; absence does not count. Default 15 minutes. */
  readonly horizonMs?: number | undefined;
  readonly onHorizon?: (() => void) | undefined;
  /** Spreads the pauses after failures, 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Asks what became of an attempt until its owner stops it: no verdict ends it. All questions about the attempt go
 * through here, so that at any pace one is in flight, and none is put while the page is hidden or offline, or
 * before the backend's `Retry-After` and the back-off have passed. Those outlast a `stop`.
 *
 * Settling it streams; it polls where there is no stream, or one that gave nothing. Hidden or offline it is
 * silent, and asks at once on return. At the horizon it asks once more, calls `onHorizon` once, and then asks
 * only on return and by {@link checkNow}.
 */
export class StatusWatcher {
  readonly #options: StatusWatcherOptions;
  readonly #timers: Timers;
  readonly #presence: Presence;
  readonly #question: StatusQuestion;
  #pace: WatchPace = 'none';
  #unsubscribe: (() => void) | null = null;
  /** One time of presence; `null` while absent. */
  #present: AbortController | null = null;
  /** One pace in one time of presence. */
  #round = new AbortController();
  #doing: 'nothing' | 'asking' | 'streaming' = 'nothing';
  /** The stream of this round gave something, or was not tried yet. */
  #streams = false;
  /** Somebody wants to know, and it could not be asked yet. */
  #isOwed = false;
  /** When the schedule asks next, in milliseconds since the epoch. */
  #nextMs = Infinity;
  #timer: unknown;
  #polls = 0;
  #presentSinceMs = 0;
  #askedBeforeMs = 0;
  #horizonTold = false;

  constructor(options: StatusWatcherOptions) {
    const { source, onAnswer, onTrouble } = options;
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#presence = options.presence ?? browserPresence();
    this.#question = new StatusQuestion({
      read: (signal) => source.read(signal),
      timers: this.#timers,
      pause: options.pause ?? { untilMs: 0 },
      random: options.random ?? Math.random,
      onAnswer: (answer, isProvided) => onAnswer(answer, isProvided ? 'provider' : 'poll'),
      onTrouble: (error) => onTrouble?.(error),
    });
  }

  /** Settles, from the beginning of schedule and horizon. Does nothing while it runs. */
  start(): void {
    if (this.#unsubscribe === null) this.pace('settling');
  }

  /** Begins this pace, with its schedule and its horizon, also where it was the pace already. Starts it if need be. */
  pace(pace: WatchPace): void {
    const nowMs = this.#timers.now();
    this.#pace = pace;
    this.#nextMs = pace === 'settling' ? nowMs : pace === 'background' ? nowMs + BACKGROUND_MS : Infinity;
    if (pace === 'none') this.#isOwed = false;
    this.#polls = this.#askedBeforeMs = 0;
    this.#presentSinceMs = nowMs;
    this.#horizonTold = false;
    // What was asked before is no answer to what is waited for from now on.
    if (pace === 'settling') {
      this.#timers.clear(this.#timer);
      this.#round.abort();
      this.#present?.abort();
      this.#present = null;
    }
    this.#unsubscribe ??= this.#presence.subscribe(() => this.#adapt());
    if (this.#isAttended()) this.#attend();
  }

  /**
   * Asks at once, and the schedule goes on from there. While absent, or before a `Retry-After` or the back-off has
   * passed, it is asked once that is over. Does nothing before `start`, and while an answer is on its way.
   */
  checkNow(): void {
    if (this.#unsubscribe === null || this.#question.isOnItsWay) return;
    if (this.#doing === 'streaming' && this.#present !== null) void this.#question.ask(this.#present.signal);
    else {
      this.#isOwed = true;
      this.#plan();
    }
  }

  /** As {@link checkNow}, where no stream is open that would tell by itself. */
  hasten(): void {
    if (this.#doing !== 'streaming') this.checkNow();
  }

  /** Ends it at once: no timer, listener or request is left, and nothing is called back. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#leave();
    this.#isOwed = false;
  }

  #isAttended(): boolean {
    return this.#presence.visible() && this.#presence.online();
  }

  #adapt(): void {
    if (!this.#isAttended()) this.#leave();
    else if (this.#present === null) {
      this.#question.forgive();
      if (this.#pace !== 'none') this.#isOwed = true;
      this.#presentSinceMs = this.#timers.now();
      this.#attend();
    }
  }

  #attend(): void {
    this.#present ??= new AbortController();
    this.#round.abort();
    this.#round = new AbortController();
    this.#doing = 'nothing';
    this.#streams = this.#pace === 'settling' && this.#options.source.stream !== undefined;
    this.#plan();
  }

  #leave(): void {
    const present = this.#present;
    if (present === null) return;
    this.#askedBeforeMs = this.#askedMs();
    // Its answer will not be heard: it is put again on return.
    if (this.#question.isOnItsWay) this.#isOwed = true;
    this.#present = null;
    this.#doing = 'nothing';
    this.#timers.clear(this.#timer);
    this.#round.abort();
    present.abort();
  }

  /** Does what is due, or waits for it. */
  #plan(): void {
    this.#timers.clear(this.#timer);
    if (this.#present === null || this.#doing !== 'nothing') return;
    const horizonMs = this.#horizonTold ? Infinity : this.#timers.now() + this.#leftMs();
    const wantedMs = this.#isOwed ? 0 : this.#nextMs;
    const dueMs = Math.min(Math.max(wantedMs, this.#question.mayBeAskedAtMs), horizonMs);
    const waitMs = dueMs - this.#timers.now();
    if (waitMs <= 0) void this.#turn(this.#present.signal, this.#round.signal);
    else if (waitMs < Infinity) {
      this.#timer = this.#timers.set(() => this.#plan(), Math.min(waitMs, MAX_TIMER_MS));
    }
  }

  /** One question, or one stream, and then the next is planned. */
  async #turn(present: AbortSignal, round: AbortSignal): Promise<void> {
    const startedMs = this.#timers.now();
    const leftMs = this.#leftMs();
    this.#isOwed = false;
    const opens = this.#streams && leftMs > 0;
    if (opens) {
      this.#doing = 'streaming';
      const spoke = await this.#listen(leftMs, round);
      if (round.aborted) return;
      this.#streams = spoke;
    }
    this.#doing = 'asking';
    // Where there is no stream the first poll does not wait: somebody is looking.
    if (!opens || !this.#streams) await this.#question.ask(present);
    // Absent since, or at another pace, which plans for itself.
    if (round.aborted) return;
    this.#doing = 'nothing';
    this.#nextMs = startedMs + Math.max(this.#pauseMs(), this.#question.wishMs);
    this.#polls += 1;
    // Only after a last answer: a laptop that slept past the horizon does not give up unasked.
    if (leftMs <= 0) this.#tellHorizon();
    this.#plan();
  }

  /** Streams until the end or the horizon. Whether it gave anything: a stream that did is opened again. */
  async #listen(leftMs: number, round: AbortSignal): Promise<boolean> {
    const { source, onAnswer } = this.#options;
    let spoke = false;
    try {
      await withDeadline(this.#timers, round, async (inner, arm) => {
        arm(leftMs);
        await source.stream?.((answer) => {
          if (round.aborted || inner.aborted) return;
          spoke = true;
          this.#question.succeed();
          onAnswer(answer, 'stream');
        }, inner);
      });
    } catch (error) {
      // A backend that has no stream to give may still be asked.
      if (!round.aborted && this.#leftMs() > 0) this.#question.fail(error, spoke);
    }
    return spoke;
  }

  /** From the start of the last question to the start of the next, in milliseconds. */
  #pauseMs(): number {
    if (this.#pace === 'background') return BACKGROUND_MS;
    return this.#pace === 'none' || this.#leftMs() <= 0
      ? Infinity
      : pollPauseMs(this.#polls, this.#askedMs());
  }

  #tellHorizon(): void {
    if (this.#horizonTold) return;
    this.#horizonTold = true;
    this.#options.onHorizon?.();
  }

  #askedMs(): number {
    return this.#askedBeforeMs + (this.#present === null ? 0 : this.#timers.now() - this.#presentSinceMs);
  }

  #leftMs(): number {
    return this.#pace === 'settling' ? (this.#options.horizonMs ?? HORIZON_MS) - this.#askedMs() : Infinity;
  }
}
