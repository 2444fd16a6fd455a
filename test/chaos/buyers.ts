/** The life of a sale from outside: the buyer starts, the vendor sells and speaks of it, some purchases end. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptHandle, StartAttemptAnswer, StatusAnswer } from '../../src/protocol/index.js';
import { drawOrder, type Order } from './orders.js';
import type { Random } from './random.js';
import type { Sender, Endpoint } from './sender.js';
import { basePathOf, PAGE_ORIGIN, type Shop } from './shops.js';
import type { ChaosVendor, Delivery } from './vendor.js';

/** Share of deliveries that the vendor sends again although they were accepted. */
const REPEATED = 0.25;
/** Orders that come at once: so that one commit holds many. */
const BURST = 6;
/** Buyers who wait for their start at a time: more do not come while the shop is down. */
const QUEUE = 24;
/** Before a buyer's page tries a start again, in milliseconds: first and longest pause. */
const START_PAUSE_MS = [150, 1_200] as const;
/** Between two questions of the page how its order stands, in milliseconds. */
const STATUS_PAUSE_MS = 500;
/** How long the page waits for an answer, in milliseconds. */
const ANSWER_LIMIT_MS = 5_000;

/** A call of the merchant's page. */
interface PageCall {
  readonly method?: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface BuyersPlan {
  readonly vendor: ChaosVendor;
  readonly sender: Sender;
  /** Receivers that take requests now. */
  readonly origins: () => readonly string[];
  readonly random: Random;
  readonly ordersPerSecond: number;
}

export class Buyers {
  readonly orders: Order[] = [];
  /** Tries to start that came to nothing, each followed by another. */
  startsRepeated = 0;
  readonly #plan: BuyersPlan;
  readonly #chance: Random;
  #open = 0;
  #starting = 0;

  constructor(plan: BuyersPlan) {
    this.#plan = plan;
    this.#chance = plan.random.fork('buyers');
  }

  /** Every life has come to its end, as far as it is lived outside the merchant's backend. */
  get idle(): boolean {
    return this.#open === 0;
  }

  /** Sells at the planned pace until `enough`. */
  async sellUntil(enough: () => boolean): Promise<void> {
    const drawn = this.#plan.random.fork('orders');
    while (!enough()) {
      for (let index = 0; index < BURST && this.#starting < QUEUE; index += 1) {
        const order = drawOrder(this.orders.length, drawn);
        this.orders.push(order);
        this.#open += 1;
        void this.#live(order).finally(() => (this.#open -= 1));
      }
      await pause((BURST / this.#plan.ordersPerSecond) * 1_000);
    }
  }

  async #live(order: Order): Promise<void> {
    const { vendor, sender } = this.#plan;
    const endpoint = this.#endpointOf(order.shop);
    const early = order.startedLate ? null : await this.#start(order);
    const both = vendor.sell(order.ref);
    const messages = (this.#chance.chance(0.5) ? both : both.toReversed()).slice(0, order.deliveries);
    sender.sendTogether(messages, endpoint);
    const repeats = messages.map((message) => this.#repeat(message, endpoint));
    const soon = order.ends === 'soon' ? this.#end(order, endpoint) : null;
    if (early === null) await pause(this.#chance.between(0, 200));
    const attempt = early ?? (await this.#start(order));
    if (order.ends === 'once-fulfilled') {
      while (!(await this.#isFulfilled(order, attempt))) await pause(STATUS_PAUSE_MS);
      await this.#end(order, endpoint);
    }
    await Promise.all([...repeats, soon]);
  }

  async #end(order: Order, endpoint: Endpoint): Promise<void> {
    await pause(this.#chance.between(0, 300));
    const message = this.#plan.vendor.end(order.ref);
    this.#plan.sender.send(message, endpoint);
    await this.#repeat(message, endpoint);
  }

  async #repeat(message: Delivery, endpoint: Endpoint): Promise<void> {
    if (!this.#chance.chance(REPEATED)) return;
    await pause(this.#chance.between(0, 400));
    this.#plan.sender.send(message, endpoint);
  }

  /** The page opens an attempt, and tries until it has one. */
  async #start(order: Order): Promise<AttemptHandle> {
    const key = randomUUID();
    const [first, longest] = START_PAUSE_MS;
    this.#starting += 1;
    for (let pauseMs: number = first; ; pauseMs = Math.min(pauseMs * 2, longest)) {
      const answer = await this.#call(order, '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({
          v: 1,
          vendor: this.#plan.vendor.name,
          order: order.ref,
          plan: this.#plan.vendor.planId,
          page: `${PAGE_ORIGIN}/pricing`,
        }),
      });
      if (answer !== null) {
        this.#starting -= 1;
        return (answer as StartAttemptAnswer).attempt;
      }
      this.startsRepeated += 1;
      await pause(pauseMs);
    }
  }

  async #isFulfilled(order: Order, { id, token }: AttemptHandle): Promise<boolean> {
    const answer = await this.#call(order, `/${id}`, { headers: { authorization: `Bearer ${token}` } });
    return answer !== null && (answer as StatusAnswer).status === 'fulfilled';
  }

  /** @returns `null` for whatever is no success. */
  async #call({ shop }: Order, path: string, init: PageCall): Promise<unknown> {
    const origin = this.#chance.pick(this.#plan.origins());
    if (origin === undefined) return null;
    try {
      const response = await fetch(`${origin}${basePathOf(shop)}/attempts${path}`, {
        ...init,
        headers: { ...init.headers, origin: PAGE_ORIGIN },
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const body: unknown = await response.json();
      return response.ok ? body : null;
    } catch {
      return null;
    }
  }

  #endpointOf(shop: Shop): Endpoint {
    const { vendor, origins } = this.#plan;
    const path = `${basePathOf(shop)}/webhooks/${vendor.name}`;
    return { origins, path, accepts: (status) => vendor.accepts(status) };
  }
}
