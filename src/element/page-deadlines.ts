/** The deadlines of `pageLoaded`. Only time in which the page is visible and online counts. */
import { systemTimers, type Presence, type Timers } from '../core/ports.js';

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
    if (this.#sinceMs !== null) this.#elapsedMs += nowMs - this.#sinceMs;
    const attended = this.#presence.visible() && this.#presence.online();
    this.#sinceMs = attended ? nowMs : null;
    const [next] = this.#pending;
    if (!attended || next === undefined) return;
    this.#timer = this.#timers.set(() => this.#pass(next), Math.max(0, next.afterMs - this.#elapsedMs));
  }

  #pass(deadline: Deadline): void {
    this.#pending = this.#pending.filter((one) => one !== deadline);
    this.#adapt();
    // Last: it may start the deadlines of another load.
    deadline.onPassed();
  }
}
