/** What was sent to which subscription, and what it answered. */
import { newId } from './ids.js';

export type SiglumeSignature = 'valid' | 'wrong' | 'none' | 'stale' | 'future' | 'of-another-body';
export type SiglumeAttemptKind = 'scheduled' | 'duplicate' | 'redelivery' | 'replay' | 'by-hand';

export interface SiglumeDeliveryAttempt {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: SiglumeAttemptKind;
  readonly signature: SiglumeSignature;
  /** As sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** HTTP status, or `null` where no answer came. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface SiglumeDelivery {
  readonly id: string;
  readonly subscriptionId: string;
  readonly url: string;
  readonly eventId: string;
  readonly eventType: string;
  /** The bytes that every try of it sends. */
  readonly body: string;
  /** `lost`: a fault swallowed it. `failed`: the last try was made. */
  readonly state: 'queued' | 'delivering' | 'delivered' | 'failed' | 'lost';
  readonly attempts: readonly SiglumeDeliveryAttempt[];
  /** ISO 8601, as the rest. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deliveredAt: string | null;
  readonly nextAttemptAt: string | null;
}

export class SiglumeDeliveryLog {
  readonly #now: () => string;
  readonly #deliveries = new Map<string, SiglumeDelivery>();

  constructor(now: () => string) {
    this.#now = now;
  }

  add(
    fresh: Pick<SiglumeDelivery, 'subscriptionId' | 'url' | 'eventId' | 'eventType' | 'body'>,
  ): SiglumeDelivery {
    const at = this.#now();
    const delivery: SiglumeDelivery = {
      ...fresh,
      id: newId('whdel'),
      state: 'queued',
      attempts: [],
      createdAt: at,
      updatedAt: at,
      deliveredAt: null,
      nextAttemptAt: null,
    };
    this.#deliveries.set(delivery.id, delivery);
    return delivery;
  }

  update(
    id: string,
    change: Partial<Pick<SiglumeDelivery, 'state' | 'attempts' | 'nextAttemptAt' | 'deliveredAt'>>,
  ): SiglumeDelivery {
    const delivery = { ...this.require(id), ...change, updatedAt: this.#now() };
    this.#deliveries.set(id, delivery);
    return delivery;
  }

  get(id: string): SiglumeDelivery | null {
    return this.#deliveries.get(id) ?? null;
  }

  /** @throws {RangeError} */
  require(id: string): SiglumeDelivery {
    const delivery = this.get(id);
    if (delivery === null) throw new RangeError(`no such delivery: ${id}`);
    return delivery;
  }

  /** Oldest first. */
  list(): readonly SiglumeDelivery[] {
    return [...this.#deliveries.values()];
  }
}
