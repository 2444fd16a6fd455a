/**
 * LedgerBee's thirteen subscription topics, and what comes of each. No topic decides anything by itself: every one
 * announces its subscription and causes it to be read, also those that change no access. Each is one more chance to
 * notice a change whose own delivery was lost, and none can be wrong about what the API shows.
 */

export type SubscriptionTopic = keyof typeof SUBSCRIPTION_TOPICS;

/** What comes of a delivery, once the subscription was read. One line of Markdown each: the README has them. */
export const SUBSCRIPTION_TOPICS = {
  'subscription.assigned':
    'Nothing is granted: it may start later. The order is `pending` until the API shows access.',
  'subscription.started':
    'Fulfills once the API shows `active`, `trial` or `pending_cancellation`, of the plan that was sold.',
  'subscription.updated': 'A setting changed: nothing follows unless the API shows another status or plan.',
  'subscription.transitioned':
    'Before the order is fulfilled, another plan than the one sold goes to review; afterwards it is the subscription’s own life.',
  'subscription.paused':
    'What was granted stays, and nothing new is granted. What a pause means is yours to say.',
  'subscription.resumed':
    'Fulfills if nothing was granted yet; what was granted before the pause is not granted again.',
  'subscription.trial_ended':
    'Billing begins and access goes on: nothing follows unless the API shows otherwise.',
  'subscription.cancellation_scheduled':
    'Access goes on until the date: nothing follows before the API shows the end.',
  'subscription.cancellation_cleared': 'The end was called off: nothing follows.',
  'subscription.churned':
    'Revokes what was granted once the API shows `cancelled` or `expired`; what was not granted by then never is.',
  'subscription.billed': 'An invoice was made: nothing follows. A renewal is not another fulfillment.',
  'subscription.payment_succeeded': 'Ends `awaiting_payment`: fulfills if nothing was granted yet.',
  'subscription.error':
    'A billing problem, not an end: its `errorType` is kept with the order’s facts for a person. Nothing is failed or revoked by it.',
} as const satisfies Readonly<Record<`subscription.${string}`, string>>;

export function isSubscriptionTopic(topic: string): topic is SubscriptionTopic {
  return Object.hasOwn(SUBSCRIPTION_TOPICS, topic);
}
