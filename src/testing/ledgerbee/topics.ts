/** The vendor's subscription topics (contract §6.2). */
export const SUBSCRIPTION_TOPICS = [
  'subscription.assigned',
  'subscription.started',
  'subscription.updated',
  'subscription.transitioned',
  'subscription.paused',
  'subscription.resumed',
  'subscription.trial_ended',
  'subscription.cancellation_scheduled',
  'subscription.cancellation_cleared',
  'subscription.churned',
  'subscription.billed',
  'subscription.payment_succeeded',
  'subscription.error',
] as const;
export type SubscriptionTopic = (typeof SUBSCRIPTION_TOPICS)[number];

/** What a test delivery is called. ASSUMED (U15). */
export const TEST_TOPIC = 'webhook.test';

/** Something to tell every endpoint that listens for it. */
export interface WebhookEvent {
  readonly topic: string;
  readonly data: Readonly<Record<string, unknown>>;
}
