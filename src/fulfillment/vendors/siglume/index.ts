/** All of Siglume that lies outside its folder's walls: the edge, and the pure rules around it. */
export { siglume } from './adapter.js';
export { siglumeEdge, type Price, type SiglumeEdge } from './edge.js';
export { fateOf, standingOfSession } from './attempt-fate.js';
export type { AttemptFate, SessionStanding } from './attempt-fate.js';
export { SESSION_LIFETIME_MS } from './assumed.js';
export type { BatchStanding } from './batch-state.js';
export type { CheckoutReading, CheckoutRequest, OpenedCheckout, SessionStatus } from './checkout.js';
export type { SiglumeMeaning } from './decode.js';
export { stableNonce } from './nonce.js';
export type { SiglumeOptions } from './options.js';
export { METERED_INTEGRATION_REQUIRED, type PricingBand } from './pricing.js';
export type { Readiness } from './readiness.js';
export { acceptReturnUrl } from './return-url.js';
export type { MeteredUsage, SettlementBatch } from './statements.js';
export type { ClaimedTerms, Currency, TermsMismatch } from './terms.js';
