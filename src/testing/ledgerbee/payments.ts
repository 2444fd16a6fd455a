/** Card payments at OnPay's stand-in. What the real window answers is ASSUMED (U32). */
import { randomUUID } from 'node:crypto';
import type { ActivityFeed } from './activity.js';
import type { Subscriptions } from './subscriptions.js';

export interface Payment {
  readonly id: string;
  readonly subscriptionId: string;
  readonly description: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly returnUrl: string | null;
  readonly state: 'open' | 'declined' | 'paid' | 'closed';
}

export class Payments {
  readonly #payments = new Map<string, Payment>();
  readonly #subscriptions: Subscriptions;
  readonly #activity: ActivityFeed;

  constructor(subscriptions: Subscriptions, activity: ActivityFeed) {
    this.#subscriptions = subscriptions;
    this.#activity = activity;
  }

  open(details: Omit<Payment, 'id' | 'state'>): Payment {
    const payment: Payment = { ...details, id: randomUUID(), state: 'open' };
    this.#set(payment);
    return payment;
  }

  get(id: string): Payment | null {
    return this.#payments.get(id) ?? null;
  }

  /** The charge clears: the subscription becomes active. Paying again changes nothing. */
  pay(payment: Payment): Payment {
    if (payment.state === 'paid') return payment;
    this.#subscriptions.capture(payment.subscriptionId);
    return this.#set({ ...payment, state: 'paid' });
  }

  /** The subscription goes on waiting, and a `charge_failed` error is told. */
  decline(payment: Payment): Payment {
    if (payment.state === 'paid') return payment;
    this.#subscriptions.reportError(payment.subscriptionId, 'charge_failed', 'The card was declined');
    return this.#set({ ...payment, state: 'declined' });
  }

  /** The buyer closes the window: nothing happens. */
  close(payment: Payment): Payment {
    return payment.state === 'paid' ? payment : this.#set({ ...payment, state: 'closed' });
  }

  #set(payment: Payment): Payment {
    this.#payments.set(payment.id, payment);
    this.#activity.add('payment', `card payment ${payment.state}`, {
      paymentId: payment.id,
      subscriptionId: payment.subscriptionId,
    });
    return payment;
  }
}
