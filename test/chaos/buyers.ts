/** The life of a sale from outside: the buyer starts, the vendor sells and speaks of it, some purchases end. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptHandle, StartAttemptAnswer, StatusAnswer } from '../../src/protocol/index.js';
import { drawOrder, type Order } from './orders.js';
import type { Random } from './random.js';
import type { Sender, Endpoint } from './sender.js';
import { basePathOf, linkPathOf, PAGE_ORIGIN } from './shops.js';
import type { ChaosVendor, CheckoutIds, Delivery } from './vendor.js';

/** Share of deliveries that the vendor sends again although they were accepted. */
const REPEATED = 0.25;
/** Orders that come at once: so that one commit holds many. */
const BURST = 6;
/** Buyers who wait for their start at a time: more do not come while the shop is down. */
const QUEUE = 24;
/** Before a buyer's page tries a start again, in milliseconds: first and longest pause. */
const START_PAUSE_MS = [150, 2_500] as const;
/** Between two questions of the page how its order stands, in milliseconds. */
const STATUS_PAUSE_MS = 500;
/** Between two looks whether the vendor has opened the checkout, in milliseconds. */
const OPENED_PAUSE_MS = 30;
/** Who starts: the second one only where an order is paid twice. */
const BUYERS = ['first', 'second'] as const;
/** How long the page waits for an answer, in milliseconds. */
const ANSWER_LIMIT_MS = 5_000;

/** A call of the merchant's page. */
interface PageCall {
  readonly method?: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface BuyersPlan {
  readonly vendors: readonly [ChaosVendor, ...ChaosVendor[]];
  readonly sender: Sender;
  /** Receivers that take requests now. */
  readonly origins: () => readonly string[];
  readonly random: Random;
  readonly ordersPerSecond: number;
}

export class Buyers {
  readonly orders: Order[] = [];
  /** Calls that came to nothing, each followed by another. */
  startsRepeated = 0;
  readonly #plan: BuyersPlan;
  readonly #chance: Random;
  readonly #paid = new Set<string>();
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
        const order = drawOrder(this.orders.length, this.#plan.vendors, drawn);
        this.orders.push(order);
        this.#open += 1;
        void this.#live(order).finally(() => (this.#open -= 1));
      }
      await pause((BURST / this.#plan.ordersPerSecond) * 1_000);
    }
  }

  async #live(order: Order): Promise<void> {
    const { sender } = this.#plan;
    const vendor = this.#vendorOf(order);
    const { opensInKit, foundBy } = vendor.traits;
    const endpoint = this.#endpointOf(order);
    // What the kit opens has begun before it is paid; told late is then that it was paid before its start had ended.
    let begun = !order.startedLate || opensInKit ? this.#begin(order) : null;
    if (!order.startedLate) await begun;
    while (vendor.payable(order.ref) === 0) await pause(OPENED_PAUSE_MS);
    const payments = order.paidTwice
      ? [vendor.sell(order.ref), vendor.sell(order.ref)]
      : [vendor.sell(order.ref)];
    const messages = payments.flatMap((both) =>
      (this.#chance.chance(0.5) ? both : both.toReversed()).slice(0, order.deliveries),
    );
    this.#paid.add(order.ref);
    sender.sendTogether(messages, endpoint);
    const repeats = messages.map((message) => this.#repeat(message, endpoint));
    const soon = order.ends === 'soon' ? this.#end(order, endpoint) : null;
    if (begun === null) {
      await pause(this.#chance.between(0, 200));
      begun = this.#begin(order);
    }
    const attempt = await begun;
    if (messages.length === 0 && foundBy === 'signal') await this.#tell(order, attempt);
    if (order.ends === 'once-fulfilled') {
      while (!(await this.#isFulfilled(order, attempt))) await pause(STATUS_PAUSE_MS);
      await this.#end(order, endpoint);
    }
    await Promise.all([...repeats, soon]);
  }

  /** The merchant's backend and the page do what they do before a buyer can pay. */
  async #begin(order: Order): Promise<AttemptHandle> {
    const ids = this.#vendorOf(order).open(order.ref);
    if (ids !== null) await this.#link(order, ids);
    const [first, second] = BUYERS;
    const attempt = await this.#start(order, first);
    if (order.paidTwice) await this.#start(order, second);
    return attempt;
  }

  async #end(order: Order, endpoint: Endpoint): Promise<void> {
    await pause(this.#chance.between(0, 300));
    const message = this.#vendorOf(order).end(order.ref);
    this.#plan.sender.send(message, endpoint);
    await this.#repeat(message, endpoint);
  }

  async #repeat(message: Delivery, endpoint: Endpoint): Promise<void> {
    if (!this.#chance.chance(REPEATED)) return;
    await pause(this.#chance.between(0, 400));
    this.#plan.sender.send(message, endpoint);
  }

  /** The page opens an attempt, and tries until it has one, and until its buyer may go where the checkout is opened. */
  async #start(order: Order, buyer: (typeof BUYERS)[number]): Promise<AttemptHandle> {
    const vendor = this.#vendorOf(order);
    const key = randomUUID();
    this.#starting += 1;
    const attempt = await this.#persist(async () => {
      const answer = await this.#callKit(order, '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key, 'x-buyer': buyer },
        body: JSON.stringify({
          v: 1,
          vendor: vendor.name,
          order: order.ref,
          ...(vendor.planId === null ? {} : { plan: vendor.planId }),
          page: `${PAGE_ORIGIN}/${order.ref}`,
        }),
      });
      if (answer === null) return null;
      const { attempt, next } = answer as StartAttemptAnswer;
      // One that was paid meanwhile has nowhere to go any more; every other page that is to wait asks again.
      const mayGo = !vendor.traits.opensInKit || next.type === 'redirect' || this.#paid.has(order.ref);
      return mayGo ? attempt : null;
    });
    this.#starting -= 1;
    return attempt;
  }

