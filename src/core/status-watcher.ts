import type { StatusAnswer } from '../protocol/index.js';
import { pause, withDeadline } from './deadline.js';
import { HandoffError } from './handoff-error.js';
import { backoffMs, pollPauseMs } from './poll-schedule.js';
import { browserPresence, systemTimers, type Presence, type Timers } from './ports.js';

/** How long is asked before the buyer hears that confirming takes longer, in milliseconds. */
const HORIZON_MS = 15 * 60 * 1000;

/** Where the answers come from: a `HandoffClient`, or the merchant's own `getStatus`. */
export interface StatusSource {
  /** `null` says nothing new. Rejects where nothing was learned; a `HandoffError`'s `retryAfterMs` is obeyed. */
  read(
    signal: AbortSignal,
  ): Promise<{ readonly answer: StatusAnswer | null; readonly retryAfterMs: number | null }>;
  /** Gives the current snapshot at once, then each later one, until the stream ends. */
  stream?(onAnswer: (answer: StatusAnswer) => void, signal: AbortSignal): Promise<void>;
}

export interface StatusWatcherOptions {
  readonly source: StatusSource;
  /** Default: the page's own. */
  readonly presence?: Presence | undefined;
  readonly timers?: Timers | undefined;
  /** Hears every answer, unchanged ones too. */
  readonly onAnswer: (answer: StatusAnswer) => void;
  /** Hears why a read or a stream failed, also when `onAnswer` threw. The watcher goes on by itself. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
  /** Milliseconds of asking until `onHorizon`; absence does not count. Default 15 minutes. */
  readonly horizonMs?: number | undefined;
  readonly onHorizon?: (() => void) | undefined;
  /** Spreads the pauses after failures, 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Asks what became of an attempt until its owner stops it: no verdict ends it.
 *
 * Streams while the page is visible and online; polls where there is no stream, or one that gave nothing.
 * Hidden or offline it is silent, and asks at once on return. At the horizon it asks once more, calls
 * `onHorizon` once, and then asks only on return and by {@link checkNow}.
 */
export class StatusWatcher {
  readonly #options: StatusWatcherOptions;
  #watch: Watch | null = null;

  constructor(options: StatusWatcherOptions) {
    this.#options = options;
  }

  /** Begins, schedule and horizon anew. Does nothing while it runs. */
  start(): void {
    this.#watch ??= new Watch(this.#options);
  }

  /**
   * Asks at once, and the schedule goes on from there. Does nothing before `start`, while absent, before a
   * `Retry-After` has passed, and while an answer is on its way.
   */
  checkNow(): void {
    this.#watch?.checkNow();
  }

  /** Ends it at once: no timer, listener or request is left, and nothing is called back. */
  stop(): void {
    this.#watch?.stop();
    this.#watch = null;
  }
}

/** From one `start` to its `stop`. */
class Watch {
  readonly #options: StatusWatcherOptions;
  readonly #timers: Timers;
  readonly #presence: Presence;
  readonly #unsubscribe: () => void;
  /** One time of presence; `null` while absent. */
  #present: AbortController | null = null;
  #presentSinceMs = 0;
  #askedBeforeMs = 0;
  #reading: Promise<void> | null = null;
  /** Ends the pause between two polls. */
  #wake: (() => void) | null = null;
  #polls = 0;
  #failures = 0;
  #backoffUntilMs = 0;
  /** The backend refused to be asked before. */
  #notBeforeMs = 0;
  /** The backend's wish for the pause after its last answer. */
  #wishMs = 0;
  #horizonTold = false;

  constructor(options: StatusWatcherOptions) {
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#presence = options.presence ?? browserPresence();
    this.#unsubscribe = this.#presence.subscribe(() => this.#adapt());
    this.#adapt();
  }

