import type { KitContext } from './context.js';
import type { IntakePhase } from './intake.js';
import { isMigrated } from './postgres/read-schema-state.js';

/** For how long what the database said is believed, in milliseconds: whoever asks, it is asked this often at most. */
const BELIEVED_MS = 1000;
/** How long a probe waits for the database, in milliseconds. Kubernetes gives it one second by default. */
const PATIENCE_MS = 900;

/** Why this process should get no requests now. */
export type NotReadyReason =
  | 'closing'
  | 'queue_full'
  | 'database_unreachable'
  | 'database_silent'
  | 'database_not_migrated';

type DatabaseState = 'ready' | Extract<NotReadyReason, `database_${string}`>;

export interface ReadinessOptions {
  readonly context: Pick<KitContext, 'database' | 'tables' | 'clock' | 'schedule'>;
  readonly phase: () => IntakePhase;
  /** Deliveries that wait in this process. */
  readonly queueDepth: () => number;
}

/** Whether requests should be sent to this process. */
export class Readiness {
  readonly #options: ReadinessOptions;
  #known: { readonly state: DatabaseState; readonly atMs: number } | null = null;
  #reading: Promise<DatabaseState> | null = null;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** Empty: it is ready. Never throws. */
  async reasons(): Promise<readonly NotReadyReason[]> {
    const { context, phase, queueDepth } = this.#options;
    const own: NotReadyReason[] = [];
    if (phase() !== 'open') own.push('closing');
    if (queueDepth() >= context.schedule.queueSize) own.push('queue_full');
    const state = await this.#database();
    return state === 'ready' ? own : [...own, state];
  }

  async #database(): Promise<DatabaseState> {
    const nowMs = this.#options.context.clock();
    const known = this.#known;
    // A clock that was set back makes nothing be believed for ever.
    if (known !== null && Math.abs(nowMs - known.atMs) < BELIEVED_MS) return known.state;
    // One question at a time, also where probes stop waiting for it: they must not use up the pool.
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    const state = await within(PATIENCE_MS, this.#reading);
    this.#known = { state, atMs: nowMs };
    return state;
  }

  async #read(): Promise<DatabaseState> {
    const { database, tables } = this.#options.context;
    try {
      return (await isMigrated(database, tables)) ? 'ready' : 'database_not_migrated';
    } catch {
      // Why is the log's business, where the work that fails says it; an answer to everybody names no host.
      return 'database_unreachable';
    }
  }
}

function within(ms: number, asked: Promise<DatabaseState>): Promise<DatabaseState> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('database_silent'), ms);
    void asked.then((state) => {
      clearTimeout(timer);
      resolve(state);
    });
  });
}
