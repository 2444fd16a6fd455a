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
