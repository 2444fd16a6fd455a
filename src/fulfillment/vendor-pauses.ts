import type { Vendor } from '../protocol/index.js';
import { VendorError } from './errors.js';
import type { Clock } from './ports.js';

/** `Retry-After` is meant for the whole of our calls, not for the one row that met it. */
export class VendorPauses {
  readonly #until = new Map<Vendor, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes note of a failed call. */
  note(vendor: Vendor, error: unknown): void {
    if (!(error instanceof VendorError) || error.retryAfterMs === null) return;
    const until = this.#clock() + error.retryAfterMs;
    this.#until.set(vendor, Math.max(until, this.#until.get(vendor) ?? 0));
  }

  /** The vendors that may be called now. */
  allowed(vendors: Iterable<Vendor>): readonly Vendor[] {
    return [...vendors].filter((vendor) => (this.#until.get(vendor) ?? 0) <= this.#clock());
  }
}
