/** What buyer, signatory and vendor do: from the basket to an order that may be captured. The merchant's own acts come by the API. */
import type { VendorTime } from '../ledgerbee/clock.js';
import type { ActivityFeed } from './activity.js';
import { type Assumptions, needsSignatory, READY_AFTER_MS, UNLISTED_TYPE } from './assumptions.js';
import { Authorizations } from './authorizations.js';
import type { LedyerEvent } from './event-types.js';
import { LedyerFailure } from './failure.js';
import { newId } from './ids.js';
import { type LedyerOrder, type LedyerPaymentMethod, newOrder, noted, type OrderPhase } from './order.js';
import { capture, type Changed, enterPhase, type Now } from './order-actions.js';
import { sumOf } from './lines.js';
import { actionsOfRest } from './order-view.js';
import type { Purchase, Purchases } from './purchases.js';
import type { Scenarios } from './scenarios.js';
import { type LedyerProduct, type LedyerSession, newSession } from './session.js';

interface TradeParts {
  readonly time: VendorTime;
  readonly purchases: Purchases;
  readonly scenarios: Scenarios;
  readonly assumptions: Assumptions;
  readonly activity: ActivityFeed;
  readonly emit: (event: LedyerEvent, purchase: Purchase) => void;
}

export class Trade {
  readonly #parts: TradeParts;
  /** What the buyer chose to pay with, for a session that a signatory still holds. */
  readonly #chosen = new Map<string, LedyerPaymentMethod>();
  readonly authorizations = new Authorizations();

  constructor(parts: TradeParts) {
    this.#parts = parts;
  }

