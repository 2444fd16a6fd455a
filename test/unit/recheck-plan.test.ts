import { describe, expect, it } from 'vitest';
import { nextRecheckMs } from '../../src/fulfillment/recheck-plan.js';
import { DEFAULT_SCHEDULE } from '../../src/fulfillment/schedule.js';

const HOUR = 3600_000;
const DAY = 24 * HOUR;

describe('a subject of which nothing is heard', () => {
  it.each([
    ['daily', 0, DAY],
    ['daily until the order is 14 days old', 14 * DAY - 1, DAY],
    ['weekly from then on', 14 * DAY, 7 * DAY],
    ['weekly for ever', 3650 * DAY, 7 * DAY],
  ])('is read %s, a tenth more or less', (_, ageMs, everyMs) => {
    const at = (chance: number): number | null =>
      nextRecheckMs(DEFAULT_SCHEDULE, 'granted', ageMs, 1000, () => chance);
    expect(at(0.5)).toBe(1000 + everyMs);
    expect(at(0)).toBe(1000 + Math.round(0.9 * everyMs));
    expect(at(1)).toBe(1000 + Math.round(1.1 * everyMs));
  });

  it.each(['granted', 'paused', 'awaiting', 'unknown'] as const)('is read again while it is %s', (access) => {
    expect(nextRecheckMs(DEFAULT_SCHEDULE, access, 0, 0)).not.toBeNull();
  });

  it('is left alone once it has ended', () => {
    expect(nextRecheckMs(DEFAULT_SCHEDULE, 'ended', 0, 0)).toBeNull();
  });
});
