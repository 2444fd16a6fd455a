/**
 * Sends events to the endpoints that listen: signed, tried eight times over some 21 hours, and badly when a
 * scenario says so. First attempts to one endpoint go one after the other; retries do not wait for anybody.
 */
import { randomBytes } from 'node:crypto';
import type { ActivityFeed } from './activity.js';
import type { Assumptions } from './assumptions.js';
import type { VendorTime } from './clock.js';
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryAttemptKind,
  DeliveryLog,
  SignatureKind,
} from './delivery-log.js';
import { DELIVERY_TIMEOUT_MS, waitAfter } from './delivery-schedule.js';
import { post } from './http-post.js';
import type { InFlight } from './in-flight.js';
import type { Scenarios } from './scenarios.js';
import { createWebhookSecret, signDelivery } from './signer.js';
import type { WebhookEvent } from './topics.js';
import type { WebhookEndpoint, WebhookEndpoints } from './webhook-endpoints.js';

/** How late `webhook-late` sends, in the vendor's time. */
const LATE_MS = 120_000;

/** How old a replayed request is: twice the usual replay window. */
const REPLAY_AGE_SECONDS = 600;

/** A receiver gets at least this long, however fast time is set to pass. */
const SHORTEST_TIMEOUT_MS = 2_000;

export interface HandSentOptions {
  /** `false` signs with a secret nobody knows; `'none'` leaves the signature out. Default `true`. */
  readonly signed?: boolean | 'none';
  /** `webhook-id`. Default: a fresh one. */
  readonly id?: string;
  /** `webhook-timestamp` in unix seconds. Default: now. */
  readonly timestamp?: number;
  /** Sent as it is instead of an envelope. */
  readonly body?: string;
}

interface SenderParts {
  readonly time: VendorTime;
  readonly endpoints: WebhookEndpoints;
  readonly log: DeliveryLog;
  readonly scenarios: Scenarios;
  readonly assumptions: Assumptions;
  readonly activity: ActivityFeed;
  readonly inFlight: InFlight;
  readonly closing: AbortSignal;
}

interface SendOptions {
  readonly kind: DeliveryAttemptKind;
  readonly signature?: SignatureKind;
  readonly timestampSeconds?: number;
  /** Sent as recorded, nothing made anew. */
  readonly headers?: Readonly<Record<string, string>>;
}

export class WebhookSender {
  readonly #parts: SenderParts;
  /** The last first attempt to each endpoint. */
  readonly #lines = new Map<string, Promise<void>>();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Events of one change, in the vendor's order. */
  emit(events: readonly WebhookEvent[]): void {
    const isSwapped = events.length > 1 && this.#parts.scenarios.take('webhook-out-of-order');
    for (const event of isSwapped ? [...events].reverse() : events) {
      const eventId = newMessageId();
      for (const endpoint of this.#parts.endpoints.subscribedTo(event.topic)) {
        const isShared = this.#parts.assumptions.current.messageIdPer === 'event';
        this.#dispatch(this.#record(event, endpoint, isShared ? eventId : newMessageId()));
      }
    }
  }

  /** A genuine envelope to one endpoint, whatever it listens to. Resolves after the first attempt. */
  async sendTo(endpoint: WebhookEndpoint, event: WebhookEvent): Promise<Delivery> {
    const delivery = this.#record(event, endpoint, newMessageId());
    return this.#send(delivery, { kind: 'by-hand' });
  }

