import type { Job } from './context.js';
import type { Log } from './ports.js';
import { settleAll } from './settle-all.js';

/** Rounds of one job in one tick, so that a tick ends even when work comes in as fast as it is done. */
const MAX_ROUNDS = 100;
/** Longest pause of the sweep while the database cannot be reached, in milliseconds. */
const MAX_PAUSE_MS = 30_000;

/** The order of one tick: each job makes work for those after it. */
const ORDER: readonly Job[] = [
  'reconcile',
  'recheck',
  'refetch',
  'parked',
  'settlements',
  'effects',
  'notify',
  'prune',
];

/** Does one round of its work; gives how many rows it took. */
export type Part = () => Promise<number>;

export interface BackgroundOptions {
  /** What a job is made of: parts that do not wait for each other. */
  readonly jobs: Readonly<Record<Job, readonly Part[]>>;
  /** Which jobs have work. Asked once per sweep. */
  readonly due: () => Promise<Readonly<Record<Job, boolean>>>;
  readonly sweepIntervalMs: number;
  readonly log: Log;
}

/**
 * Runs the jobs of one process: at once after a commit of its own, and by a sweep for what others committed and
 * what time made due. Each part of a job runs once at a time here; between processes
 * the rows' leases decide.
 */
export class Background {
  readonly #options: BackgroundOptions;
  readonly #running = new Map<Part, Promise<void>>();
  readonly #again = new Set<Part>();
  #sweep: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #pauseMs: number;
  #started = false;
  #stopped = false;

  constructor(options: BackgroundOptions) {
    this.#options = options;
    this.#pauseMs = options.sweepIntervalMs;
  }

  start(): void {
    if (this.#started || this.#stopped) return;
    this.#started = true;
    this.#schedule(0);
  }

  /** Work of this kind may be due now. Does nothing where the host runs `tick` itself. */
  kick(job: Job): void {
    for (const part of this.#options.jobs[job]) this.#kick(job, part);
  }

  /**
   * One round of everything that is due, until nothing is. A job that fails keeps none of those after it from their
   * work: what is at fault with one row would else hold up every order, at each tick anew. Only a database that is away
   * ends the tick at once.
   * @throws the first failure, once every job had its turn.
   */
  async tick(): Promise<void> {
    const failures: unknown[] = [];
    for (const job of ORDER) {
      await settleAll(this.#options.jobs[job].map((part) => this.#run(part))).catch((error: unknown) => {
        failures.push(error);
      });
      if (failures.some(isAway)) break;
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Begins nothing new and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#sweep);
    await this.#sweeping;
    // What failed was reported where it was run; the end comes all the same.
    await Promise.allSettled(this.#running.values());
  }

  #kick(job: Job, part: Part): void {
    if (!this.#started || this.#stopped) return;
    void this.#run(part)
      .catch((error: unknown) => this.#report(job, error))
      // Asked for between the last look and now.
      .finally(() => {
        if (this.#again.has(part)) this.#kick(job, part);
      });
  }

  /** The run that is under way, told to look once more, or a new one. */
  #run(part: Part): Promise<void> {
    this.#again.add(part);
    const running = this.#running.get(part) ?? this.#drain(part).finally(() => this.#running.delete(part));
    this.#running.set(part, running);
    return running;
  }

  async #drain(part: Part): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS && !this.#stopped; round += 1) {
      this.#again.delete(part);
      const taken = await part();
      if (taken === 0 && !this.#again.has(part)) return;
    }
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#sweep = setTimeout(() => {
      this.#sweeping = this.#look().finally(() => this.#schedule(this.#pauseMs));
    }, delayMs);
  }

  async #look(): Promise<void> {
    const { due, sweepIntervalMs } = this.#options;
    try {
      const waiting = await due();
      for (const job of ORDER) if (waiting[job]) this.kick(job);
      this.#pauseMs = sweepIntervalMs;
    } catch (error) {
      // A database that is away is not asked ever faster by everybody who waits for it.
      this.#pauseMs = Math.min(this.#pauseMs * 2, Math.max(MAX_PAUSE_MS, sweepIntervalMs));
      this.#report('sweep', error);
    }
  }

  #report(job: Job | 'sweep', error: unknown): void {
    this.#options.log({
      level: 'error',
      event: 'background.failed',
      message: 'Background work failed; it is tried again',
      fields: { job, error: error instanceof Error ? error.name : 'unknown', code: codeOf(error) },
    });
  }
}

/** A socket's own code: no answer came at all. Whoever asks on waits as long once more. */
function isAway(error: unknown): boolean {
  return /^E[A-Z]+$/.test(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
