/** When is a subject read again of which nothing is heard? Pure. */
import type { Observation } from './ports.js';
import type { Schedule } from './schedule.js';

/** How much of a pause is left to chance, either way. */
const JITTER = 0.1;

/**
 * The time of the next reading, in milliseconds since the epoch. `null`: what has ended can be taken back by no lost
 * webhook, and a new life of it is announced.
 * @param orderAgeMs Since the order was made.
 */
export function nextRecheckMs(
  schedule: Pick<Schedule, 'recheckEveryMs' | 'recheckOftenForMs' | 'recheckSeldomEveryMs'>,
  access: Observation['access'],
  orderAgeMs: number,
  nowMs: number,
  random: () => number = Math.random,
): number | null {
  if (access === 'ended') return null;
  const often = orderAgeMs < schedule.recheckOftenForMs;
  const everyMs = often ? schedule.recheckEveryMs : schedule.recheckSeldomEveryMs;
  return nowMs + Math.round(everyMs * (1 - JITTER + 2 * JITTER * random()));
}
