/**
 * Sends events to the subscriptions that listen: signed anew each time, tried seven times over a day, and badly
 * when a fault says so.
 */
import type { ActivityFeed } from '../ledgerbee/activity.js';
import type { VendorTime } from '../ledgerbee/clock.js';
import { post } from '../ledgerbee/http-post.js';
import type { InFlight } from '../ledgerbee/in-flight.js';
import { ASSUMED, type Assumptions } from './assumptions.js';
import type {
  SiglumeAttemptKind,
  SiglumeDelivery,
  SiglumeDeliveryAttempt,
  SiglumeDeliveryLog,
} from './delivery-log.js';
import type { SiglumeWebhookEvent } from './events.js';
import type { FaultName } from './faults.js';
import { newId } from './ids.js';
import { signRequest, takeSigning } from './sign-request.js';
import type { Switches } from '../shared/switches.js';
import type { WebhookSubscription, WebhookSubscriptions } from './webhook-subscriptions.js';

/** How late `webhook-late` sends, in the vendor's time: after the session's end. */
const LATE_MS = 2_400_000;
/** A receiver gets at least this long, however fast time is set to pass. */
const SHORTEST_TIMEOUT_MS = 2_000;

interface Parts {
  readonly time: VendorTime;
  readonly subscriptions: WebhookSubscriptions;
  readonly log: SiglumeDeliveryLog;
  readonly faults: Switches<FaultName>;
  readonly assumptions: Assumptions;
  readonly activity: ActivityFeed;
  readonly inFlight: InFlight;
  readonly closing: AbortSignal;
}

export class SiglumeWebhookSender {
  readonly #parts: Parts;
  /** The last first try to each subscription. */
  readonly #lines = new Map<string, Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Events of one change, in the vendor's order. */
  emit(events: readonly SiglumeWebhookEvent[]): void {
    const { faults, subscriptions } = this.#parts;
    const isSwapped = events.length > 1 && faults.take('webhook-out-of-order');
    for (const event of isSwapped ? [...events].reverse() : events) {
      const ids = faults.take('webhook-second-event-id') ? [newId('evt'), newId('evt')] : [newId('evt')];
      for (const id of ids) {
        for (const subscription of subscriptions.list()) {
          const listens = subscription.eventTypes.includes(event.listenedAs ?? event.type);
          if (subscription.status !== 'active' || !listens) continue;
          this.#dispatch(this.#record(subscription, id, event));
        }
      }
    }
  }

  /** To the named subscriptions, or all active ones, whatever they listen to. Resolves after the first tries. */
  async send(
    event: SiglumeWebhookEvent,
    how: {
      readonly eventId?: string;
      readonly body?: string;
      readonly subscriptionIds?: readonly string[];
    } = {},
  ): Promise<readonly SiglumeDelivery[]> {
    const eventId = how.eventId ?? newId('evt');
    const isWanted = ({ id, status }: WebhookSubscription): boolean =>
      how.subscriptionIds === undefined ? status === 'active' : how.subscriptionIds.includes(id);
    const wanted = this.#parts.subscriptions.list().filter(isWanted);
    return Promise.all(
      wanted.map((subscription) =>
        this.#send(this.#record(subscription, eventId, event, how.body), 'by-hand'),
      ),
    );
  }

  /** Same event id and bytes, signed anew. */
  redeliver(id: string): Promise<SiglumeDelivery> {
    return this.#send(this.#parts.log.require(id), 'redelivery');
  }

  /**
   * What somebody who recorded a delivery would send: its last request, byte for byte.
   * @throws {RangeError} for a delivery that was never sent.
   */
  async replay(id: string): Promise<SiglumeDelivery> {
    const delivery = this.#parts.log.require(id);
    const recorded = delivery.attempts.at(-1);
    if (recorded === undefined) throw new RangeError(`delivery ${id} was never sent`);
    return this.#send(delivery, 'replay', recorded);
  }

