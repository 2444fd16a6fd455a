/** How many calls one client may make, in this process. Knows neither HTTP nor who a client is. */

/** A steady rate, and how many calls may come at once above it. */
export interface RateLimit {
  readonly perMinute: number;
  readonly burst: number;
}

/** Entries kept, about 150 bytes each. */
const DEFAULT_MAX_ENTRIES = 50_000;
const MINUTE_MS = 60_000;
/** Times are near 2^41, and the cost of a call is rarely a whole number: less than this is not meant. */
const ROUNDING_MS = 1;

/**
 * The generic cell rate algorithm: a leaky bucket that needs one number per client, the time at which all it took
 * would have been earned. In memory and bounded: over the bound the client that was quiet for longest is forgotten,
 * and begins anew if it comes back. So an attacker with very many addresses can get allowances back, but cannot
 * make this grow.
 * @see ITU-T I.371, "virtual scheduling"
 */
export class RateLimiter {
  readonly #maxEntries: number;
  /** In milliseconds since the epoch, in the order of last use. */
  readonly #earnedAtMs = new Map<string, number>();

  /** @param maxEntries Default 50,000. */
  constructor(maxEntries: number = DEFAULT_MAX_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  /**
   * Takes one call off the client's allowance.
   * @returns milliseconds until there is one to take; 0 when it was taken.
   */
  take(key: string, { perMinute, burst }: RateLimit, nowMs: number): number {
    const costMs = MINUTE_MS / perMinute;
    const capacityMs = costMs * burst;
    const knownMs = this.#earnedAtMs.get(key) ?? nowMs;
    // Nobody is let take more than the capacity: the clock was set back, which must lock nobody out.
    const earnedAtMs = knownMs > nowMs + capacityMs + ROUNDING_MS ? nowMs : Math.max(knownMs, nowMs);
    const missingMs = earnedAtMs + costMs - capacityMs - nowMs;
    const waitMs = missingMs < ROUNDING_MS ? 0 : missingMs;
    // Moved to the end also when refused: the one who presses is not the one who was quiet.
    this.#earnedAtMs.delete(key);
    this.#earnedAtMs.set(key, waitMs > 0 ? earnedAtMs : earnedAtMs + costMs);
    this.#forgetQuietest();
    return waitMs;
  }

  get size(): number {
    return this.#earnedAtMs.size;
  }

  #forgetQuietest(): void {
    if (this.#earnedAtMs.size <= this.#maxEntries) return;
    for (const key of this.#earnedAtMs.keys()) {
      this.#earnedAtMs.delete(key);
      return;
    }
  }
}
