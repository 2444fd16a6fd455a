/**
 * Checkout sessions: half an hour, one confirm, exactly one subscription. Refusals are those of contract §5.3;
 * bodies and paths are ASSUMED (U20).
 */
import { randomUUID } from 'node:crypto';
import type { ActivityFeed } from './activity.js';
import type { Assumptions } from './assumptions.js';
import type { BindRef, BindRefs } from './bind-refs.js';
import type { Catalogue, Language, Plan, PlanItem } from './catalogue.js';
import type { VendorTime } from './clock.js';
import { sessionFailure } from './envelope.js';
import type { MagicLinks } from './magic-links.js';
import type { Payments } from './payments.js';
import type { PlanTokens } from './plan-tokens.js';
import { withOutcome } from './return-url.js';
import type { Scenarios } from './scenarios.js';
import type { Settings } from './settings.js';
import type { Subscriptions } from './subscriptions.js';

const SESSION_LIFETIME_MS = 30 * 60_000;
const LATEST_START_MS = 366 * 24 * 60 * 60_000;

/** Real milliseconds a confirm is "being processed": long enough that a double click meets the first submit. */
const PROCESSING_MS = 25;
const PROCESSING_TWICE_MS = 250;

export interface Session {
  readonly id: string;
  readonly plan: Plan;
  readonly item: PlanItem;
  readonly lang: Language;
  readonly bound: BindRef | null;
  /** The order's reference, if the buyer is bound (or U31 is turned). */
  readonly reference: string | null;
  readonly returnUrl: string | null;
  readonly expiresAtMs: number;
  readonly submitTwice: boolean;
  readonly state: 'open' | 'confirming' | 'consumed';
}

export interface MintRequest {
  readonly planVersionId: string;
  readonly planItemId: string;
  readonly bindRef: string | null;
  readonly lang: Language;
  /** Of a by-id surface. */
  readonly planToken: string | null;
  readonly returnUrl: string | null;
}

export interface ConfirmRequest {
  readonly email: string | null;
  readonly acceptedTermsVersion: string;
  /** ISO 8601 date, or `null` for at once. */
  readonly startDate: string | null;
}

export type Confirmation =
  | { readonly status: 'CONFIRMED'; readonly subscriptionId: string; readonly returnUrl: string | null }
  | { readonly status: 'PENDING_VERIFICATION'; readonly returnUrl: string | null }
  | { readonly status: 'PAYMENT_REQUIRED'; readonly paymentId: string };

/** The parts of the vendor that a checkout touches. */
export interface CheckoutParts {
  readonly time: VendorTime;
  readonly settings: Settings;
  readonly scenarios: Scenarios;
  readonly assumptions: Assumptions;
  readonly activity: ActivityFeed;
  readonly catalogue: Catalogue;
  readonly planTokens: PlanTokens;
  readonly bindRefs: BindRefs;
  readonly subscriptions: Subscriptions;
  readonly payments: Payments;
  readonly magicLinks: MagicLinks;
  /** Waits real milliseconds; rejects when the sandbox closes. */
  readonly pauseFor: (ms: number) => Promise<void>;
}

export class CheckoutSessions {
  readonly #sessions = new Map<string, Session>();
  readonly #parts: CheckoutParts;

  constructor(parts: CheckoutParts) {
    this.#parts = parts;
  }

  /** @throws {ApiFailure} */
  mint(request: MintRequest): Session {
    const { catalogue, scenarios, settings, planTokens, time, activity } = this.#parts;
    if (scenarios.take('mint-fails')) throw sessionFailure.unavailable();
    const offer = catalogue.purchasable(request.planVersionId, request.planItemId);
    if (offer === null) throw sessionFailure.mismatch();
    const token = planTokens.redeem(request.planToken, offer.plan.id);
    if (offer.plan.vanity === null && token === null) throw sessionFailure.mismatch();
    const { bound, reference } = this.#bind(request.bindRef, token?.customerId ?? null);
    const isSignupOff = bound === null && (!settings.current.selfSignup || scenarios.take('self-signup-off'));
    if (isSignupOff) throw sessionFailure.selfSignupOff();
    const session: Session = {
      ...offer,
      id: randomUUID(),
      lang: request.lang,
      bound,
      reference,
      returnUrl: request.returnUrl,
      expiresAtMs: time.now() + time.lifetime(SESSION_LIFETIME_MS),
      submitTwice: scenarios.take('duplicate-confirm'),
      state: 'open',
    };
    this.#sessions.set(session.id, session);
    activity.add('session', `checkout session ${bound === null ? 'anonymous' : 'bound'}`, {
      planItemId: request.planItemId,
      customerId: bound?.customerId ?? null,
      reference,
    });
    return session;
  }

