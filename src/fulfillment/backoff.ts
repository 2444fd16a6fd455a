import type { Schedule } from './schedule.js';

/**
 * How long to wait after the n-th failure, in milliseconds: doubling from the base to the maximum, the upper
 * half of it random, so that what failed together does not come back together. The lower half is kept: tries are
 * counted, and twenty of them must last through an outage, not by chance be spent in its first minutes.
 * @param failures 1 for the first.
 * @param atLeastMs What the other side asked for (`Retry-After`); never undercut.
 */
export function backoffMs(
  schedule: Pick<Schedule, 'retryBaseMs' | 'retryMaxMs'>,
  failures: number,
  atLeastMs: number | null = null,
  random: () => number = Math.random,
): number {
  const full = Math.min(schedule.retryBaseMs * 2 ** Math.min(failures - 1, 30), schedule.retryMaxMs);
  return Math.max(Math.round(full / 2 + (full / 2) * random()), atLeastMs ?? 0);
}
