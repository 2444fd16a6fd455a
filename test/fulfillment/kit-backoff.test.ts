/** How long the kit waits after a failure. */
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/fulfillment/backoff.js';

const schedule = { retryBaseMs: 1000, retryMaxMs: 3600_000 };

describe('the pause after a failure', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [12, 2048_000],
    [13, 3600_000],
    [1000, 3600_000],
  ])('number %i is at most %i ms, and at least half of it', (failures, full) => {
    expect(backoffMs(schedule, failures, null, () => 0)).toBe(full / 2);
    expect(backoffMs(schedule, failures, null, () => 1)).toBe(full);
  });

  it('is never shorter than the other side asked for', () => {
    expect(backoffMs(schedule, 1, 60_000, () => 0)).toBe(60_000);
    expect(backoffMs(schedule, 10, 60_000, () => 0)).toBe(256_000);
  });
});
