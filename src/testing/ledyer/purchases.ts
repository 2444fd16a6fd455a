/** Every session with its order, by either id; and what a read that lags behind still sees. */
import type { VendorTime } from '../ledgerbee/clock.js';
import type { Assumptions } from './assumptions.js';
import { LedyerFailure } from './failure.js';
import type { LedyerOrder } from './order.js';
import type { LedyerSession } from './session.js';

export interface Purchase {
  readonly session: LedyerSession;
  /** Known before there is an order in the Checkout product; of the Payments product only after. */
  readonly orderId: string | null;
  readonly order: LedyerOrder | null;
  /** What a flat body calls `reference` until the merchant has set one. */
  readonly bodyReference: string;
}

interface Kept {
  readonly now: Purchase;
  readonly before: { readonly purchase: Purchase; readonly untilMs: number } | null;
}

export class Purchases {
  readonly #time: VendorTime;
  readonly #assumptions: Assumptions;
  /** By session id, oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #sessionOf = new Map<string, string>();

  constructor(time: VendorTime, assumptions: Assumptions) {
    this.#time = time;
    this.#assumptions = assumptions;
  }

  /** Adds it, or puts it in the place of what it was. */
  put(purchase: Purchase): Purchase {
    const { id } = purchase.session;
    const previous = this.#kept.get(id);
    this.#kept.set(id, { now: purchase, before: this.#lagBehind(previous) });
    if (purchase.orderId !== null) this.#sessionOf.set(purchase.orderId, id);
    return purchase;
  }

  /** @param id Of the session or of the order. */
  find(id: string): Purchase | null {
    return this.#kept.get(this.#sessionOf.get(id) ?? id)?.now ?? null;
  }

  /** As {@link find}, but as the vendor's reads show it now. */
  visible(id: string): Purchase | null {
    const kept = this.#kept.get(this.#sessionOf.get(id) ?? id);
    if (kept === undefined) return null;
    const { before, now } = kept;
    return before !== null && this.#time.now() < before.untilMs ? before.purchase : now;
  }

  /** @throws {LedyerFailure} 404 */
  require(id: string): Purchase {
    const found = this.find(id);
    if (found === null) throw new LedyerFailure(404, 'not found');
    return found;
  }

  list(): readonly Purchase[] {
    return [...this.#kept.values()].map(({ now }) => now);
  }

  /** Several changes within one lag all hide behind the state before the first. */
  #lagBehind(previous: Kept | undefined): Kept['before'] {
    const lagMs = this.#time.wait(this.#assumptions.current.readLagSeconds * 1000);
    if (previous === undefined || lagMs === 0) return null;
    const untilMs = this.#time.now() + lagMs;
    const { before, now } = previous;
    const isHidden = before !== null && this.#time.now() < before.untilMs;
    return { purchase: isHidden ? before.purchase : now, untilMs };
  }
}
