import type { KitContext } from './context.js';
import type { EffectKind } from './ports.js';
import { readOldestDue, type OldestDue } from './postgres/read-oldest-due.js';

/** How often the database is asked at most, in milliseconds. */
const REFRESH_MS = 15_000;
/** Those whose waiting is told. */
export const JOBS = ['reconcile', 'refetch', 'parked', 'settlements', 'effects'] as const;

/** For how long due work has waited: the number that says whether the kit keeps up. */
export class Backlog {
  readonly #context: KitContext;
  readonly #kinds: readonly EffectKind[];
  #oldest: OldestDue | null = null;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(context: KitContext, kinds: readonly EffectKind[]) {
    this.#context = context;
    this.#kinds = kinds;
  }

  /** Offers one gauge per job. @returns what ends the offer. */
  offer(): () => void {
    const { metrics } = this.#context;
    const stops = JOBS.map((job) =>
      metrics?.gauge('checkout_embed_oldest_due_seconds', () => this.#ageSeconds(job), { job }),
    );
    return () => {
      for (const stop of stops) stop?.();
    };
  }

  /** Asks the database, if anybody wants numbers and the last answer is old. @throws what the database throws. */
  async refresh(): Promise<void> {
    const { metrics, database, tables, vendors, clock } = this.#context;
    if (metrics === null || Math.abs(clock() - this.#askedAtMs) < REFRESH_MS) return;
    this.#askedAtMs = clock();
    this.#oldest = await readOldestDue(database, tables, [...vendors.keys()], this.#kinds);
  }

  /** 0 where nothing is due; `NaN` before the first reading. */
  #ageSeconds(job: keyof OldestDue): number {
    if (this.#oldest === null) return Number.NaN;
    const dueAtMs = this.#oldest[job];
    return dueAtMs === null ? 0 : Math.max(0, (this.#askedAtMs - dueAtMs) / 1000);
  }
}