  #record(
    { id: subscriptionId, callbackUrl: url }: WebhookSubscription,
    eventId: string,
    { type, data }: SiglumeWebhookEvent,
    body?: string,
  ): SiglumeDelivery {
    const { time, log, assumptions } = this.#parts;
    const { apiVersion, eventExtras } = assumptions.current;
    const envelope = {
      id: eventId,
      type,
      api_version: apiVersion,
      occurred_at: time.iso(),
      ...(eventExtras ? { idempotency_key: eventId, trace_id: newId('trace') } : {}),
      data,
    };
    return log.add({ subscriptionId, url, eventId, eventType: type, body: body ?? JSON.stringify(envelope) });
  }

  #dispatch(delivery: SiglumeDelivery): void {
    const { faults, time, log, activity } = this.#parts;
    if (faults.take('webhook-lost')) {
      log.update(delivery.id, { state: 'lost' });
      activity.add('delivery', `${delivery.eventType} lost`, { eventId: delivery.eventId });
      return;
    }
    if (faults.take('webhook-late')) {
      const waitMs = time.wait(LATE_MS);
      log.update(delivery.id, { nextAttemptAt: time.iso(time.now() + waitMs) });
      time.after(waitMs, () => this.#queue(delivery));
      return;
    }
    this.#queue(delivery);
  }

  #queue(delivery: SiglumeDelivery): void {
    const { faults, inFlight } = this.#parts;
    const isTwice = faults.take('webhook-twice');
    const isReplayed = faults.take('webhook-replayed');
    const before = this.#lines.get(delivery.subscriptionId) ?? Promise.resolve();
    const line = before.then(async () => {
      await this.#trySchedule(delivery.id);
      if (isTwice) await this.#send(delivery, 'duplicate');
      if (isReplayed) await this.replay(delivery.id);
    });
    this.#lines.set(delivery.subscriptionId, inFlight.track(line));
  }

  async #trySchedule(id: string): Promise<void> {
    const { log, time, inFlight, subscriptions } = this.#parts;
    // Paused meanwhile: nothing goes there any more.
    if (!subscriptions.isLive(log.require(id).subscriptionId)) {
      log.update(id, { state: 'failed', nextAttemptAt: null });
      return;
    }
    const delivery = await this.#send(log.require(id), 'scheduled');
    if (delivery.state === 'delivered') return;
    const made = delivery.attempts.filter(({ kind }) => kind === 'scheduled').length;
    const [lastMs, nextMs] = [ASSUMED.deliveryTimesMs[made - 1], ASSUMED.deliveryTimesMs[made]];
    if (lastMs === undefined || nextMs === undefined) {
      log.update(id, { state: 'failed', nextAttemptAt: null });
      return;
    }
    const waitMs = time.wait(nextMs - lastMs);
    log.update(id, { state: 'queued', nextAttemptAt: time.iso(time.now() + waitMs) });
    time.after(waitMs, () => void inFlight.track(this.#trySchedule(id)));
  }

  #send(
    delivery: SiglumeDelivery,
    kind: SiglumeAttemptKind,
    recorded?: SiglumeDeliveryAttempt,
  ): Promise<SiglumeDelivery> {
    return this.#parts.inFlight.track(this.#attempt(delivery, kind, recorded));
  }

  async #attempt(
    delivery: SiglumeDelivery,
    kind: SiglumeAttemptKind,
    recorded?: SiglumeDeliveryAttempt,
  ): Promise<SiglumeDelivery> {
    const { time, log, activity, faults, closing, assumptions, subscriptions } = this.#parts;
    if (closing.aborted) return delivery;
    const secrets = subscriptions.signingSecrets(delivery.subscriptionId);
    const isNamed = assumptions.current.eventHeaders;
    const sent = recorded ?? signRequest(delivery, secrets, takeSigning(faults), time.now(), isNamed);
    const { headers, body, signature } = sent;
    const at = time.iso();
    const wasDelivered = log.require(delivery.id).state === 'delivered';
    if (!wasDelivered) log.update(delivery.id, { state: 'delivering' });
    const timeoutMs = Math.max(time.wait(ASSUMED.deliveryTimeoutMs), SHORTEST_TIMEOUT_MS);
    const result = await post(delivery.url, headers, body, timeoutMs, closing);
    const isAccepted = result.status !== null && result.status >= 200 && result.status < 300;
    const { eventType, eventId, id } = delivery;
    const answer = result.status ?? result.error ?? 'no answer';
    activity.add('delivery', `${eventType} → ${answer}`, { deliveryId: id, eventId, kind, signature });
    subscriptions.noteDelivery(delivery.subscriptionId);
    const before = log.require(id);
    const state = isAccepted || wasDelivered ? 'delivered' : 'queued';
    return log.update(id, {
      attempts: [...before.attempts, { at, kind, signature, headers, body, ...result }],
      state,
      ...(isAccepted ? { nextAttemptAt: null, deliveredAt: before.deliveredAt ?? at } : {}),
    });
  }
}
