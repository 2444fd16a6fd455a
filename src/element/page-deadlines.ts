/** The deadlines of `pageLoaded`. Only time in which the page is visible and online counts. */
import { systemTimers, type Presence, type Timers } from '../core/ports.js';

/** Longest time that a timer measures, in milliseconds; a page may wish for more, as `Infinity`. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Deadline {
  /** Milliseconds of attended time. */
  readonly afterMs: number;
  readonly onPassed: () => void;
}

/** Runs the deadlines of one load at a time. */
export class PageDeadlines {
  readonly #presence: Presence;
  readonly #timers: Timers;
  #pending: readonly Deadline[] = [];
  #elapsedMs = 0;
  /** When attended time last began; `null` while nobody is there. */
  #sinceMs: number | null = null;
  /** What the timer was set for: a clock that jumps, or a computer that slept, adds no more than that. */
  #plannedMs = 0;
  #timer: unknown;
  #unsubscribe: (() => void) | null = null;

  constructor(presence: Presence, timers: Timers = systemTimers) {
    this.#presence = presence;
    this.#timers = timers;
  }

  /** Begins at zero; what ran before is forgotten. */
  start(deadlines: readonly Deadline[]): void {
    this.stop();
    this.#elapsedMs = 0;
    this.#pending = [...deadlines].sort((a, b) => a.afterMs - b.afterMs);
    this.#unsubscribe = this.#presence.subscribe(() => this.#adapt());
    this.#adapt();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = this.#sinceMs = null;
    this.#timers.clear(this.#timer);
    this.#pending = [];
  }

  #adapt(): void {
    this.#timers.clear(this.#timer);
    const nowMs = this.#timers.now();
    if (this.#sinceMs !== null)
      this.#elapsedMs += Math.min(this.#plannedMs, Math.max(0, nowMs - this.#sinceMs));
    const attended = this.#presence.visible() && this.#presence.online();
    this.#sinceMs = attended ? nowMs : null;
    const [next] = this.#pending;
    if (!attended || next === undefined) return;
    const leftMs = Math.max(0, next.afterMs - this.#elapsedMs);
    this.#plannedMs = Math.min(leftMs, MAX_TIMER_MS);
    this.#timer = this.#timers.set(() => this.#pass(next, leftMs), this.#plannedMs);
  }

  /** @param leftMs What was left of it when the timer was set. */
  #pass(deadline: Deadline, leftMs: number): void {
    this.#elapsedMs += this.#plannedMs;
    this.#sinceMs = null;
    if (leftMs > MAX_TIMER_MS) {
      this.#adapt();
      return;
    }
    this.#pending = this.#pending.filter((one) => one !== deadline);
    this.#adapt();
    // Last: it may start the deadlines of another load.
    deadline.onPassed();
  }
}
