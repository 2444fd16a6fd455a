/** Every type of notification that is documented, and what one carries. */
export const LEDYER_EVENT_TYPES = [
  'com.ledyer.order.create',
  'com.ledyer.order.ready_for_capture',
  'com.ledyer.order.full_capture',
  'com.ledyer.order.part_capture',
  'com.ledyer.order.full_refund',
  'com.ledyer.order.part_refund',
  'com.ledyer.order.cancel',
  'com.ledyer.checkout.session.awaiting_signatory',
  'com.ledyer.authorization.create',
  'com.ledyer.authorization.pending',
] as const;
export type LedyerEventType = (typeof LEDYER_EVENT_TYPES)[number];

/** What has happened, before it is written into a body. One of the two ids is there. */
export interface LedyerEvent {
  /** A listed type; another only by hand or by an assumption. */
  readonly eventType: string;
  readonly orderId?: string;
  readonly sessionId?: string;
  /** The merchant's, where one is set. */
  readonly reference?: string | null;
  /** Of the Payments product alone. Whoever holds it can make the order. */
  readonly authorizationToken?: string;
}