  /** @throws {LedyerFailure} 400 or 422 */
  open(
    product: LedyerProduct,
    body: Readonly<Record<string, unknown>>,
    merchant: { readonly merchantId: string; readonly storeId: string },
  ): Purchase {
    const session = newSession(product, body, merchant, this.#parts.time.now());
    const orderId = product === 'checkout' ? newId('or') : null;
    this.#parts.activity.add('session', `session opened`, { sessionId: session.id, orderId });
    return this.#parts.purchases.put({ session, orderId, order: null, bodyReference: newId('or') });
  }

  /** The buyer presses the button. @throws {LedyerFailure} 409 */
  authorize(sessionId: string, method: LedyerPaymentMethod): Purchase {
    const { purchases, scenarios, time } = this.#parts;
    const purchase = purchases.require(sessionId);
    const { session } = purchase;
    if (session.state !== 'initial' || Date.parse(session.expiresAt) <= time.now()) {
      throw new LedyerFailure(409, 'the session is over');
    }
    this.#chosen.set(session.id, method);
    if (!needsSignatory(session.securityLevel) && !scenarios.take('buyer-signs-later')) {
      return this.#authorized(purchase);
    }
    const eventType =
      session.product === 'checkout'
        ? 'com.ledyer.checkout.session.awaiting_signatory'
        : 'com.ledyer.authorization.pending';
    return this.#change(withState(purchase, 'awaitingSignatory'), { eventType, sessionId: session.id });
  }

  /** @throws {LedyerFailure} 404, 409 */
  sign(id: string): Purchase {
    return this.#authorized(this.#requireWaiting(id));
  }

  /** @throws {LedyerFailure} 404, 409 */
  decline(id: string): Purchase {
    const purchase = withState(this.#requireWaiting(id), 'expired');
    return this.#change(
      purchase,
      this.#parts.assumptions.current.declineNotifies ? cancelOf(purchase) : null,
    );
  }

  /** A person at the vendor approves, or an advance invoice is paid. @throws {LedyerFailure} 404, 409 */
  makeReady(orderId: string): Purchase {
    const { time } = this.#parts;
    const ready = this.act(orderId, (order, now) => {
      if (order.phase === 'ready') throw new LedyerFailure(409, 'the order is ready already');
      return enterPhase(order, 'ready', now);
    });
    const { autoCaptureDelayMinutes: delay } = ready.session;
    if (delay !== null) time.after(time.wait(delay * 60_000), () => this.#autoCapture(orderId));
    return ready;
  }

  /** A session or an order reaches the end of its time. @throws {LedyerFailure} 404 */
  expire(id: string): Purchase {
    const purchase = this.#parts.purchases.require(id);
    const isSaid = this.#parts.assumptions.current.expiryNotifies;
    const event = isSaid ? cancelOf(purchase) : null;
    if (purchase.order === null) return this.#change(withState(purchase, 'expired'), event);
    return this.#change({ ...purchase, order: { ...purchase.order, expired: true } }, event);
  }

  /** The merchant's acknowledgement. @throws {LedyerFailure} 404, 409 */
  acknowledge(orderId: string): Purchase {
    const { assumptions } = this.#parts;
    const purchase = this.requireOrder(orderId);
    if (purchase.order.acknowledged) {
      if (assumptions.current.secondAcknowledge === 'accepted') return purchase;
      throw new LedyerFailure(409, 'the order was acknowledged already');
    }
    const order = noted({ ...purchase.order, acknowledged: true }, 'acknowledge', this.#parts.time.iso());
    const isSaid = assumptions.current.acknowledgeNotifies;
    return this.#change(
      { ...purchase, order },
      isSaid ? { eventType: UNLISTED_TYPE, orderId: order.id } : null,
    );
  }

  /** Any act upon an order, by whomever: its event is notified alike. @throws {LedyerFailure} */
  act(orderId: string, work: (order: LedyerOrder, now: Now) => Changed): Purchase {
    const purchase = this.requireOrder(orderId);
    const withoutCapture = this.#parts.scenarios.isOn('capture-not-available');
    const { order, event } = work(purchase.order, { at: this.#parts.time.iso(), withoutCapture });
    return this.#change(
      { ...purchase, order },
      event === null ? null : { eventType: event, orderId: order.id },
    );
  }

  /** Spends an authorization token of the Payments product. @throws {LedyerFailure} 404, 409 */
  orderFromToken(token: string): Purchase {
    const purchase = this.#place(this.#parts.purchases.require(this.authorizations.spend(token)));
    // Making the order is the acknowledgement in this product.
    const order = { ...purchase.order, acknowledged: true };
    return this.#parts.purchases.put({ ...purchase, order });
  }

  /** @throws {LedyerFailure} 404, also while there is a session and no order yet. */
  requireOrder(orderId: string): Purchase & { readonly order: LedyerOrder } {
    const purchase = this.#parts.purchases.require(orderId);
    const { order } = purchase;
    if (order === null || order.id !== orderId) throw new LedyerFailure(404, 'not found');
    return { ...purchase, order };
  }

  #authorized(purchase: Purchase): Purchase {
    const authorized = withState(purchase, 'authorized');
    if (authorized.session.product === 'checkout') return this.#place(authorized);
    const sessionId = authorized.session.id;
    const authorizationToken = this.authorizations.issue(sessionId);
    const event = { eventType: 'com.ledyer.authorization.create', sessionId, authorizationToken };
    return this.#change(authorized, event);
  }

  #place(purchase: Purchase): Purchase & { readonly order: LedyerOrder } {
    const { time, scenarios, assumptions } = this.#parts;
    const { session } = purchase;
    const method = this.#chosen.get(session.id) ?? 'invoice';
    const isEarlyReady = assumptions.current.firstEvent === 'ready_for_capture';
    const phase: OrderPhase = scenarios.take('buyer-reviewed')
      ? 'review'
      : method === 'advanceInvoice'
        ? 'unpaid'
        : 'confirmed';
    const id = purchase.orderId ?? newId('or');
    const order = newOrder(session, id, method, phase, time.now());
    const placed = { ...purchase, orderId: id, order };
    const create = { eventType: 'com.ledyer.order.create', orderId: id };
    const soon = (run: () => void): void => void time.after(time.wait(READY_AFTER_MS), run);
    if (phase !== 'confirmed') {
      this.#change(placed, create);
    } else if (isEarlyReady) {
      this.#parts.purchases.put(placed);
      this.#readyFor(id);
      soon(() => this.#say(create, this.#parts.purchases.require(id)));
    } else {
      this.#change(placed, create);
      soon(() => this.#readyFor(id));
    }
    return this.requireOrder(id);
  }

  /** By itself, if nothing else was done to the order meanwhile. */
  #readyFor(orderId: string): void {
    const { order } = this.requireOrder(orderId);
    if (order.phase === 'confirmed' && order.uncaptured !== null && !order.expired) this.makeReady(orderId);
  }

  #autoCapture(orderId: string): void {
    const { order } = this.requireOrder(orderId);
    const { uncaptured } = order;
    // Captured by hand meanwhile, or an advance invoice that nobody acknowledged: nothing is captured by itself then.
    if (uncaptured === null || !actionsOfRest(order, { withoutCapture: false }).includes('capture')) return;
    const body = { orderLines: uncaptured.lines, totalCaptureAmount: sumOf(uncaptured.lines).total };
    this.act(orderId, (current, now) => capture(current, body, { ...now, withoutCapture: false }));
  }

  #requireWaiting(id: string): Purchase {
    const purchase = this.#parts.purchases.require(id);
    if (purchase.session.state !== 'awaitingSignatory') {
      throw new LedyerFailure(409, 'the session waits for no signatory');
    }
    return purchase;
  }

  #change(purchase: Purchase, event: LedyerEvent | null): Purchase {
    const kept = this.#parts.purchases.put(purchase);
    if (event !== null) this.#say(event, kept);
    return kept;
  }

  #say(event: LedyerEvent, purchase: Purchase): void {
    const { scenarios, activity, emit } = this.#parts;
    activity.add('order', event.eventType, { subject: event.orderId ?? event.sessionId ?? '' });
    if (event.eventType === 'com.ledyer.order.create' && scenarios.take('create-dropped')) return;
    if (event.eventType === 'com.ledyer.order.ready_for_capture' && scenarios.take('ready-dropped')) return;
    emit({ ...event, reference: purchase.order?.merchantReference ?? null }, purchase);
  }
}

function withState(purchase: Purchase, state: LedyerSession['state']): Purchase {
  return { ...purchase, session: { ...purchase.session, state } };
}

function cancelOf({ orderId, session }: Purchase): LedyerEvent {
  const eventType = 'com.ledyer.order.cancel';
  return orderId === null ? { eventType, sessionId: session.id } : { eventType, orderId };
}
