import { setTimeout as pause } from 'node:timers/promises';

/**
 * - `open`: everything is served;
 * - `draining`: everything is served, and those who ask whether we are ready hear no;
 * - `closed`: nothing new is taken.
 */
export type IntakePhase = 'open' | 'draining' | 'closed';

/** What is taken in, and how much of it is under way. */
export class Intake {
  #phase: IntakePhase = 'open';
  readonly #underWay = new Set<Promise<unknown>>();

  get phase(): IntakePhase {
    return this.#phase;
  }

  /** Says "not ready" for so long, in milliseconds, before it takes nothing more. */
  async close(graceMs: number): Promise<void> {
    this.#phase = 'draining';
    if (graceMs > 0) await pause(graceMs);
    this.#phase = 'closed';
  }

  /** Counts `work` as under way until it has settled. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = (): void => void this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }

  /** Resolves when all that was under way has settled, however it did. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }
}
