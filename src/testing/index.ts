/** Vendors' sandboxes for tests and demos. Importing this does nothing; only Node's own modules are used. */
export {
  createLedgerBeeSandbox,
  type LedgerBeeSandbox,
  type LedgerBeeSandboxOptions,
} from './ledgerbee/sandbox.js';
export type { ActivityEntry, ActivityKind } from './ledgerbee/activity.js';
export type { ApiKey, NewApiKey, Scope } from './ledgerbee/api-keys.js';
export { ASSUMPTIONS, type AssumptionName, type AssumptionValues } from './ledgerbee/assumptions.js';
export {
  createManualClock,
  type ManualClock,
  type SandboxClock,
  type TimeScales,
} from './ledgerbee/clock.js';
export type { Customer } from './ledgerbee/customers.js';
export type { Delivery, DeliveryAttempt } from './ledgerbee/delivery-log.js';
export type { Mail } from './ledgerbee/magic-links.js';
export {
  SCENARIOS,
  type ScenarioName,
  type ScenarioState,
  type ScenarioSwitch,
} from './ledgerbee/scenarios.js';
export type { SeededItem, SeededPlan, SeededPlans } from './ledgerbee/seeded-plans.js';
export type { SettingValues } from './ledgerbee/settings.js';
export { createWebhookSecret, signDelivery } from './ledgerbee/signer.js';
export type { SubscriptionActions } from './ledgerbee/subscription-actions.js';
export type { NewSubscription, Subscription, SubscriptionStatus } from './ledgerbee/subscriptions.js';
export { SUBSCRIPTION_TOPICS, type SubscriptionTopic } from './ledgerbee/topics.js';
export type { NewWebhookEndpoint, WebhookEndpoint } from './ledgerbee/webhook-endpoints.js';
export type { HandSentOptions } from './ledgerbee/webhook-sender.js';
export * from './ledyer/index.js';

export { createSiglumeSandbox, type SiglumeSandbox, type SiglumeSandboxOptions } from './siglume/sandbox.js';
export {
  SIGLUME_ASSUMPTIONS,
  type AssumptionName as SiglumeAssumptionName,
  type AssumptionValues as SiglumeAssumptionValues,
} from './siglume/assumptions.js';
export {
  BATCH_ACTIONS as SIGLUME_BATCH_ACTIONS,
  SESSION_ACTIONS as SIGLUME_SESSION_ACTIONS,
  type BatchAction as SiglumeBatchAction,
  type SessionAction as SiglumeSessionAction,
} from './siglume/buyer-actions.js';
export type {
  CheckoutSession as SiglumeCheckoutSession,
  CheckoutSessionStatus as SiglumeCheckoutSessionStatus,
} from './siglume/checkout-sessions.js';
export type { SiglumeDelivery, SiglumeDeliveryAttempt } from './siglume/delivery-log.js';
export { FAULTS as SIGLUME_FAULTS, type FaultName as SiglumeFaultName } from './siglume/faults.js';
export type { ReadinessCheck as SiglumeReadinessCheck } from './siglume/merchant.js';
export type {
  BatchStatus as SiglumeBatchStatus,
  MeteredUsageRecord as SiglumeMeteredUsage,
  SettlementBatchRecord as SiglumeSettlementBatch,
} from './siglume/metered-records.js';
export type { SiglumePayment } from './siglume/payments.js';
export { createSiglumeWebhookSecret, signSiglumeDelivery } from './siglume/signer.js';
export type {
  SwitchState as SiglumeSwitchState,
  SwitchValue as SiglumeFaultSwitch,
} from './shared/switches.js';
export type {
  NewWebhookSubscription as NewSiglumeWebhookSubscription,
  WebhookSubscription as SiglumeWebhookSubscription,
} from './siglume/webhook-subscriptions.js';
