/**
 * Subscriptions: one chain each, its status, and the events each change owes. Nothing here knows who asked:
 * checkout, sales staff or the operator.
 */
import { randomUUID } from 'node:crypto';
import type { ActivityFeed } from './activity.js';
import type { Assumptions } from './assumptions.js';
import type { VendorTime } from './clock.js';
import { ApiFailure } from './envelope.js';
import type { SubscriptionTopic, WebhookEvent } from './topics.js';

export const SUBSCRIPTION_STATUSES = [
  'scheduled',
  'trial',
  'awaiting_payment',
  'active',
  'pending_cancellation',
  'paused',
  'cancelled',
  'expired',
] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

export interface Subscription {
  /** Chain id, stable for life. */
  readonly id: string;
  /** Internal; changes with every structural change. */
  readonly versionId: string;
  readonly customerId: string;
  readonly planId: string;
  readonly planItemId: string | null;
  readonly status: SubscriptionStatus;
  readonly partnerReferenceId: string | null;
  /** ISO 8601. */
  readonly startDate: string;
  readonly endDate: string | null;
  readonly trialDays: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface NewSubscription {
  readonly customerId: string;
  readonly planId: string;
  readonly planItemId: string | null;
  readonly partnerReferenceId: string | null;
  /** ISO 8601; `null` for now. */
  readonly startDate: string | null;
  readonly endDate?: string | null;
  readonly trialDays?: number;
  /** The first charge must clear before it becomes active. */
  readonly cardPayFirst?: boolean;
}

/** U14. */
export type ErrorType = 'charge_failed' | 'undeliverable_recipient';

const DAY_MS = 24 * 60 * 60_000;
const ENDED: readonly SubscriptionStatus[] = ['cancelled', 'expired'];

export class Subscriptions {
  readonly #chains = new Map<string, Subscription>();
  readonly #payFirst = new Set<string>();
  readonly #timers = new Map<string, () => void>();
  readonly #time: VendorTime;
  readonly #assumptions: Assumptions;
  readonly #activity: ActivityFeed;
  readonly #announce: (events: readonly WebhookEvent[]) => void;

  constructor(
    time: VendorTime,
    assumptions: Assumptions,
    activity: ActivityFeed,
    announce: (events: readonly WebhookEvent[]) => void,
  ) {
    this.#time = time;
    this.#assumptions = assumptions;
    this.#activity = activity;
    this.#announce = announce;
  }

  /** Assigns one. A future start is `scheduled` and starts on its date. */
  create(fresh: NewSubscription): Subscription {
    const now = this.#time.iso();
    const startDate = fresh.startDate ?? now;
    const subscription: Subscription = {
      id: randomUUID(),
      versionId: randomUUID(),
      customerId: fresh.customerId,
      planId: fresh.planId,
      planItemId: fresh.planItemId,
      status: 'scheduled',
      partnerReferenceId: fresh.partnerReferenceId,
      startDate,
      endDate: fresh.endDate ?? null,
      trialDays: fresh.trialDays ?? 0,
      createdAt: now,
      updatedAt: now,
    };
    this.#chains.set(subscription.id, subscription);
    if (fresh.cardPayFirst === true) this.#payFirst.add(subscription.id);
    const startsInMs = Date.parse(startDate) - this.#time.now();
    if (startsInMs <= 0) return this.#begin(subscription.id, ['subscription.assigned']);
    this.#schedule(subscription.id, startsInMs, () => this.start(subscription.id));
    return this.#change(subscription.id, {}, ['subscription.assigned']);
  }

  /** Starts a scheduled one now. */
  start(id: string): Subscription {
    this.#requireStatus(id, ['scheduled']);
    return this.#begin(id, []);
  }

  /** The first charge cleared. */
  capture(id: string): Subscription {
    this.#requireStatus(id, ['awaiting_payment']);
    return this.#change(id, { status: 'active' }, ['subscription.started', 'subscription.payment_succeeded']);
  }

