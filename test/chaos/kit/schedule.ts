/** The kit's times, compressed: what takes it a day takes seconds here. */
import type { Schedule } from 'checkout-embed/fulfillment';

export const CHAOS_SCHEDULE: Partial<Schedule> = {
  reconcileDelaysMs: [2_000, 5_000, 12_000, 25_000],
  reconcileEveryMs: 20_000,
  reconcileForMs: 3_600_000,
  // A reference may stay nobody's as long as the buyer's start is being tried again.
  parkMs: 600_000,
  fallbackAfterMs: 600_000,
  triggerPauseMs: 100,
  sweepIntervalMs: 100,
  leaseSeconds: 3,
  // Workers that die on an effect spend its tries; no effect here fails so often by itself.
  effectMaxTries: 100,
  retryBaseMs: 50,
  retryMaxMs: 1_000,
  deliveryTimeoutMs: 4_000,
};

/** After this long nobody holds a claim any more, and everybody has looked for work, in milliseconds. */
export const LEASE_OVER_MS = 3_500;
