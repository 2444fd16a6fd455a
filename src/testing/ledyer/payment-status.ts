/** What the payment-status call says of a purchase. Pure. */
import type { LedyerAssumptionValues } from './assumptions.js';
import type { LedyerOrder } from './order.js';
import { isWhollyRefunded } from './order-view.js';
import type { Purchase } from './purchases.js';

export const LEDYER_PAYMENT_STATUSES = [
  'orderInitiated',
  'orderPending',
  'paymentPending',
  'paymentConfirmed',
  'orderCaptured',
  'orderRefunded',
  'orderCancelled',
  'unknown',
] as const;
export type LedyerPaymentStatus = (typeof LEDYER_PAYMENT_STATUSES)[number];

export interface StatusAnswer {
  readonly status: LedyerPaymentStatus;
  readonly note: string | null;
}

export function paymentStatusOf(purchase: Purchase, assumed: LedyerAssumptionValues): StatusAnswer {
  const { session, order } = purchase;
  if (order !== null) return statusOfOrder(order, assumed);
  switch (session.state) {
    case 'initial':
    case 'authorized': // The Payments product: authorized, and the merchant has not spent the token yet.
      return { status: 'orderInitiated', note: null };
    case 'awaitingSignatory':
      return { status: 'orderPending', note: 'Awaiting signature' };
    case 'expired':
      return { status: assumed.endedSessionStatus, note: null };
  }
}

function statusOfOrder(order: LedyerOrder, assumed: LedyerAssumptionValues): StatusAnswer {
  const is = (status: LedyerPaymentStatus, note: string | null = null): StatusAnswer => ({ status, note });
  if (order.expired) return is('orderCancelled');
  if (order.captured.length > 0) {
    if (order.uncaptured !== null) return is(assumed.partlyCapturedStatus);
    if (isWhollyRefunded(order)) return is('orderRefunded');
    if (order.refunded.length > 0) return is(assumed.partlyRefundedStatus);
    return is(order.cancelled ? assumed.restCancelledStatus : 'orderCaptured');
  }
  if (order.uncaptured === null) return is('orderCancelled');
  switch (order.phase) {
    case 'review':
      return is('orderPending', 'Manual review');
    case 'unpaid':
      return is('paymentPending', 'Awaiting payment');
    case 'confirmed':
    case 'ready':
      return is('paymentConfirmed');
  }
}
