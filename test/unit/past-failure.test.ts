/** A failure of before: when it is no verdict on the try that is waited for, and how long. */
import { describe, expect, it } from 'vitest';
import {
  isConfirmedSince,
  isPastFailure,
  type Failure,
  type Heard,
  type Try,
} from '../../src/fulfillment/past-failure.js';

/** The one purchase was read, and then the order failed. */
const READ = 1000;
const FAILED = 2000;
/** A word of the same try may come so much later. */
const LATE = 30_000;
const failure = (difference: Partial<Failure> = {}): Failure => ({
  failedAtMs: FAILED,
  readAtMs: READ,
  hasUnread: false,
  heard: null,
  ...difference,
});
const tried = (difference: Partial<Try> = {}): Try => ({
  flow: 'frame',
  offeredAtMs: READ - 1,
  isOpen: true,
  hasWord: false,
  returnedAtMs: null,
  ...difference,
});
const waiting = { nowMs: FAILED + LATE + 1000, reconcileForMs: 100_000 };

describe('a confirmation', () => {
  it.each<[string, Heard, boolean]>([
    ['heard before the failure is answered by it', { atMs: FAILED - 1, offeredAtMs: READ - 1 }, false],
    ['heard in the same moment is, too', { atMs: FAILED, offeredAtMs: READ - 1 }, false],
    [
      'heard soon after it is, for it may have been on its way',
      { atMs: FAILED + LATE, offeredAtMs: READ - 1 },
      false,
    ],
    ['heard later is not', { atMs: FAILED + LATE + 1, offeredAtMs: READ - 1 }, true],
    ['of a mere handle is not', { atMs: FAILED + LATE + 1, offeredAtMs: null }, true],
    ['of a try that began after all was read is not', { atMs: READ + 2, offeredAtMs: READ + 1 }, true],
    ['heard before that try began is', { atMs: READ + 2, offeredAtMs: READ + 3 }, false],
    ['of a try that began before it was read is', { atMs: READ + 1, offeredAtMs: READ }, false],
  ])('%s', (_, heard, isSince) => {
    expect(isConfirmedSince(failure({ heard }), waiting)).toBe(isSince);
    expect(isPastFailure(failure({ heard }), tried(), waiting)).toBe(isSince);
    // A return says as much to its own page, and to nobody else.
    const returned = tried({ returnedAtMs: heard.atMs, offeredAtMs: heard.offeredAtMs, flow: 'linked' });
    expect(isPastFailure(failure(), returned, waiting)).toBe(isSince);
  });

  it('is answered by another purchase that was read after it, though no status moved', () => {
    const heard = { atMs: FAILED + 10, offeredAtMs: FAILED + 5 };
    expect(isConfirmedSince(failure({ heard, readAtMs: FAILED + 4 }), waiting)).toBe(true);
    expect(isConfirmedSince(failure({ heard, readAtMs: FAILED + 10 }), waiting)).toBe(false);
  });

  it.each([
    [0, true],
    [1, false],
  ])('is waited for as long as the vendor is asked: %i ms later %j', (laterMs, isSince) => {
    const heard = { atMs: FAILED + LATE + 1, offeredAtMs: null };
    const nowMs = FAILED + LATE + waiting.reconcileForMs + laterMs;
    expect(isConfirmedSince(failure({ heard }), { ...waiting, nowMs })).toBe(isSince);
  });
});

describe('a try', () => {
  it.each<[string, Partial<Try>, boolean]>([
    ['in a frame that began before what failed was read', {}, false],
    ['in a frame that began after that', { offeredAtMs: READ + 1 }, true],
    ['in a frame with nothing to buy with', { offeredAtMs: null }, false],
    ['at a hosted checkout of its own', { flow: 'redirect' }, true],
    ['at one that is over', { flow: 'redirect', isOpen: false }, false],
    ['at one of which a payment was spoken', { flow: 'redirect', hasWord: true }, false],
    ['at the merchant’s own', { flow: 'linked', offeredAtMs: FAILED + 1 }, false],
    ['at a vendor that is not configured', { flow: undefined, offeredAtMs: FAILED + 1 }, false],
  ])('%s', (_, difference, isPast) => {
    expect(isPastFailure(failure(), tried(difference), waiting)).toBe(isPast);
  });

  it.each(['frame', 'redirect'] as const)('is waited for as long as the vendor is asked: %s', (flow) => {
    const attempt = tried({ flow, offeredAtMs: READ + 1 });
    const endMs = READ + 1 + waiting.reconcileForMs;
    expect(isPastFailure(failure(), attempt, { ...waiting, nowMs: endMs - 1 })).toBe(true);
    expect(isPastFailure(failure(), attempt, { ...waiting, nowMs: endMs })).toBe(false);
  });

  it('keeps nobody from buying before a confirmation was heard of it', () => {
    expect(isConfirmedSince(failure(), waiting)).toBe(false);
  });
});

it('a purchase that was never read may be the one that was paid', () => {
  expect(isPastFailure(failure({ hasUnread: true }), tried({ flow: 'linked' }), waiting)).toBe(true);
});
