import type { RateLimit } from './rate-limit.js';

/** A page's calls that are limited, by what they do. */
export type LimitedCall = 'start' | 'bindToken' | 'signals' | 'status' | 'events';

/** What one client may do in one process of the kit. With several processes it may do so in each. */
export type RateLimits = Readonly<Record<LimitedCall, RateLimit>>;

/**
 * Far above what an honest page does, also one with several tabs and an impatient buyer: a buyer who is held up
 * costs a sale. A refused bind token makes a checkout anonymous, so that limit is the widest beside its cost.
 */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  /** A double click, some reloads; behind one address perhaps a whole office. */
  start: { perMinute: 60, burst: 30 },
  bindToken: { perMinute: 60, burst: 30 },
  /** A page that comes back sends what waited, twenty at once. */
  signals: { perMinute: 120, burst: 60 },
  /** A page asks once a second at first, then every five; and whenever it is looked at. */
  status: { perMinute: 240, burst: 120 },
  events: { perMinute: 60, burst: 30 },
};
