import type { Job } from './context.js';
import type { Log } from './ports.js';

/** Rounds of one job in one tick, so that a tick ends even when work comes in as fast as it is done. */
const MAX_ROUNDS = 100;
/** Longest pause of the sweep while the database cannot be reached, in milliseconds. */
const MAX_PAUSE_MS = 30_000;

/** The order of one tick: each job makes work for those after it. */
const ORDER: readonly Job[] = ['reconcile', 'recheck', 'refetch', 'parked', 'effects', 'notify', 'prune'];

export interface BackgroundOptions {
  /** Does one round of a job; gives how many rows it took. */
  readonly jobs: Readonly<Record<Job, () => Promise<number>>>;
  /** Which jobs have work. Asked once per sweep. */
  readonly due: () => Promise<Readonly<Record<Job, boolean>>>;
  readonly sweepIntervalMs: number;
  readonly log: Log;
}

/**
 * Runs the jobs of one process: at once after a commit of its own, and by a sweep for what others committed and
 * what time made due. Each job runs once at a time here; between processes the rows' leases decide.
 */
export class Background {
  readonly #options: BackgroundOptions;
  readonly #running = new Map<Job, Promise<void>>();
  readonly #again = new Set<Job>();
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
    if (this.#started && !this.#stopped) void this.#run(job);
  }

  /** One round of everything that is due, until nothing is. */
  async tick(): Promise<void> {
    for (const job of ORDER) await this.#run(job, true);
  }

  /** Begins nothing new and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#sweep);
    await this.#sweeping;
    // What failed was reported where it was run; the end comes all the same.
    await Promise.allSettled(this.#running.values());
  }

  /** @param loud Whether a failure is the caller's to hear. */
  #run(job: Job, loud = false): Promise<void> {
    this.#again.add(job);
    let running = this.#running.get(job);
    if (running === undefined) {
      running = this.#drain(job).finally(() => {
        this.#running.delete(job);
        // Asked for between the last look and now.
        if (this.#again.has(job)) this.kick(job);
      });
      this.#running.set(job, running);
      running.catch(() => undefined);
    }
    return loud ? running : running.catch((error: unknown) => this.#report(job, error));
  }

  async #drain(job: Job): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS && !this.#stopped; round += 1) {
      this.#again.delete(job);
      const taken = await this.#options.jobs[job]();
      if (taken === 0 && !this.#again.has(job)) return;
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

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