  /** A billing problem; changes no status. */
  reportError(id: string, errorType: ErrorType, message: string): Subscription {
    const subscription = this.require(id);
    this.#announce([
      { topic: 'subscription.error', data: { ...eventData(subscription), errorType, message } },
    ]);
    return subscription;
  }

  endTrial(id: string): Subscription {
    this.#requireStatus(id, ['trial']);
    return this.#change(id, { status: 'active' }, ['subscription.trial_ended']);
  }

  pause(id: string): Subscription {
    this.#requireStatus(id, ['active', 'trial']);
    return this.#change(id, { status: 'paused' }, ['subscription.paused']);
  }

  resume(id: string): Subscription {
    this.#requireStatus(id, ['paused']);
    return this.#change(id, { status: 'active' }, ['subscription.resumed']);
  }

  /** @param effectiveMs When it ends, epoch milliseconds. */
  scheduleCancellation(id: string, effectiveMs: number): Subscription {
    this.#requireAlive(id);
    this.#schedule(id, effectiveMs - this.#time.now(), () => this.churn(id));
    return this.#change(id, { status: 'pending_cancellation' }, ['subscription.cancellation_scheduled']);
  }

  clearCancellation(id: string): Subscription {
    this.#requireStatus(id, ['pending_cancellation']);
    this.#unschedule(id);
    this.#expireAtEnd(id);
    return this.#change(id, { status: 'active' }, ['subscription.cancellation_cleared']);
  }

  /** Ends it now, by cancellation. */
  churn(id: string): Subscription {
    this.#requireAlive(id);
    this.#unschedule(id);
    return this.#change(id, { status: 'cancelled', endDate: this.#time.iso() }, ['subscription.churned']);
  }

  /** Ends it now, at its end date. */
  expire(id: string): Subscription {
    this.#requireAlive(id);
    this.#unschedule(id);
    return this.#change(id, { status: 'expired' }, ['subscription.churned']);
  }

  /** A structural change: a new version of the chain. */
  transition(id: string, change: Partial<Pick<Subscription, 'planId' | 'planItemId'>> = {}): Subscription {
    this.#requireAlive(id);
    return this.#change(id, { ...change, versionId: randomUUID() }, ['subscription.transitioned']);
  }

  /** A setting changed. */
  touch(id: string): Subscription {
    this.#requireAlive(id);
    return this.#change(id, {}, ['subscription.updated']);
  }

  /** A billing run made its invoice. */
  bill(id: string): Subscription {
    this.#requireAlive(id);
    return this.#change(id, {}, ['subscription.billed']);
  }

  get(id: string): Subscription | null {
    return this.#chains.get(id) ?? null;
  }

  /** @throws {ApiFailure} 404; its code is ASSUMED. */
  require(id: string): Subscription {
    const subscription = this.get(id);
    if (subscription === null) throw new ApiFailure(404, 'SUBSCRIPTION_NOT_FOUND', 'Subscription not found');
    return subscription;
  }

  /** Newest first. */
  list(): readonly Subscription[] {
    return [...this.#chains.values()].reverse();
  }

  #begin(id: string, before: readonly SubscriptionTopic[]): Subscription {
    const { trialDays } = this.require(id);
    this.#expireAtEnd(id);
    if (this.#payFirst.has(id)) return this.#change(id, { status: 'awaiting_payment' }, before);
    const status: SubscriptionStatus = trialDays > 0 ? 'trial' : 'active';
    if (trialDays > 0) this.#time.after(trialDays * DAY_MS, () => this.#endTrialIfStillOn(id));
    const topics: readonly SubscriptionTopic[] = [...before, 'subscription.started'];
    const isSwapped = this.#assumptions.current.firstEvent === 'started';
    return this.#change(id, { status }, isSwapped ? [...topics].reverse() : topics);
  }

  #expireAtEnd(id: string): void {
    const { endDate } = this.require(id);
    if (endDate !== null) this.#schedule(id, Date.parse(endDate) - this.#time.now(), () => this.expire(id));
  }

  #endTrialIfStillOn(id: string): void {
    if (this.get(id)?.status === 'trial') this.endTrial(id);
  }

  #change(id: string, change: Partial<Subscription>, topics: readonly SubscriptionTopic[]): Subscription {
    const subscription: Subscription = { ...this.require(id), ...change, updatedAt: this.#time.iso() };
    this.#chains.set(id, subscription);
    this.#activity.add('subscription', `subscription ${subscription.status}`, {
      subscriptionId: id,
      status: subscription.status,
      partnerReferenceId: subscription.partnerReferenceId,
    });
    this.#announce(topics.map((topic) => ({ topic, data: eventData(subscription) })));
    return subscription;
  }

  #schedule(id: string, inMs: number, run: () => void): void {
    this.#unschedule(id);
    this.#timers.set(id, this.#time.after(Math.max(0, inMs), run));
  }

  #unschedule(id: string): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }

  #requireAlive(id: string): void {
    this.#requireStatus(
      id,
      SUBSCRIPTION_STATUSES.filter((status) => !ENDED.includes(status)),
    );
  }

  /** @throws {ApiFailure} 409 when the change does not follow from the status; the code is ASSUMED. */
  #requireStatus(id: string, allowed: readonly SubscriptionStatus[]): void {
    const { status } = this.require(id);
    if (!allowed.includes(status)) {
      throw new ApiFailure(409, 'SUBSCRIPTION_STATUS_CONFLICT', `The subscription is ${status}`, { status });
    }
  }
}

/** `data` of a subscription event. Beyond the ids and the reference ASSUMED (U14). */
function eventData(subscription: Subscription): Readonly<Record<string, unknown>> {
  const { id, versionId, customerId, planId, status, partnerReferenceId, startDate } = subscription;
  return { subscriptionId: id, versionId, customerId, planId, status, partnerReferenceId, startDate };
}
