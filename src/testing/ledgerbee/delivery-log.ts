/** What was sent to which endpoint, and what it answered: the vendor's delivery log. */
import { randomUUID } from 'node:crypto';

export type DeliveryAttemptKind = 'scheduled' | 'duplicate' | 'redelivery' | 'replay' | 'by-hand';
export type SignatureKind = 'valid' | 'wrong' | 'none';

export interface DeliveryAttempt {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: DeliveryAttemptKind;
  readonly signature: SignatureKind;
  /** As sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP status, or `null` where no answer came. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface Delivery {
  readonly id: string;
  /** `webhook-id`. */
  readonly messageId: string;
  readonly endpointId: string;
  readonly url: string;
  readonly topic: string;
  readonly body: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** `lost`: a scenario swallowed it. `failed`: the last attempt was made. */
  readonly state: 'pending' | 'delivered' | 'failed' | 'lost';
  readonly attempts: readonly DeliveryAttempt[];
  /** ISO 8601, of the next scheduled attempt. */
  readonly nextAttemptAt: string | null;
}

export class DeliveryLog {
  readonly #deliveries = new Map<string, Delivery>();

  add(fresh: Omit<Delivery, 'id' | 'attempts' | 'nextAttemptAt'>): Delivery {
    const delivery: Delivery = { ...fresh, id: randomUUID(), attempts: [], nextAttemptAt: null };
    this.#deliveries.set(delivery.id, delivery);
    return delivery;
  }

  update(id: string, change: Partial<Pick<Delivery, 'state' | 'attempts' | 'nextAttemptAt'>>): Delivery {
    const delivery = { ...this.require(id), ...change };
    this.#deliveries.set(id, delivery);
    return delivery;
  }

  /**
   * @param id Of the delivery, or its `webhook-id`.
   * @throws {RangeError}
   */
  require(id: string): Delivery {
    const found = this.#deliveries.get(id) ?? this.list().find(({ messageId }) => messageId === id);
    if (found === undefined) throw new RangeError(`no such delivery: ${id}`);
    return found;
  }

  /** Oldest first. */
  list(): readonly Delivery[] {
    return [...this.#deliveries.values()];
  }
}
