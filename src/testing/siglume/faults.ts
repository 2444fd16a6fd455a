/** Everything that can go wrong with Siglume, and a buyer who presses by itself, by name. */

/** What the API answers in place of doing anything. */
export const REFUSAL_FAULTS = [
  'not-enabled',
  'feature-disabled',
  'feature-disabled-404',
  'not-found',
  'not-found-no-code',
  'route-not-found',
  'readiness-required',
  'merchant-not-found',
  'billing-setup-required',
  'billing-past-due',
  'billing-suspended',
  'validation-failed',
  'unauthorized',
  'forbidden',
  'rate-limited',
  'server-error',
  'unavailable',
  'not-json',
  'redirected',
] as const;
export type RefusalFault = (typeof REFUSAL_FAULTS)[number];

/** What becomes of the answer to a session that was made. */
export const CREATED_FAULTS = [
  'hangs-after-creating',
  'cut-off-after-creating',
  'error-after-creating',
  'not-json-after-creating',
] as const;
export type CreatedFault = (typeof CREATED_FAULTS)[number];

/** What a confirmation says that is not so. It is well signed. */
export const CONTENT_FAULTS = [
  'webhook-unknown-type',
  'webhook-unknown-mode',
  'webhook-missing-receipt',
  'webhook-wrong-amount',
  'webhook-wrong-currency',
  'webhook-wrong-merchant',
  'webhook-unknown-hash',
  'webhook-metered-band',
  'webhook-batch-event',
] as const;
export type ContentFault = (typeof CONTENT_FAULTS)[number];

/** How one request of a delivery is signed or sent. */
export const SIGNING_FAULTS = [
  'webhook-wrongly-signed',
  'webhook-unsigned',
  'webhook-stale',
  'webhook-from-the-future',
  'webhook-altered-body',
] as const;
export type SigningFault = (typeof SIGNING_FAULTS)[number];

/** A buyer without hands, for a console that reaches an end by one click: taken when the checkout is opened. */
export const BUYER_HABITS = ['buyer-pays', 'buyer-cancels'] as const;
export type BuyerHabit = (typeof BUYER_HABITS)[number];

export const FAULTS = [
  ...REFUSAL_FAULTS,
  ...CREATED_FAULTS,
  // The buyer has paid, and its webhook has been sent, before the call that made the session is answered.
  'webhook-before-answer',
  // The session ends while the wallet is at work: it reads `expired`, and the money comes.
  'paid-after-expiry',
  ...CONTENT_FAULTS,
  ...SIGNING_FAULTS,
  'webhook-twice',
  'webhook-second-event-id',
  'webhook-replayed',
  'webhook-late',
  'webhook-lost',
  'webhook-out-of-order',
  'notice-fails',
  'debit-fails',
  ...BUYER_HABITS,
] as const;
export type FaultName = (typeof FAULTS)[number];
