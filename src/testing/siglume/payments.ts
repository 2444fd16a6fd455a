/** What happens between the wallet and the chain: a paid session becomes a requirement, and that settles or is metered. */
import type { ActivityFeed } from '../ledgerbee/activity.js';
import type { VendorTime } from '../ledgerbee/clock.js';
import { ASSUMED, type Assumptions } from './assumptions.js';
import type { CheckoutSession, CheckoutSessions } from './checkout-sessions.js';
import { confirmationOf, type SiglumeWebhookEvent } from './events.js';
import { ApiFailure } from './failure.js';
import type { FaultName } from './faults.js';
import { newId } from './ids.js';
import type { Metered } from './metered.js';
import { bandOf, feeTenths, type Band } from './money.js';
import { spoil } from './spoil.js';
import type { Switches } from '../shared/switches.js';

/** One payment: the vendor calls it a requirement. */
export interface SiglumePayment {
  readonly requirementId: string;
  readonly session: CheckoutSession;
  readonly band: Band;
  /** Tenths of a minor unit. */
  readonly feeTenths: number;
  readonly settlementStatus: 'pending_payment' | 'settled' | 'pending_settlement';
  readonly chainReceiptId: string | null;
  /** What was announced of it; the same object for every delivery. */
  readonly event: SiglumeWebhookEvent | null;
}

interface Parts {
  readonly time: VendorTime;
  readonly sessions: CheckoutSessions;
  readonly metered: Metered;
  readonly assumptions: Assumptions;
  readonly faults: Switches<FaultName>;
  readonly activity: ActivityFeed;
  readonly emit: (events: readonly SiglumeWebhookEvent[]) => void;
}

export class Payments {
  readonly #parts: Parts;
  readonly #payments = new Map<string, SiglumePayment>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * The buyer pays. Confirmed, and announced, at once or when the wallet is through.
   * @throws {ApiFailure} 409 where the session takes no payment, or the buyer's small payments are blocked.
   */
  pay(sessionId: string): SiglumePayment {
    const { sessions, metered, faults, time, assumptions, activity } = this.#parts;
    const session = sessions.require(sessionId);
    if (session.requirementId !== null || !sessions.isPayable(session) || !session.approved) {
      throw new ApiFailure(409, 'CHECKOUT_SESSION_NOT_PAYABLE', `The checkout session is ${session.status}`);
    }
    const band = bandOf(session.amountMinor, session.currency);
    if (band !== 'standard') metered.requireRoom(session, band);
    if (faults.take('paid-after-expiry')) sessions.expire(sessionId);
    const requirementId = newId('dpr');
    const payment: SiglumePayment = {
      requirementId,
      session: sessions.markPaid(sessionId, requirementId),
      band,
      feeTenths: feeTenths(session.amountMinor, session.currency),
      settlementStatus: 'pending_payment',
      chainReceiptId: null,
      event: null,
    };
    this.#payments.set(requirementId, payment);
    activity.add('payment', `${band} payment begun`, { requirementId, sessionId });
    if (assumptions.current.confirmDelay === 'none') return this.confirm(requirementId);
    time.after(time.lifetime(ASSUMED.confirmDelayMs), () => void this.confirm(requirementId));
    return payment;
  }

  /** The wallet is through. Done once; says what was said before when it is done again. */
  confirm(requirementId: string): SiglumePayment {
    const before = this.require(requirementId);
    if (before.event !== null) return before;
    const { metered, assumptions, faults, emit, activity } = this.#parts;
    const isStandard = before.band === 'standard';
    const confirmed: SiglumePayment = {
      ...before,
      settlementStatus: isStandard ? 'settled' : 'pending_settlement',
      chainReceiptId: isStandard ? newId('chain') : null,
    };
    const event = spoil(confirmationOf(confirmed), faults);
    const payment = { ...confirmed, event };
    this.#payments.set(requirementId, payment);
    activity.add('payment', `payment ${payment.settlementStatus}`, { requirementId });
    if (!isStandard) metered.accept(payment);
    const spent: SiglumeWebhookEvent = { type: 'direct_payment.spent', data: event.data };
    emit(assumptions.current.spentEvent ? [event, spent] : [event]);
    return payment;
  }

  /** @throws {RangeError} */
  require(requirementId: string): SiglumePayment {
    const payment = this.#payments.get(requirementId);
    if (payment === undefined) throw new RangeError(`no such payment: ${requirementId}`);
    return payment;
  }

  of({ requirementId }: CheckoutSession): SiglumePayment | null {
    return requirementId === null ? null : this.require(requirementId);
  }

  /** Oldest first. */
  list(): readonly SiglumePayment[] {
    return [...this.#payments.values()];
  }
}
