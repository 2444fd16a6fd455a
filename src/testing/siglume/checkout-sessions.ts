/** Checkout sessions: made once for a nonce, single use, ended by the clock. */
import type { ActivityFeed } from '../ledgerbee/activity.js';
import type { VendorTime } from '../ledgerbee/clock.js';
import { ASSUMED, type Assumptions } from './assumptions.js';
import { writeChallenge, type Challenge } from './challenge.js';
import { ApiFailure } from './failure.js';
import { newId, randomHash } from './ids.js';
import type { Merchant } from './merchant.js';
import type { Currency } from './money.js';

export type CheckoutSessionStatus = 'open' | 'authenticated' | 'paid' | 'expired' | 'cancelled' | 'failed';

export interface NewCheckoutSession {
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly nonce: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

export interface CheckoutSession extends NewCheckoutSession {
  readonly id: string;
  readonly merchant: string;
  readonly status: CheckoutSessionStatus;
  readonly challengeHash: string;
  readonly requestHash: string;
  /** Who signed in. Never given out by the API. */
  readonly buyer: string | null;
  /** The wallet allowed the debit. */
  readonly approved: boolean;
  readonly requirementId: string | null;
  /** ISO 8601, as the rest. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly authenticatedAt: string | null;
  readonly paidAt: string | null;
  readonly cancelledAt: string | null;
}

interface Parts {
  readonly time: VendorTime;
  readonly merchant: Merchant;
  readonly assumptions: Assumptions;
  readonly activity: ActivityFeed;
}

export class CheckoutSessions {
  readonly #parts: Parts;
  readonly #sessions = new Map<string, CheckoutSession>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @returns The session under this nonce, or a new one (U1).
   * @throws {ApiFailure} 409 where the nonce is spent, or stands for something else.
   */
  create(fresh: NewCheckoutSession): { readonly session: CheckoutSession; readonly isNew: boolean } {
    const { assumptions, merchant, time } = this.#parts;
    const known = this.list().find(({ nonce }) => nonce === fresh.nonce);
    if (known !== undefined && assumptions.current.repeatedNonce === 'same-session') {
      if (isLive(known) && isSameRequest(known, fresh)) return { session: known, isNew: false };
      throw new ApiFailure(409, 'CHECKOUT_NONCE_CONFLICT', 'This nonce was used for another payment attempt');
    }
    const challenge: Challenge =
      assumptions.current.challengeHash === 'formula'
        ? writeChallenge(merchant.challengeSecret, { ...fresh, merchant: merchant.key }, fresh.nonce)
        : { hash: randomHash(), requestHash: randomHash() };
    const nowMs = time.now();
    const lifetimeMs = time.lifetime(ASSUMED.sessionLifetimeMs);
    const session: CheckoutSession = {
      ...fresh,
      id: newId('chk'),
      merchant: merchant.key,
      status: 'open',
      challengeHash: challenge.hash,
      requestHash: challenge.requestHash,
      buyer: null,
      approved: false,
      requirementId: null,
      createdAt: time.iso(nowMs),
      expiresAt: time.iso(nowMs + lifetimeMs),
      authenticatedAt: null,
      paidAt: null,
      cancelledAt: null,
    };
    this.#sessions.set(session.id, session);
    this.#note(session, 'created');
    time.after(lifetimeMs, () => this.#end(session.id));
    return { session, isNew: true };
  }

  get(id: string): CheckoutSession | null {
    return this.#sessions.get(id) ?? null;
  }

  /** @throws {RangeError} */
  require(id: string): CheckoutSession {
    const session = this.get(id);
    if (session === null) throw new RangeError(`no such checkout session: ${id}`);
    return session;
  }

  /** Oldest first. */
  list(): readonly CheckoutSession[] {
    return [...this.#sessions.values()];
  }

  /** @throws {ApiFailure} 409 unless it is open. */
  signIn(id: string, buyer: string): CheckoutSession {
    const session = this.require(id);
    if (session.status !== 'open') throw over(session);
    return this.#update(
      id,
      { status: 'authenticated', buyer, authenticatedAt: this.#parts.time.iso() },
      'signed in',
    );
  }

  /** @throws {ApiFailure} 409 unless a buyer who may pay is signed in. */
  approve(id: string): CheckoutSession {
    const session = this.require(id);
    if (!this.isPayable(session)) throw over(session);
    return this.#update(id, { approved: true }, 'approved');
  }

  /** Signed in, and not over; or over by the clock alone, where that is let pass (U9). */
  isPayable({ status, authenticatedAt }: CheckoutSession): boolean {
    if (status === 'authenticated') return true;
    const isLate = status === 'expired' && authenticatedAt !== null;
    return isLate && this.#parts.assumptions.current.payAfterExpiry === 'after-sign-in';
  }

  /** The wallet took the payment. A session that is over keeps saying so. */
  markPaid(id: string, requirementId: string): CheckoutSession {
    const isOver = this.require(id).status === 'expired';
    const change = isOver
      ? { requirementId }
      : { requirementId, status: 'paid' as const, paidAt: this.#parts.time.iso() };
    return this.#update(id, change, 'paid');
  }

  /** @throws {ApiFailure} 409 for one that is over. */
  cancel(id: string): CheckoutSession {
    if (!isLive(this.require(id))) throw over(this.require(id));
    return this.#update(id, { status: 'cancelled', cancelledAt: this.#parts.time.iso() }, 'cancelled');
  }

  /** @throws {ApiFailure} 409 for one that is over. */
  fail(id: string): CheckoutSession {
    if (!isLive(this.require(id))) throw over(this.require(id));
    return this.#update(id, { status: 'failed' }, 'failed');
  }

  /** Ends it now, as the clock would. */
  expire(id: string): CheckoutSession {
    this.#end(id);
    return this.require(id);
  }

  #end(id: string): void {
    if (isLive(this.require(id))) this.#update(id, { status: 'expired' }, 'expired');
  }

  #update(id: string, change: Partial<CheckoutSession>, what: string): CheckoutSession {
    const session = { ...this.require(id), ...change };
    this.#sessions.set(id, session);
    this.#note(session, what);
    return session;
  }

  #note({ id, status, amountMinor, currency }: CheckoutSession, what: string): void {
    this.#parts.activity.add('session', `session ${what}`, { id, status, amountMinor, currency });
  }
}

function isLive({ status }: CheckoutSession): boolean {
  return status === 'open' || status === 'authenticated';
}

function isSameRequest(known: CheckoutSession, fresh: NewCheckoutSession): boolean {
  return (
    known.amountMinor === fresh.amountMinor &&
    known.currency === fresh.currency &&
    known.successUrl === fresh.successUrl &&
    known.cancelUrl === fresh.cancelUrl
  );
}

function over({ status }: CheckoutSession): ApiFailure {
  return new ApiFailure(409, 'CHECKOUT_SESSION_NOT_PAYABLE', `The checkout session is ${status}`);
}