  /** To every enabled endpoint, as told, once. Resolves after the answers. */
  async sendByHand(event: WebhookEvent, options: HandSentOptions): Promise<readonly Delivery[]> {
    const endpoints = this.#parts.endpoints.list().filter(({ enabled }) => enabled);
    const signature = options.signed === 'none' ? 'none' : options.signed === false ? 'wrong' : 'valid';
    const messageId = options.id ?? newMessageId();
    const how: SendOptions = {
      kind: 'by-hand',
      signature,
      ...(options.timestamp === undefined ? {} : { timestampSeconds: options.timestamp }),
    };
    return Promise.all(
      endpoints.map((endpoint) => this.#send(this.#record(event, endpoint, messageId, options.body), how)),
    );
  }

  /** The operator's "send again": same id and body, signed anew. */
  redeliver(id: string): Promise<Delivery> {
    return this.#send(this.#parts.log.require(id), { kind: 'redelivery' });
  }

  /**
   * What somebody who recorded a delivery would send: its last request, byte for byte.
   * @throws {RangeError} for a delivery that was never sent.
   */
  async replay(id: string): Promise<Delivery> {
    const delivery = this.#parts.log.require(id);
    const recorded = delivery.attempts.at(-1);
    if (recorded === undefined) throw new RangeError(`delivery ${id} was never sent`);
    return this.#send(delivery, {
      kind: 'replay',
      headers: recorded.headers,
      signature: recorded.signature,
    });
  }

  #record(event: WebhookEvent, endpoint: WebhookEndpoint, messageId: string, body?: string): Delivery {
    const createdAt = this.#parts.time.iso();
    const envelope = { id: messageId, type: event.topic, timestamp: createdAt, data: event.data };
    return this.#parts.log.add({
      messageId,
      endpointId: endpoint.id,
      url: endpoint.url,
      topic: event.topic,
      body: body ?? JSON.stringify(envelope),
      createdAt,
      state: 'pending',
    });
  }

  #dispatch(delivery: Delivery): void {
    const { scenarios, time, log, activity } = this.#parts;
    if (scenarios.take('webhook-lost')) {
      log.update(delivery.id, { state: 'lost' });
      activity.add('delivery', `${delivery.topic} lost`, { messageId: delivery.messageId });
      return;
    }
    if (scenarios.take('webhook-late')) {
      const waitMs = time.wait(LATE_MS);
      log.update(delivery.id, { nextAttemptAt: time.iso(time.now() + waitMs) });
      time.after(waitMs, () => this.#queue(delivery));
      return;
    }
    this.#queue(delivery);
  }

  #queue(delivery: Delivery): void {
    const { scenarios, inFlight, time } = this.#parts;
    const isTwice = scenarios.take('webhook-twice');
    const isReplayed = scenarios.take('webhook-replayed');
    const before = this.#lines.get(delivery.endpointId) ?? Promise.resolve();
    const line = before.then(async () => {
      await this.#trySchedule(delivery.id);
      if (isTwice) await this.#send(delivery, { kind: 'duplicate' });
      // A sandbox is too young to own a request older than the replay window: this one is signed as if it were.
      const timestampSeconds = Math.floor(time.now() / 1000) - REPLAY_AGE_SECONDS;
      if (isReplayed) await this.#send(delivery, { kind: 'replay', timestampSeconds });
    });
    this.#lines.set(delivery.endpointId, inFlight.track(line));
  }

  async #trySchedule(id: string): Promise<void> {
    const { log, time, inFlight, endpoints } = this.#parts;
    // Deleted or switched off meanwhile: nothing goes there any more.
    if (!endpoints.isLive(log.require(id).endpointId)) {
      log.update(id, { state: 'failed', nextAttemptAt: null });
      return;
    }
    const delivery = await this.#send(log.require(id), { kind: 'scheduled' });
    if (delivery.state === 'delivered') return;
    const waitMs = waitAfter(delivery.attempts.filter(({ kind }) => kind === 'scheduled').length);
    if (waitMs === null) {
      log.update(id, { state: 'failed', nextAttemptAt: null });
      return;
    }
    const realMs = time.wait(waitMs);
    log.update(id, { nextAttemptAt: time.iso(time.now() + realMs) });
    time.after(realMs, () => void inFlight.track(this.#trySchedule(id)));
  }

  #send(delivery: Delivery, options: SendOptions): Promise<Delivery> {
    return this.#parts.inFlight.track(this.#attempt(delivery, options));
  }

  async #attempt(delivery: Delivery, options: SendOptions): Promise<Delivery> {
    const { time, log, activity, scenarios, closing, assumptions } = this.#parts;
    if (closing.aborted) return delivery;
    const isWrong = options.headers === undefined && scenarios.take('webhook-wrongly-signed');
    const signature = isWrong ? 'wrong' : (options.signature ?? 'valid');
    const isRewritten =
      assumptions.current.envelopeTimestamp === 'each-send' && options.headers === undefined;
    const body = isRewritten ? withTimestamp(delivery.body, time.iso()) : delivery.body;
    const timestampSeconds = options.timestampSeconds ?? Math.floor(time.now() / 1000);
    const headers = options.headers ?? this.#headers(delivery, timestampSeconds, body, signature);
    const at = time.iso();
    const timeoutMs = Math.max(time.wait(DELIVERY_TIMEOUT_MS), SHORTEST_TIMEOUT_MS);
    const result = await post(delivery.url, headers, body, timeoutMs, closing);
    const attempt: DeliveryAttempt = { at, kind: options.kind, signature, headers, ...result };
    const before = log.require(delivery.id);
    const isAccepted = result.status !== null && result.status >= 200 && result.status < 300;
    activity.add('delivery', `${delivery.topic} → ${result.status ?? result.error ?? 'no answer'}`, {
      messageId: delivery.messageId,
      deliveryId: delivery.id,
      kind: options.kind,
      signature,
      status: result.status,
    });
    return log.update(delivery.id, {
      attempts: [...before.attempts, attempt],
      ...(isAccepted ? { state: 'delivered', nextAttemptAt: null } : {}),
    });
  }

  #headers(
    delivery: Delivery,
    timestampSeconds: number,
    body: string,
    signature: SignatureKind,
  ): Readonly<Record<string, string>> {
    const known = this.#parts.endpoints.signingSecrets(delivery.endpointId);
    const secrets = signature === 'wrong' ? [createWebhookSecret()] : known;
    const headers = signDelivery(delivery.messageId, timestampSeconds, body, secrets);
    if (signature !== 'none') return headers;
    const { 'webhook-id': id, 'webhook-timestamp': timestamp } = headers;
    return { 'webhook-id': id, 'webhook-timestamp': timestamp };
  }
}

function newMessageId(): string {
  return `msg_${randomBytes(16).toString('hex')}`;
}

function withTimestamp(body: string, timestamp: string): string {
  const envelope = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify({ ...envelope, timestamp });
}
