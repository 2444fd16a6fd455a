/**
 * When the vendor tries again. The documented waits (30 s, 2 min, 8 min, 32 min, ~2 h, ~8.5 h, 10 h) are
 * 30 s × 4ⁿ, capped at 10 h: INFERRED (contract §6.5).
 */
const FIRST_WAIT_MS = 30_000;
const FACTOR = 4;
const LONGEST_WAIT_MS = 10 * 60 * 60_000;

/** Attempts of one delivery, the first included. */
export const DELIVERY_ATTEMPTS = 8;

/** ASSUMED (U16). */
export const DELIVERY_TIMEOUT_MS = 15_000;

/** Milliseconds to wait after `made` attempts, or `null` when the last was made. */
export function waitAfter(made: number): number | null {
  if (made >= DELIVERY_ATTEMPTS) return null;
  return Math.min(FIRST_WAIT_MS * FACTOR ** (made - 1), LONGEST_WAIT_MS);
}
