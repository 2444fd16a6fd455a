/** Ledyer's sandbox. */
export { createLedyerSandbox, type LedyerSandbox, type LedyerSandboxOptions } from './sandbox.js';
export type { LedyerActivityEntry, LedyerActivityKind } from './activity.js';
export type { LedyerActs } from './acts.js';
export { LEDYER_ASSUMPTIONS, type LedyerAssumptionName, type LedyerAssumptionValues } from './assumptions.js';
export type { LedyerCredentials } from './credentials.js';
export { LEDYER_EVENT_TYPES, type LedyerEvent, type LedyerEventType } from './event-types.js';
export { LEDYER_JOURNEYS, type LedyerJourney, type LedyerJourneyName } from './journeys.js';
export type { LedyerLine, LedyerLineType } from './lines.js';
export type { LedyerEndpoint } from './notification-endpoints.js';
export type { LedyerNotification, LedyerNotificationAttempt } from './notification-log.js';
export type { LedyerOrder, LedyerPaymentMethod } from './order.js';
export { LEDYER_PAYMENT_STATUSES, type LedyerPaymentStatus } from './payment-status.js';
export type { Purchase as LedyerPurchase } from './purchases.js';
export type { SampleOptions as LedyerSampleOptions } from './sample-basket.js';
export {
  LEDYER_SCENARIOS,
  type LedyerScenarioName,
  type LedyerScenarioState,
  type LedyerScenarioSwitch,
} from './scenarios.js';
export type { LedyerSession } from './session.js';
