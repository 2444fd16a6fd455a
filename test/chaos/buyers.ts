/** The life of a sale from outside: the buyer starts, the vendor sells and speaks of it, some purchases end. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { drawOrder, type Order } from './orders.js';
import type { Random } from './random.js';
import type { Sender, Endpoint } from './sender.js';
import { basePathOf, type Shop } from './shops.js';
import type { ChaosVendor, Delivery } from './vendor.js';

/** Share of deliveries that the vendor sends again although they were accepted. */
const REPEATED = 0.25;
/** Orders that come at once: so that one commit holds many. */
const BURST = 6;
/** Buyers who wait for their start at a time: more do not come while the shop is down. */
const QUEUE = 24;
/** Before a buyer's page tries a start again, in milliseconds: first and longest pause. */
const START_PAUSE_MS = [150, 1_200] as const;
/** How long the page waits for an answer, in milliseconds. */
const START_LIMIT_MS = 5_000;

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
  /** Tries to start that were not answered as a buyer needs, each followed by another. */
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
    if (!order.startedLate) await this.#start(order);
    const messages = this.#chance.chance(0.5) ? vendor.sell(order.ref) : vendor.sell(order.ref).toReversed();
    sender.sendTogether(messages.slice(0, order.deliveries), endpoint);
    const repeats = messages.slice(0, order.deliveries).map((message) => this.#repeat(message, endpoint));
    const end = order.endsAfterMs === null ? null : this.#end(order, order.endsAfterMs, endpoint);
    if (order.startedLate) {
      await pause(this.#chance.between(0, 200));
      await this.#start(order);
    }
    await Promise.all([...repeats, end]);
  }

  async #end(order: Order, afterMs: number, endpoint: Endpoint): Promise<void> {
    await pause(afterMs);
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
  async #start(order: Order): Promise<void> {
    const key = randomUUID();
    const [first, longest] = START_PAUSE_MS;
    this.#starting += 1;
    for (let pauseMs: number = first; ; pauseMs = Math.min(pauseMs * 2, longest)) {
      const origin = this.#chance.pick(this.#plan.origins());
      if (origin !== undefined) {
        if (await this.#tryStart(order, key, origin)) break;
        this.startsRepeated += 1;
      }
      await pause(pauseMs);
    }
    this.#starting -= 1;
  }

  async #tryStart(order: Order, key: string, origin: string): Promise<boolean> {
    try {
      const response = await fetch(`${origin}${basePathOf(order.shop)}/attempts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key, origin },
        body: JSON.stringify({
          v: 1,
          vendor: this.#plan.vendor.name,
          order: order.ref,
          plan: this.#plan.vendor.planId,
          page: `${origin}/pricing`,
        }),
        signal: AbortSignal.timeout(START_LIMIT_MS),
      });
      await response.arrayBuffer();
      return response.status === 201;
    } catch {
      return false;
    }
  }

  #endpointOf(shop: Shop): Endpoint {
    const { vendor, origins } = this.#plan;
    const path = `${basePathOf(shop)}/webhooks/${vendor.name}`;
    return { origins, path, accepts: (status) => vendor.accepts(status) };
  }
}
