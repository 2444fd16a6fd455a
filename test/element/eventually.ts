import { vi } from 'vitest';

/** Longest wait for what comes by painting, by a channel, by a poll or from another process, in milliseconds. */
const EVENTUALLY_MS = 8_000;

/**
 * Resolves when `check` passes: on a busy machine later than Vitest's one second. Under fake timers each look moves
 * their clock by 50 ms.
 */
export function eventually<T>(check: () => T | Promise<T>, withinMs = EVENTUALLY_MS): Promise<T> {
  return vi.waitFor(check, { timeout: withinMs });
}
