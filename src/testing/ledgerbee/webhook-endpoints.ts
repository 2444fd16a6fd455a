/** Where deliveries go, and what they are signed with. Paths and fields are ASSUMED (U12). */
import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { isLoopbackHost } from './loopback.js';
import { ApiFailure } from './envelope.js';
import type { VendorTime } from './clock.js';
import { createWebhookSecret } from './signer.js';
import { SUBSCRIPTION_TOPICS } from './topics.js';

/** How long a rolled secret goes on signing beside the new one. */
const ROLL_OVERLAP_MS = 24 * 60 * 60_000;

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly topics: readonly string[];
  readonly description: string | null;
  readonly enabled: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface NewWebhookEndpoint {
  readonly url: string;
  /** Default: every `subscription.*` topic. */
  readonly topics?: readonly string[];
  readonly description?: string;
  readonly enabled?: boolean;
  /** Default: a fresh one. */
  readonly secret?: string;
}

interface Secrets {
  readonly current: string;
  readonly previous: { readonly secret: string; readonly untilMs: number } | null;
}

export class WebhookEndpoints {
  readonly #endpoints = new Map<string, WebhookEndpoint>();
  readonly #secrets = new Map<string, Secrets>();
  readonly #time: VendorTime;

  constructor(time: VendorTime) {
    this.#time = time;
  }

  /** @throws {RangeError} for what is no http or https URL. */
  create(fresh: NewWebhookEndpoint): { endpoint: WebhookEndpoint; secret: string } {
    if (!URL.canParse(fresh.url) || !/^https?:/.test(fresh.url))
      throw new RangeError('url must be an http or https URL');
    const endpoint: WebhookEndpoint = {
      id: randomUUID(),
      url: fresh.url,
      topics: fresh.topics ?? SUBSCRIPTION_TOPICS,
      description: fresh.description ?? null,
      enabled: fresh.enabled ?? true,
      createdAt: this.#time.iso(),
    };
    const secret = fresh.secret ?? createWebhookSecret();
    this.#endpoints.set(endpoint.id, endpoint);
    this.#secrets.set(endpoint.id, { current: secret, previous: null });
    return { endpoint, secret };
  }

  list(): readonly WebhookEndpoint[] {
    return [...this.#endpoints.values()];
  }

  /** @throws {ApiFailure} 404; its code is ASSUMED. */
  require(id: string): WebhookEndpoint {
    const endpoint = this.#endpoints.get(id);
    if (endpoint === undefined) {
      throw new ApiFailure(404, 'WEBHOOK_ENDPOINT_NOT_FOUND', 'Webhook endpoint not found');
    }
    return endpoint;
  }

  update(
    id: string,
    change: Partial<Pick<WebhookEndpoint, 'url' | 'topics' | 'description' | 'enabled'>>,
  ): WebhookEndpoint {
    const endpoint = { ...this.require(id), ...change };
    this.#endpoints.set(id, endpoint);
    return endpoint;
  }

  delete(id: string): void {
    this.require(id);
    this.#endpoints.delete(id);
    this.#secrets.delete(id);
  }

  /** The old secret goes on signing for a day, so that a receiver can change over. */
  roll(id: string): { endpoint: WebhookEndpoint; secret: string } {
    const endpoint = this.require(id);
    const secret = createWebhookSecret();
    const old = this.#secrets.get(id)?.current;
    const untilMs = this.#time.now() + this.#time.lifetime(ROLL_OVERLAP_MS);
    const previous = old === undefined ? null : { secret: old, untilMs };
    this.#secrets.set(id, { current: secret, previous });
    return { endpoint, secret };
  }

  /** What signs a delivery now: one secret, or two after a roll. */
  signingSecrets(id: string): readonly string[] {
    const secrets = this.#secrets.get(id);
    if (secrets === undefined) return [];
    const { current, previous } = secrets;
    return previous !== null && previous.untilMs > this.#time.now() ? [current, previous.secret] : [current];
  }

  /** Whether deliveries still go there. */
  isLive(id: string): boolean {
    return this.#endpoints.get(id)?.enabled === true;
  }

  subscribedTo(topic: string): readonly WebhookEndpoint[] {
    return this.list().filter((endpoint) => endpoint.enabled && endpoint.topics.includes(topic));
  }
}

/**
 * Whether the vendor takes this URL at creation: public HTTPS. Looks at the name only; no lookup is made.
 * @param allowLoopback The sandbox's own flag (U37): lets http and https on loopback names through.
 */
export function isAcceptableWebhookUrl(value: unknown, allowLoopback: boolean): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  if (isLoopbackHost(hostname)) return allowLoopback && (protocol === 'http:' || protocol === 'https:');
  return protocol === 'https:' && !isPrivateName(hostname);
}

/** Private and link-local addresses, and names that mean nothing on the public internet. */
function isPrivateName(hostname: string): boolean {
  if (hostname.startsWith('[')) return /^\[(f[cd]|fe[89ab]|::)/i.test(hostname);
  if (isIP(hostname) === 4)
    return /^(10|0)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\./.test(hostname);
  return !hostname.includes('.') || hostname.endsWith('.local') || hostname.endsWith('.internal');
}
