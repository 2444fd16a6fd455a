import type { Vendor } from '../protocol/index.js';
import { VendorError } from './errors.js';
import type { Clock } from './ports.js';
import type { Schedule } from './schedule.js';

/** Pause after a 429 that does not say how long, in milliseconds. */
const UNSAID_PAUSE_MS = 5_000;
/** Longest pause that outages alone lead to, in milliseconds: that late at most a recovery is noticed. */
const MAX_PAUSE_MS = 30_000;

interface Standing {
  readonly untilMs: number;
  /** Outages met in a row, those within one pause counted once. */
  readonly outages: number;
}

/**
 * When each vendor may be called again. `Retry-After` is meant for the whole of our calls, not for the one row that
 * met it; and a vendor that is down is not asked about a thousand rows, each with its own patience.
 */
export class VendorPauses {
  readonly #standings = new Map<Vendor, Standing>();
  readonly #clock: Clock;
  readonly #schedule: Pick<Schedule, 'retryBaseMs'>;

  constructor(clock: Clock, schedule: Pick<Schedule, 'retryBaseMs'>) {
    this.#clock = clock;
    this.#schedule = schedule;
  }

  /** Takes note of a failed call. */
  failed(vendor: Vendor, error: unknown): void {
    if (!(error instanceof VendorError)) return;
    const nowMs = this.#clock();
    const { untilMs, outages } = this.#standings.get(vendor) ?? { untilMs: 0, outages: 0 };
    const askedMs = error.retryAfterMs ?? (error.code === 'rate-limited' ? UNSAID_PAUSE_MS : null);
    if (askedMs !== null) {
      this.#standings.set(vendor, { untilMs: Math.max(untilMs, nowMs + askedMs), outages });
      return;
    }
    if ((error.code !== 'timeout' && error.code !== 'unavailable') || nowMs < untilMs) return;
    // The least that a row waits after as many failures: one row's trouble delays no other for longer than itself.
    const pauseMs = Math.min((this.#schedule.retryBaseMs / 2) * 2 ** Math.min(outages, 30), MAX_PAUSE_MS);
    this.#standings.set(vendor, { untilMs: nowMs + pauseMs, outages: outages + 1 });
  }

  /** It is there: the next outage begins with a short pause again. */
  answered(vendor: Vendor): void {
    const standing = this.#standings.get(vendor);
    if (standing !== undefined) this.#standings.set(vendor, { ...standing, outages: 0 });
  }

  /** The vendors that may be called now. */
  allowed(vendors: Iterable<Vendor>): readonly Vendor[] {
    return [...vendors].filter((vendor) => (this.#standings.get(vendor)?.untilMs ?? 0) <= this.#clock());
  }
}
