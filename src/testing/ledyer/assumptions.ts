/**
 * What nobody could read in the vendor's documentation, and which the real one may do either way. Each is set
 * to what the contract assumes (its row in `ledyer.md` §8 is named) and can be turned. This module and nothing
 * else is ASSUMED; rows without a switch are the constants at its end.
 */
import { Choices, type ChoiceLists } from '../shared/choices.js';

export interface LedyerAssumptionValues {
  /** Which of the two body shapes is sent. 1 */
  readonly bodyShape: 'flat' | 'nested';
  /** Whether the headers of the presumed delivery service are sent. They prove nothing: nobody has the secret. 3 */
  readonly deliveryHeaders: 'none' | 'svix';
  /** Which answers stop the retries. 4 */
  readonly stopsOn: '200' | '2xx';
  /** Whether waits are up to a tenth longer, at random. 5 */
  readonly jitter: boolean;
  /** Whether an endpoint is switched off once a notification to it has failed for good. 6 */
  readonly disablesFailingEndpoint: boolean;
  /** Which forms of the payment-status call are served. 7 */
  readonly statusCall: 'both' | 'path' | 'query';
  /** Payment status of an id nobody knows: 404, or 200 with `unknown`. 8 */
  readonly unknownIdStatus: 'not-found' | 'unknown';
  /** Payment status of a session that expired or was declined. 9 */
  readonly endedSessionStatus: 'orderCancelled' | 'unknown';
  /** Payment status while a part is captured and a rest is open. 10 */
  readonly partlyCapturedStatus: 'paymentConfirmed' | 'orderCaptured';
  /** Payment status after a part was refunded. 11 */
  readonly partlyRefundedStatus: 'orderCaptured' | 'orderRefunded';
  /** Payment status when a part is captured and the rest cancelled. 12 */
  readonly restCancelledStatus: 'orderCaptured' | 'orderCancelled';
  /** Whether anything is said when an order expires: a `cancel`. 13 */
  readonly expiryNotifies: boolean;
  /** Word for a session that has just begun. 14 */
  readonly initialSessionState: 'created' | 'initiated';
  /** What an error answer looks like. 15 */
  readonly errorShape: 'errors' | 'message' | 'text';
  /** A second acknowledge of one order: the order again, or a refusal. 16 */
  readonly secondAcknowledge: 'accepted' | 'refused';
  /** Whether an acknowledge is notified, under a type of no list. 17 */
  readonly acknowledgeNotifies: boolean;
  /** `reference` of a flat body: a stranger's `or_…` until the merchant's is set, or always the order's own id. 18 */
  readonly bodyReference: 'merchant-or-random' | 'order-id';
  /** An idempotency key that comes again with another body: refused, or answered as the first time. 19 */
  readonly keyWithOtherBody: 'refused' | 'first-answer';
  /** Vendor seconds for which reads stay one step behind a notification. 21 */
  readonly readLagSeconds: 0 | 5 | 60;
  /** Whether anything is said when a signatory declines: a `cancel`. 27 */
  readonly declineNotifies: boolean;
  /** Which of `create` and `ready_for_capture` is sent first; the other follows a second later. 29 */
  readonly firstEvent: 'create' | 'ready_for_capture';
  /** Which ids `GET /v1/sessions/{id}` takes. 30 */
  readonly sessionCall: 'both' | 'session-id';
  /** Whether amounts carry `minorUnits`, which older samples lack. §1.6 */
  readonly minorUnits: boolean;
}
export type LedyerAssumptionName = keyof LedyerAssumptionValues;

/** The values that each assumption may take; the first is the contract's. */
export const LEDYER_ASSUMPTIONS: ChoiceLists<LedyerAssumptionValues> = {
  bodyShape: ['flat', 'nested'],
  deliveryHeaders: ['none', 'svix'],
  stopsOn: ['200', '2xx'],
  jitter: [false, true],
  disablesFailingEndpoint: [false, true],
  statusCall: ['both', 'path', 'query'],
  unknownIdStatus: ['not-found', 'unknown'],
  endedSessionStatus: ['orderCancelled', 'unknown'],
  partlyCapturedStatus: ['paymentConfirmed', 'orderCaptured'],
  partlyRefundedStatus: ['orderCaptured', 'orderRefunded'],
  restCancelledStatus: ['orderCaptured', 'orderCancelled'],
  expiryNotifies: [false, true],
  initialSessionState: ['created', 'initiated'],
  errorShape: ['errors', 'message', 'text'],
  secondAcknowledge: ['accepted', 'refused'],
  acknowledgeNotifies: [false, true],
  bodyReference: ['merchant-or-random', 'order-id'],
  keyWithOtherBody: ['refused', 'first-answer'],
  readLagSeconds: [0, 5, 60],
  declineNotifies: [false, true],
  firstEvent: ['create', 'ready_for_capture'],
  sessionCall: ['both', 'session-id'],
  minorUnits: [true, false],
};

export class Assumptions extends Choices<LedyerAssumptionValues> {
  constructor(changed: (summary: string) => void) {
    super(LEDYER_ASSUMPTIONS, changed);
  }
}

/** Headers of a notification beside `Content-Type`. 2 */
export const USER_AGENT = 'ledyer-sandbox';
/** 3 */
export const NOTIFICATION_TIMEOUT_MS = 15_000;
/** 19 */
export const IDEMPOTENCY_WINDOW_MS = 24 * 3_600_000;
/** 20 */
export const RATE_LIMIT_RETRY_AFTER_SECONDS = 1;
/** From the making of an order, and again from an extension. 22 */
export const ORDER_LIFETIME_MS = 14 * 24 * 3_600_000;
/** Begins an access token. 23 */
export const TOKEN_PREFIX = 'v4.public.';
/** Between `create` and `ready_for_capture`. 29 */
export const READY_AFTER_MS = 1_000;
/** A type of no list, for {@link LedyerAssumptionValues.acknowledgeNotifies}. 17 */
export const UNLISTED_TYPE = 'com.ledyer.order.acknowledge';

/** Whether a session of this security level goes to a signatory before there is an order. 28 */
export function needsSignatory(securityLevel: number): boolean {
  return securityLevel >= 300;
}
