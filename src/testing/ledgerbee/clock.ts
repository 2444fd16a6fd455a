/**
 * The sandbox's time. Instants are real (a receiver compares `webhook-timestamp` with its own clock); only
 * durations are scaled: waits between retries, and how long refs, sessions and links live.
 */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Under a scale nothing lives shorter than this, so that a busy test machine does not expire what it just made. */
const SHORTEST_LIFETIME_MS = 2_000;

/** What the sandbox asks of time. Milliseconds. */
export interface SandboxClock {
  now(): number;
  set(run: () => void, ms: number): unknown;
  clear(handle: unknown): void;
}

export const systemClock: SandboxClock = {
  now: () => Date.now(),
  set: (run, ms) => setTimeout(run, ms).unref(),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

/** A clock that stands still until it is told. For tests that own the time. */
export interface ManualClock extends SandboxClock {
  /** Moves on, running every timer that falls due, in order of due time. */
  advance(ms: number): void;
}

export function createManualClock(startMs = Date.now()): ManualClock {
  let now = startMs;
  let nextId = 1;
  const timers = new Map<number, { readonly dueMs: number; readonly run: () => void }>();
  return {
    now: () => now,
    set(run, ms) {
      const id = nextId++;
      timers.set(id, { dueMs: now + ms, run });
      return id;
    },
    clear: (handle) => void timers.delete(handle as number),
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.dueMs <= until);
        const first = due.sort(([, left], [, right]) => left.dueMs - right.dueMs)[0];
        if (first === undefined) break;
        timers.delete(first[0]);
        now = Math.max(now, first[1].dueMs);
        first[1].run();
      }
      now = until;
    },
  };
}

/** How many times faster than the vendor's the sandbox's durations pass. 60: a minute passes in a second. */
export interface TimeScales {
  /** Waits of the webhook sender, and its time-out. */
  readonly webhooks: number;
  /** Lifetimes of bind refs, plan tokens, sessions, magic links and rolled secrets. */
  readonly lifetimes: number;
}

/** Turns the vendor's durations into real ones, and owns every timer, so that closing leaves none. */
export class VendorTime {
  readonly #clock: SandboxClock;
  readonly #scales: TimeScales;
  readonly #handles = new Set<{ current: unknown }>();
  #stopped = false;

  constructor(clock: SandboxClock, scales: TimeScales) {
    this.#clock = clock;
    this.#scales = scales;
  }

  now(): number {
    return this.#clock.now();
  }

  iso(atMs = this.now()): string {
    return new Date(atMs).toISOString();
  }

  /** Real milliseconds of one of the vendor's lifetimes. */
  lifetime(vendorMs: number): number {
    return Math.max(vendorMs / this.#scales.lifetimes, Math.min(vendorMs, SHORTEST_LIFETIME_MS));
  }

  /** Real milliseconds of one of the webhook sender's waits. */
  wait(vendorMs: number): number {
    return vendorMs / this.#scales.webhooks;
  }

  /** Runs once after `realMs`, also beyond the longest native timer. Returns how to cancel it. */
  after(realMs: number, run: () => void): () => void {
    const handle = { current: undefined as unknown };
    const dueMs = this.now() + realMs;
    const arm = (): void => {
      if (this.#stopped) return;
      const leftMs = Math.max(0, dueMs - this.now());
      handle.current = this.#clock.set(
        () => {
          if (dueMs > this.now()) {
            arm();
            return;
          }
          this.#handles.delete(handle);
          run();
        },
        Math.min(leftMs, LONGEST_TIMER_MS),
      );
    };
    this.#handles.add(handle);
    arm();
    return () => {
      this.#clock.clear(handle.current);
      this.#handles.delete(handle);
    };
  }

  stop(): void {
    this.#stopped = true;
    for (const handle of this.#handles) this.#clock.clear(handle.current);
    this.#handles.clear();
  }
}
