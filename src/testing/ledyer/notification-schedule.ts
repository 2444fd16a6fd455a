/** When the vendor sends a notification again, as its documentation lists it: 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits before the second attempt and each one after, counted from the end of the one before. */
const WAITS_MS = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  10 * HOUR_MS,
] as const;

/** Attempts of one notification, the first included. */
export const NOTIFICATION_ATTEMPTS = WAITS_MS.length + 1;

/** From the first attempt to the last: 27 h 35 min 5 s. */
export const LAST_ATTEMPT_AFTER_MS = WAITS_MS.reduce((sum, wait) => sum + wait, 0);

/** Milliseconds to wait after `made` attempts, or `null` when the last was made. */
export function waitAfter(made: number): number | null {
  return WAITS_MS[made - 1] ?? null;
}
