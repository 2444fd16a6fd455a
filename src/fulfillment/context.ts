import type { Vendor } from '../protocol/index.js';
import type { Due } from './postgres/read-due.js';
import type { Tables } from './postgres/tables.js';
import type { Clock, Effect, EffectKind, Log, SqlPool, VendorAdapter } from './ports.js';
import type { Metrics } from './metrics.js';
import type { ReviewNews } from './postgres/insert-reviews.js';
import type { Retention } from './retention.js';
import type { Schedule } from './schedule.js';
import type { VendorPauses } from './vendor-pauses.js';

/** One kind of background work. */
export type Job = keyof Due;

/** What a commit means for the rest of this process: whose status may have changed, and what is due now. */
export interface News {
  readonly orderRefs: readonly string[];
  readonly due: readonly Job[];
  /** The reviews it opened. */
  readonly opened?: readonly ReviewNews[];
  /** Written in the merchant's own transaction, which may yet be rolled back: nothing of it is logged. */
  readonly uncommitted?: boolean;
}

/** What every step of the kit works with. */
export interface KitContext {
  readonly database: SqlPool;
  readonly tables: Tables;
  readonly vendors: ReadonlyMap<Vendor, VendorAdapter>;
  readonly effects: Readonly<Partial<Record<EffectKind, Effect>>>;
  /** What becomes of a subject that carries no reference. */
  readonly unreferenced: 'fulfill' | 'review' | 'ignore';
  readonly schedule: Schedule;
  readonly retention: Retention;
  readonly pauses: VendorPauses;
  readonly clock: Clock;
  readonly log: Log;
  /** `null`: nobody wants numbers, and nothing is measured. */
  readonly metrics: Required<Metrics> | null;
  /** Aborted when the kit closes: calls to vendors and effects end early. */
  readonly closing: AbortSignal;
  /** Called after a commit, never inside a transaction. */
  readonly announce: (news: News) => void;
}