  /** The merchant's backend says which checkout it has opened. */
  async #link(order: Order, ids: CheckoutIds): Promise<void> {
    const body = JSON.stringify({ order: order.ref, ...ids });
    await this.#persist(async () => {
      const response = await this.#fetch(linkPathOf(order.shop), { method: 'POST', headers: {}, body });
      return response?.ok === true ? true : null;
    });
  }

  /** The page has heard a confirmation. */
  async #tell(order: Order, { id, token }: AttemptHandle): Promise<void> {
    const signal = { v: 1, key: randomUUID(), kind: 'confirmed', at: new Date().toISOString() };
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify(signal);
    await this.#persist(async () => {
      const path = `${basePathOf(order.shop)}/attempts/${id}/signals`;
      const response = await this.#fetch(path, { method: 'POST', headers, body });
      return response?.ok === true ? true : null;
    });
  }

  /** Again until it gives something. */
  async #persist<T>(ask: () => Promise<T | null>): Promise<T> {
    const [first, longest] = START_PAUSE_MS;
    for (let pauseMs: number = first; ; pauseMs = Math.min(pauseMs * 2, longest)) {
      const given = await ask();
      if (given !== null) return given;
      this.startsRepeated += 1;
      await pause(pauseMs);
    }
  }

  async #isFulfilled(order: Order, { id, token }: AttemptHandle): Promise<boolean> {
    const answer = await this.#callKit(order, `/${id}`, { headers: { authorization: `Bearer ${token}` } });
    return answer !== null && (answer as StatusAnswer).status === 'fulfilled';
  }

  /** @returns `null` for whatever is no success. */
  async #callKit({ shop }: Order, path: string, init: PageCall): Promise<unknown> {
    const response = await this.#fetch(`${basePathOf(shop)}/attempts${path}`, init);
    return response?.ok === true ? response.json().catch(() => null) : null;
  }

  /** @returns `null` where nobody answered. */
  async #fetch(path: string, init: PageCall): Promise<Response | null> {
    const origin = this.#chance.pick(this.#plan.origins());
    if (origin === undefined) return null;
    try {
      return await fetch(origin + path, {
        ...init,
        headers: { ...init.headers, origin: PAGE_ORIGIN },
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
    } catch {
      return null;
    }
  }

  #vendorOf(order: Order): ChaosVendor {
    const { vendors } = this.#plan;
    return vendors.find(({ name }) => name === order.vendor) ?? vendors[0];
  }

  #endpointOf(order: Order): Endpoint {
    const vendor = this.#vendorOf(order);
    const path = `${basePathOf(order.shop)}/webhooks/${vendor.name}`;
    return { origins: this.#plan.origins, path, accepts: (status) => vendor.accepts(status) };
  }
}
