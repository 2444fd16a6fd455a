/** What the operator does to a subscription in LedgerBee's own app, by name: for tests and the QA console. */
import type { Subscription, Subscriptions } from './subscriptions.js';

const DAY_MS = 24 * 60 * 60_000;

/** Each changes the subscription and sends its event. @throws {ApiFailure} 404 or 409. */
export interface SubscriptionActions {
  start(id: string): Subscription;
  capture(id: string): Subscription;
  chargeFails(id: string): Subscription;
  /** The invoice finds nobody. */
  invoiceBounces(id: string): Subscription;
  endTrial(id: string): Subscription;
  pause(id: string): Subscription;
  resume(id: string): Subscription;
  /** Ends in thirty days. */
  scheduleCancellation(id: string): Subscription;
  clearCancellation(id: string): Subscription;
  churn(id: string): Subscription;
  expire(id: string): Subscription;
  transition(id: string): Subscription;
  update(id: string): Subscription;
  bill(id: string): Subscription;
}

export function subscriptionActions(subscriptions: Subscriptions, now: () => number): SubscriptionActions {
  return {
    start: (id) => subscriptions.start(id),
    capture: (id) => subscriptions.capture(id),
    chargeFails: (id) => subscriptions.reportError(id, 'charge_failed', 'The card was declined'),
    invoiceBounces: (id) =>
      subscriptions.reportError(id, 'undeliverable_recipient', 'The invoice could not be delivered'),
    endTrial: (id) => subscriptions.endTrial(id),
    pause: (id) => subscriptions.pause(id),
    resume: (id) => subscriptions.resume(id),
    scheduleCancellation: (id) => subscriptions.scheduleCancellation(id, now() + 30 * DAY_MS),
    clearCancellation: (id) => subscriptions.clearCancellation(id),
    churn: (id) => subscriptions.churn(id),
    expire: (id) => subscriptions.expire(id),
    transition: (id) => subscriptions.transition(id),
    update: (id) => subscriptions.touch(id),
    bill: (id) => subscriptions.bill(id),
  };
}
