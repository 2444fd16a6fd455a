/** What does Ledyer's payment status mean for the merchant's order? Pure. */
import { allows, type LedyerOrder } from './order.js';

/**
 * `pending`: hold. `ready`: fulfill. `captured`: fulfill, if that is still to be done. `refunded`, `cancelled`:
 * take back. `unknown`: change nothing, ask again, and let a person look when it stays so.
 */
export type LedyerStanding = 'pending' | 'ready' | 'captured' | 'refunded' | 'cancelled' | 'unknown';

export interface LedyerState {
  readonly standing: LedyerStanding;
  /** The vendor's own word. */
  readonly vendorStatus: string;
  /** The vendor should be told that the order exists here, once it does. */
  readonly isAcknowledgeable: boolean;
  /** Capture would be taken now. */
  readonly isCapturable: boolean;
}

interface Meaning {
  readonly standing: LedyerStanding;
  /** There is an order at the vendor, and it is not over. */
  readonly isAcknowledgeable: boolean;
}

/** From "Payment Status"; all eight words. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  // A session has just begun.
  ['orderInitiated', { standing: 'pending', isAcknowledgeable: false }],
  // A signatory or a person at the vendor decides: there is no order to acknowledge yet.
  ['orderPending', { standing: 'pending', isAcknowledgeable: false }],
  // An advance invoice is out. It cannot be captured later unless it is acknowledged.
  ['paymentPending', { standing: 'pending', isAcknowledgeable: true }],
  ['paymentConfirmed', { standing: 'ready', isAcknowledgeable: true }],
  // May be the first thing we hear, where the vendor captures by itself.
  ['orderCaptured', { standing: 'captured', isAcknowledgeable: true }],
  ['orderRefunded', { standing: 'refunded', isAcknowledgeable: false }],
  ['orderCancelled', { standing: 'cancelled', isAcknowledgeable: false }],
  ['unknown', { standing: 'unknown', isAcknowledgeable: false }],
]);

/** Words of get-order for an order that is over, where nothing is left to capture and no captured money stays. */
const ENDED = ['cancelled', 'expired', 'fullyRefunded'] as const;

/**
 * @param vendorStatus The payment status. A word of no list is `unknown`.
 * @param order What get-order says; `null` while there is no order.
 */
export function stateOf(vendorStatus: string, order: LedyerOrder | null): LedyerState {
  const meaning = MEANINGS.get(vendorStatus);
  if (meaning === undefined || contradicts(meaning.standing, order)) {
    return { standing: 'unknown', vendorStatus, isAcknowledgeable: false, isCapturable: false };
  }
  const { standing, isAcknowledgeable } = meaning;
  return {
    standing,
    vendorStatus,
    isAcknowledgeable: isAcknowledgeable && !isAcknowledged(order),
    // The status alone is not enough: for a moment after it is confirmed, capture is still refused. A partly
    // captured order may be called captured, and its rest still be open.
    isCapturable:
      (standing === 'ready' || standing === 'captured') && order !== null && allows(order, 'capture'),
  };
}

/**
 * The two answers are of two moments, or the vendor means something else than we do. An end while money stays
 * captured: what is to be taken back is for a person to say. A grant for an order that has ended: asked again.
 */
function contradicts(standing: LedyerStanding, order: LedyerOrder | null): boolean {
  if (order === null) return false;
  const isMoneyKept = order.capturedMinor > order.refundedMinor;
  switch (standing) {
    case 'cancelled':
    case 'refunded':
      return isMoneyKept;
    case 'ready':
    case 'captured':
      return order.uncaptured === null && !isMoneyKept && ENDED.some((word) => order.status.includes(word));
    case 'pending':
    case 'unknown':
      return false;
  }
}

function isAcknowledged(order: LedyerOrder | null): boolean {
  return order !== null && !order.status.includes('unacknowledged');
}