  checkNow(): void {
    if (this.#present === null) return;
    if (this.#wake === null) void this.#read(this.#present.signal);
    else this.#wake();
  }

  stop(): void {
    this.#unsubscribe();
    this.#leave();
  }

  #adapt(): void {
    if (!this.#presence.visible() || !this.#presence.online()) this.#leave();
    else if (this.#present === null) {
      this.#present = new AbortController();
      this.#presentSinceMs = this.#timers.now();
      void this.#attend(this.#present.signal);
    }
  }

  #leave(): void {
    const present = this.#present;
    if (present === null) return;
    this.#askedBeforeMs = this.#askedMs();
    this.#present = this.#reading = this.#wake = null;
    present.abort();
  }

  /** One time of presence: ask, rest, ask again, until absent or past the horizon. */
  async #attend(signal: AbortSignal): Promise<void> {
    let streams = this.#options.source.stream !== undefined;
    let startedMs: number;
    do {
      startedMs = this.#timers.now();
      const leftMs = this.#leftMs();
      const open = streams && leftMs > 0 && startedMs >= this.#notBeforeMs;
      if (open) streams = await this.#listen(leftMs, signal);
      // Where there is no stream the first poll does not wait: somebody is looking.
      if (!open || !streams) await this.#read(signal);
      if (signal.aborted) return;
      if (leftMs <= 0) {
        // Only after a last answer: a laptop that slept past the horizon does not give up unasked.
        this.#tellHorizon();
        return;
      }
    } while (await this.#rest(startedMs, signal));
  }

  /** Streams until the end or the horizon. Whether it gave anything: a stream that did is opened again. */
  async #listen(leftMs: number, signal: AbortSignal): Promise<boolean> {
    const { source, onAnswer } = this.#options;
    let spoke = false;
    try {
      await withDeadline(this.#timers, signal, async (inner, arm) => {
        arm(leftMs);
        await source.stream?.((answer) => {
          if (signal.aborted || inner.aborted) return;
          spoke = true;
          this.#failures = this.#backoffUntilMs = 0;
          onAnswer(answer);
        }, inner);
      });
    } catch (error) {
      if (this.#leftMs() > 0) this.#fail(error, signal);
    }
    return spoke;
  }

  /** Asks once; whoever asks meanwhile waits for the same answer. */
  #read(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#timers.now() < this.#notBeforeMs) return Promise.resolve();
    if (this.#reading !== null) return this.#reading;
    const reading = this.#readOnce(signal).finally(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    return (this.#reading = reading);
  }

  async #readOnce(signal: AbortSignal): Promise<void> {
    const { source, onAnswer } = this.#options;
    try {
      const { answer, retryAfterMs } = await withDeadline(this.#timers, signal, (inner) =>
        source.read(inner),
      );
      // Absent since: whatever comes back then asks for itself.
      if (signal.aborted) return;
      this.#failures = this.#backoffUntilMs = 0;
      this.#wishMs = retryAfterMs ?? 0;
      if (answer !== null) onAnswer(answer);
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const nowMs = this.#timers.now();
    const { random = Math.random, onTrouble } = this.#options;
    this.#failures += 1;
    this.#backoffUntilMs = nowMs + backoffMs(this.#failures, random());
    this.#notBeforeMs = nowMs + ((error instanceof HandoffError ? error.retryAfterMs : null) ?? 0);
    onTrouble?.(error);
  }

  /** Until the next poll is due, the horizon is reached, or somebody wants to know now. `false` when absent since. */
  async #rest(startedMs: number, signal: AbortSignal): Promise<boolean> {
    const pauseMs = Math.max(pollPauseMs(this.#polls, this.#askedMs()), this.#wishMs);
    const dueMs = Math.max(startedMs + pauseMs, this.#backoffUntilMs, this.#notBeforeMs);
    const waitMs = Math.min(dueMs - this.#timers.now(), this.#leftMs());
    this.#polls += 1;
    await pause(this.#timers, Math.max(0, waitMs), signal, (wake) => (this.#wake = wake));
    // By then a new time of presence may rest in this one's place.
    if (signal.aborted) return false;
    this.#wake = null;
    return true;
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
    return (this.#options.horizonMs ?? HORIZON_MS) - this.#askedMs();
  }
}
