/** Where webhooks go, and what they are signed with. */
import { isLoopbackHost } from '../ledgerbee/loopback.js';
import type { VendorTime } from '../ledgerbee/clock.js';
import { ASSUMED, type Assumptions } from './assumptions.js';
import { EVENT_TYPES } from './events.js';
import { invalidField } from './failure.js';
import { newId } from './ids.js';
import { createSiglumeWebhookSecret } from './signer.js';

export interface WebhookSubscription {
  readonly id: string;
  readonly callbackUrl: string;
  readonly status: 'active' | 'paused';
  readonly eventTypes: readonly string[];
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** ISO 8601, as the rest. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastDeliveryAt: string | null;
}

export interface NewWebhookSubscription {
  readonly callbackUrl: string;
  /** Default: confirmed and spent. */
  readonly eventTypes?: readonly string[];
  readonly description?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  /** Default: a fresh one. */
  readonly secret?: string;
}

interface Secrets {
  readonly current: string;
  readonly previous: { readonly secret: string; readonly untilMs: number } | null;
}

export class WebhookSubscriptions {
  readonly #time: VendorTime;
  readonly #assumptions: Assumptions;
  readonly #subscriptions = new Map<string, WebhookSubscription>();
  readonly #secrets = new Map<string, Secrets>();

  constructor(time: VendorTime, assumptions: Assumptions) {
    this.#time = time;
    this.#assumptions = assumptions;
  }

  /** @throws {ApiFailure} 422 for a URL that is neither https nor a loopback name's. */
  create(fresh: NewWebhookSubscription): {
    readonly subscription: WebhookSubscription;
    readonly secret: string;
  } {
    if (!isCallbackUrl(fresh.callbackUrl))
      throw invalidField('callback_url', 'must be an absolute https URL');
    const at = this.#time.iso();
    const subscription: WebhookSubscription = {
      id: newId('whsub'),
      callbackUrl: fresh.callbackUrl,
      status: 'active',
      eventTypes: fresh.eventTypes ?? EVENT_TYPES,
      description: fresh.description ?? null,
      metadata: fresh.metadata ?? null,
      createdAt: at,
      updatedAt: at,
      lastDeliveryAt: null,
    };
    const secret = fresh.secret ?? createSiglumeWebhookSecret();
    this.#subscriptions.set(subscription.id, subscription);
    this.#secrets.set(subscription.id, { current: secret, previous: null });
    return { subscription, secret };
  }

  get(id: string): WebhookSubscription | null {
    return this.#subscriptions.get(id) ?? null;
  }

  /** @throws {RangeError} */
  require(id: string): WebhookSubscription {
    const subscription = this.get(id);
    if (subscription === null) throw new RangeError(`no such webhook subscription: ${id}`);
    return subscription;
  }

  list(): readonly WebhookSubscription[] {
    return [...this.#subscriptions.values()];
  }

  setStatus(id: string, status: WebhookSubscription['status']): WebhookSubscription {
    return this.#update(id, { status });
  }

  noteDelivery(id: string): void {
    if (this.get(id) !== null) this.#update(id, { lastDeliveryAt: this.#time.iso() });
  }

  /** @returns The new secret. Whether the old one goes on signing beside it is ASSUMED (U13). */
  rotate(id: string): string {
    this.#update(id, {});
    const secret = createSiglumeWebhookSecret();
    const old = this.currentSecret(id);
    const untilMs = this.#time.now() + this.#time.lifetime(ASSUMED.rotationOverlapMs);
    this.#secrets.set(id, { current: secret, previous: { secret: old, untilMs } });
    return secret;
  }

  /** @throws {RangeError} */
  currentSecret(id: string): string {
    const secrets = this.#secrets.get(id);
    if (secrets === undefined) throw new RangeError(`no such webhook subscription: ${id}`);
    return secrets.current;
  }

  /** What signs a delivery now. The last of several is the one that the vendor's own library looks at. */
  signingSecrets(id: string): readonly string[] {
    const secrets = this.#secrets.get(id);
    if (secrets === undefined) return [];
    const { current, previous } = secrets;
    const isOverlap = this.#assumptions.current.rotation === 'overlap';
    return isOverlap && previous !== null && previous.untilMs > this.#time.now()
      ? [previous.secret, current]
      : [current];
  }

  isLive(id: string): boolean {
    return this.get(id)?.status === 'active';
  }

  #update(id: string, change: Partial<WebhookSubscription>): WebhookSubscription {
    const subscription = { ...this.require(id), ...change, updatedAt: this.#time.iso() };
    this.#subscriptions.set(id, subscription);
    return subscription;
  }
}

/** Loopback is this sandbox's own leave: the vendor takes https alone. */
function isCallbackUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