  /**
   * A session that can still be used.
   * @throws {ApiFailure} 400 for an id that was never given out, 410 for one that expired or was consumed.
   */
  resume(id: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw sessionFailure.mismatch();
    const isExpired = session.expiresAtMs <= this.#parts.time.now();
    if (session.state === 'consumed' || isExpired) throw sessionFailure.gone();
    return session;
  }

  /** @throws {ApiFailure} */
  async confirm(id: string, request: ConfirmRequest): Promise<Confirmation> {
    const { scenarios, pauseFor } = this.#parts;
    const session = this.resume(id);
    if (session.state === 'confirming') throw sessionFailure.inProgress();
    if (scenarios.take('session-expired')) {
      this.#set(session, { expiresAtMs: 0 });
      throw sessionFailure.gone();
    }
    this.#set(session, { state: 'confirming' });
    try {
      await pauseFor(session.submitTwice ? PROCESSING_TWICE_MS : PROCESSING_MS);
      const startDate = this.#check(request);
      const confirmation = this.#complete(session, request.email ?? '', startDate);
      this.#set(session, { state: 'consumed' });
      this.#parts.activity.add('session', `checkout ${confirmation.status}`, { status: confirmation.status });
      return confirmation;
    } catch (error) {
      this.#set(session, { state: 'open' });
      throw error;
    }
  }

  #bind(
    token: string | null,
    signedInCustomerId: string | null,
  ): { bound: BindRef | null; reference: string | null } {
    if (token === null) return { bound: null, reference: null };
    const { bindRefs, assumptions } = this.#parts;
    const check = bindRefs.check(token);
    if (check.kind === 'foreign') throw sessionFailure.mismatch();
    if (check.kind === 'lapsed') {
      return { bound: null, reference: assumptions.current.anonymousKeepsReference ? check.reference : null };
    }
    // Spent at first sight, even if the buyer then leaves (U34).
    if (assumptions.current.bindRefSpentAt === 'mint') bindRefs.spend(token);
    if (signedInCustomerId !== null && signedInCustomerId !== check.ref.customerId) {
      throw sessionFailure.mismatch();
    }
    return { bound: check.ref, reference: check.ref.reference };
  }

  /** The start date to use, `null` for at once. A day before today, or more than a year ahead, is refused. */
  #check(request: ConfirmRequest): string | null {
    const { scenarios, settings, time } = this.#parts;
    // The operator publishes new terms at the worst moment; the session stays good for another try.
    if (scenarios.take('confirm-fails')) settings.publishTerms();
    if (request.acceptedTermsVersion !== settings.current.termsVersion) throw sessionFailure.termsStale();
    if (request.startDate === null) return null;
    const startMs = Date.parse(request.startDate);
    const todayMs = Date.parse(time.iso().slice(0, 10));
    if (!(startMs >= todayMs && startMs <= todayMs + LATEST_START_MS)) throw sessionFailure.startDate();
    return startMs > time.now() ? time.iso(startMs) : null;
  }

  #complete(session: Session, email: string, startDate: string | null): Confirmation {
    const { subscriptions, magicLinks, bindRefs, assumptions, activity } = this.#parts;
    const { bound, plan, item, reference, returnUrl } = session;
    if (bound === null) {
      const purchase = { email, planId: plan.id, planItemId: item.id, startDate, reference, returnUrl };
      const mail = magicLinks.send(purchase, plan.name[session.lang]);
      activity.add('mail', 'magic link sent', { mailId: mail.id });
      return {
        status: 'PENDING_VERIFICATION',
        returnUrl: returnUrl === null ? null : withOutcome(returnUrl, { checkout: 'pending' }),
      };
    }
    if (assumptions.current.bindRefSpentAt === 'confirm' && !bindRefs.spend(bound.token)) {
      throw sessionFailure.gone();
    }
    const { id: subscriptionId } = subscriptions.create({
      customerId: bound.customerId,
      planId: plan.id,
      planItemId: item.id,
      partnerReferenceId: reference,
      startDate,
      cardPayFirst: item.cardPayFirst,
    });
    if (item.cardPayFirst) return this.#breakOut(session, subscriptionId);
    return {
      status: 'CONFIRMED',
      subscriptionId,
      returnUrl: returnUrl === null ? null : withOutcome(returnUrl, { subscriptionId }),
    };
  }

  #breakOut(session: Session, subscriptionId: string): Confirmation {
    const payment = this.#parts.payments.open({
      subscriptionId,
      description: `${session.plan.name[session.lang]} · ${session.item.name[session.lang]}`,
      amountMinor: session.item.priceMinor ?? 0,
      currency: session.item.currency ?? 'DKK',
      returnUrl: session.returnUrl,
    });
    return { status: 'PAYMENT_REQUIRED', paymentId: payment.id };
  }

  #set(session: Session, change: Partial<Session>): void {
    this.#sessions.set(session.id, { ...session, ...change });
  }
}
