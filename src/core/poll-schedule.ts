/** The first pauses, in milliseconds: most orders are fulfilled within them. */
const FIRST_PAUSES_MS = [1_000, 1_000, 2_000, 2_000, 3_000, 5_000] as const;

/** Longest pause that failures alone lead to, in milliseconds. */
const MAX_BACKOFF_MS = 30_000;

/**
 * Milliseconds from the start of one poll to the start of the next: 1, 1, 2, 2, 3, 5 s, then every 5 s to the
 * first minute of asking, 10 s to the fifth, 30 s after.
 */
export function pollPauseMs(polls: number, askedMs: number): number {
  return FIRST_PAUSES_MS[polls] ?? (askedMs < 60_000 ? 5_000 : askedMs < 300_000 ? 10_000 : 30_000);
}

/**
 * Milliseconds to keep away after `failures` in a row: 2, 4, 8, 16, 30 s, and up to a quarter more, so that
 * the pages of a backend that comes back do not all return in one moment.
 * @param random From 0 to 1.
 */
export function backoffMs(failures: number, random: number): number {
  return failures === 0 ? 0 : Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** failures) * (1 + random / 4);
}
