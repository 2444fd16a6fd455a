import type { StatusAnswer } from '../protocol/index.js';
import { withDeadline } from './deadline.js';
import { HandoffError } from './handoff-error.js';
import { backoffMs } from './poll-schedule.js';
import type { Timers } from './ports.js';

/** Until when a backend wants to be left alone, in milliseconds since the epoch. One for all who ask it. */
export interface BackendPause {
  untilMs: number;
}

/** Nobody asks before the `Retry-After` of a refusal has passed. Shortens nothing. */
export function heedRefusal(pause: BackendPause, error: unknown, nowMs: number): void {
  const retryAfterMs = error instanceof HandoffError ? error.retryAfterMs : null;
  if (retryAfterMs !== null) pause.untilMs = Math.max(pause.untilMs, nowMs + retryAfterMs);
}

/** What was learned: nothing new, or an answer, and the backend's wish for the pause after it. */
export interface StatusReading {
  readonly answer: StatusAnswer | null;
  readonly retryAfterMs: number | null;
  /** The page's own function gave it, and no backend that is asked by the handoff. Default `false`. */
  readonly isProvided?: boolean;
}

export interface StatusQuestionOptions {
  readonly read: (signal: AbortSignal) => Promise<StatusReading>;
  readonly timers: Timers;
  readonly pause: BackendPause;
  readonly random: () => number;
  readonly onAnswer: (answer: StatusAnswer, isProvided: boolean) => void;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * The one way to ask what became of an attempt: a single question in flight, and none before the backend's
 * `Retry-After` and the back-off have passed.
 */
export class StatusQuestion {
  readonly #options: StatusQuestionOptions;
  #flight: { readonly signal: AbortSignal; readonly done: Promise<void> } | null = null;
  #failures = 0;
  /** After trouble that was no refusal: no line, no answer in time, a listener that threw. */
  #backoffUntilMs = 0;
  /** The backend's wish for the pause after its last answer, in milliseconds. */
  wishMs = 0;

  constructor(options: StatusQuestionOptions) {
    this.#options = options;
  }

  /** From when it may be put, in milliseconds since the epoch. */
  get mayBeAskedAtMs(): number {
    return Math.max(this.#options.pause.untilMs, this.#backoffUntilMs);
  }

  get isOnItsWay(): boolean {
    return this.#flight !== null && !this.#flight.signal.aborted;
  }

  /** Asks once; whoever asks meanwhile waits for the same answer. Does nothing where it may not be put yet. */
  ask(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    if (this.#flight !== null && this.isOnItsWay) return this.#flight.done;
    if (this.#options.timers.now() < this.mayBeAskedAtMs) return Promise.resolve();
    const done = this.#askOnce(signal).finally(() => {
      if (this.#flight === flight) this.#flight = null;
    });
    const flight = { signal, done };
    this.#flight = flight;
    return done;
  }

  /** The backend answered, be it by a stream. */
  succeed(): void {
    this.#failures = this.#backoffUntilMs = this.wishMs = 0;
  }

  /** @param counts `false`: its `Retry-After` is obeyed, and nothing else follows from it. */
  fail(error: unknown, counts = true): void {
    const { timers, pause, random, onTrouble } = this.#options;
    const nowMs = timers.now();
    const status = error instanceof HandoffError ? error.status : null;
    this.wishMs = 0;
    heedRefusal(pause, error, nowMs);
    if (counts) {
      this.#failures += 1;
      const untilMs = nowMs + backoffMs(this.#failures, random());
      if (status === 429 || (status ?? 0) >= 500) pause.untilMs = Math.max(pause.untilMs, untilMs);
      else this.#backoffUntilMs = untilMs;
    }
    onTrouble(error);
  }

  /** Somebody came back, and perhaps the line with them. What the backend itself asked for stays. */
  forgive(): void {
    this.#backoffUntilMs = 0;
  }

  async #askOnce(signal: AbortSignal): Promise<void> {
    const { read, timers, onAnswer } = this.#options;
    try {
      const { answer, retryAfterMs, isProvided = false } = await withDeadline(timers, signal, read);
      // Absent since: whatever comes back then asks for itself.
      if (signal.aborted) return;
      this.succeed();
      this.wishMs = retryAfterMs ?? 0;
      if (answer !== null) onAnswer(answer, isProvided);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }
}
