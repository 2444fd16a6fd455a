/**
 * Does `failed` speak of the try that a buyer waits for, or of one before it? An order that failed may be bought again,
 * and stays `failed` until the new purchase is heard of. Pure. All times are the kit's, in milliseconds since the epoch.
 *
 * What makes a failure past ends by itself: when the status moves, when another purchase was read and the order failed
 * all the same, or {@link Schedule.reconcileForMs} later, as an open order is asked about no longer.
 */
import type { VendorAdapter } from './ports.js';
import type { Schedule } from './schedule.js';

/** How much later than the vendor's own word of a try its page's may come, in milliseconds. */
const LATE_SIGNAL_MS = 30_000;

/** An order that failed, and what may have been bought of it since. */
export interface Failure {
  readonly failedAtMs: number;
  /** When the last of its purchases was read for the first time; when it failed, where that is not known. */
  readonly readAtMs: number;
  /** Some purchase of it was never read. */
  readonly hasUnread: boolean;
  /** The last word of a page that a checkout was confirmed, or waits for the buyer's e-mail. */
  readonly heard: Heard | null;
}

/** What a page heard of a payment. */
export interface Heard {
  readonly atMs: number;
  /** When the attempt it was heard of was last given something to buy with; `null` for a mere handle to ask by. */
  readonly offeredAtMs: number | null;
}

/** One buyer's try at it, whose page asks. */
export interface Try {
  readonly flow: VendorAdapter['flow'] | undefined;
  /** When its buyer was last given something to buy with; `null` for a mere handle to ask by. */
  readonly offeredAtMs: number | null;
  /** Its checkout may be paid through still: nobody said that it is over. */
  readonly isOpen: boolean;
  /** A delivery or the vendor's API has spoken of a payment through this very attempt. */
  readonly hasWord: boolean;
  /** When its page last came back from the vendor's with the word that it was paid. */
  readonly returnedAtMs: number | null;
}

/** How long what was heard, or begun, is waited for. */
export interface Waiting extends Pick<Schedule, 'reconcileForMs'> {
  readonly nowMs: number;
}

/**
 * Whether a confirmation was heard that the failure cannot be the answer to: well after it, or of a try that began when
 * all purchases known then had been read. It may be paid, so no other checkout is offered.
 */
export function isConfirmedSince(failure: Failure, waiting: Waiting): boolean {
  return isHeardSince(failure, failure.heard, waiting);
}

/** Whether the failure is no verdict on this try. */
export function isPastFailure(failure: Failure, attempt: Try, waiting: Waiting): boolean {
  return (
    failure.hasUnread ||
    hasBegunSince(failure, attempt, waiting) ||
    isConfirmedSince(failure, waiting) ||
    // A link can say it, so it keeps no other page from buying. This one it keeps from asking to pay again.
    (attempt.returnedAtMs !== null &&
      isHeardSince(failure, { atMs: attempt.returnedAtMs, offeredAtMs: attempt.offeredAtMs }, waiting))
  );
}

function isHeardSince({ failedAtMs, readAtMs }: Failure, heard: Heard | null, waiting: Waiting): boolean {
  if (heard === null || !isWaitedFor(heard.atMs, waiting)) return false;
  if (heard.atMs > Math.max(failedAtMs, readAtMs) + LATE_SIGNAL_MS) return true;
  const { offeredAtMs } = heard;
  return offeredAtMs !== null && offeredAtMs > readAtMs && heard.atMs > offeredAtMs;
}

/** The signal of a confirmation may be lost, or later than the question of a page that was loaded anew. */
function hasBegunSince(failure: Failure, attempt: Try, waiting: Waiting): boolean {
  const { flow, offeredAtMs, isOpen, hasWord } = attempt;
  if (offeredAtMs === null || !isWaitedFor(offeredAtMs, waiting)) return false;
  switch (flow) {
    // Each attempt has a checkout of its own: as long as nothing was said of that, all that failed is another's.
    case 'redirect':
      return isOpen && !hasWord;
    case 'frame':
      return offeredAtMs > failure.readAtMs;
    // The merchant opens these checkouts; an attempt is a handle to ask by.
    case 'linked':
    case undefined:
      return false;
  }
}

function isWaitedFor(sinceMs: number, { nowMs, reconcileForMs }: Waiting): boolean {
  return nowMs < sinceMs + reconcileForMs;
}
