/** The vendor's sender: at least once, again until it is accepted, on a schedule of seconds instead of a day. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.js';
import type { Delivery } from './vendor.js';

/** Eight delivery attempts, as LedgerBee makes; its 21 hours in 38 seconds. */
const WAITS_MS = [100, 400, 1_600, 4_000, 8_000, 12_000, 12_000];
/** How long the sender waits for an answer, in milliseconds. */
const ANSWER_LIMIT_MS = 5_000;
/** Between two looks whether anybody is there, in milliseconds. */
const NOBODY_PAUSE_MS = 25;

/** Where deliveries go. */
export interface Endpoint {
  /** Those that take requests now; behind a load balancer only they would be asked. */
  readonly origins: () => readonly string[];
  readonly path: string;
  readonly accepts: (status: number) => boolean;
}

export class Sender {
  /** Accepted by the receiver: the vendor will not send them again. */
  readonly accepted = new Set<Delivery>();
  /** Tries ran out. */
  readonly exhausted = new Set<Delivery>();
  deliveryAttempts = 0;
  readonly #random: Random;
  #open = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Deliveries on their way, or waiting to be sent again. */
  get open(): number {
    return this.#open;
  }

  /** None is. */
  get idle(): boolean {
    return this.#open === 0;
  }

  /** Two messages at once, to two receivers where there are two. */
  sendTogether(deliveries: readonly Delivery[], endpoint: Endpoint): void {
    const first = this.#random.between(0, 1);
    deliveries.forEach((delivery, index) => this.send(delivery, endpoint, first + index));
  }

  /** @param to Which receiver is asked first; any, without it. */
  send(delivery: Delivery, endpoint: Endpoint, to?: number): void {
    this.#open += 1;
    void this.#deliver(delivery, endpoint, to).finally(() => (this.#open -= 1));
  }

  async #deliver(delivery: Delivery, endpoint: Endpoint, to: number | undefined): Promise<void> {
    for (const waitMs of [...WAITS_MS, null]) {
      const origin = await this.#liveOrigin(endpoint, to);
      this.deliveryAttempts += 1;
      if (await attempt(delivery, endpoint, origin)) {
        this.accepted.add(delivery);
        return;
      }
      to = undefined;
      if (waitMs !== null) await pause(waitMs * (0.8 + this.#random.between(0, 40) / 100));
    }
    this.exhausted.add(delivery);
  }

  /**
   * Somebody who takes requests. Compressed as the schedule is, the start of a process would last for hours of it:
   * while nobody is there, no try is used up.
   */
  async #liveOrigin({ origins }: Endpoint, to: number | undefined): Promise<string> {
    for (;;) {
      const live = origins();
      const origin = to === undefined ? this.#random.pick(live) : live[to % live.length];
      if (origin !== undefined) return origin;
      await pause(NOBODY_PAUSE_MS);
    }
  }
}

async function attempt(delivery: Delivery, endpoint: Endpoint, origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}${endpoint.path}`, {
      method: 'POST',
      headers: delivery.headers(),
      body: delivery.body,
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await response.arrayBuffer();
    return endpoint.accepts(response.status);
  } catch {
    return false;
  }
}
