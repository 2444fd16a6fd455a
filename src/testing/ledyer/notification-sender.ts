/**
 * Sends notifications: unsigned, tried eight times over some 28 hours until an answer of exactly 200, and badly
 * when a scenario says so. First attempts to one endpoint go one after the other; retries wait for nobody.
 */
import { randomBytes } from 'node:crypto';
import type { VendorTime } from '../ledgerbee/clock.js';
import { post } from '../ledgerbee/http-post.js';
import type { InFlight } from '../ledgerbee/in-flight.js';
import type { ActivityFeed } from './activity.js';
import { type Assumptions, NOTIFICATION_TIMEOUT_MS, USER_AGENT } from './assumptions.js';
import type { LedyerEvent } from './event-types.js';
import { newId } from './ids.js';
import { notificationBody } from './notification-body.js';
import type { NotificationEndpoints } from './notification-endpoints.js';
import type { LedyerNotification, LedyerNotificationAttempt, NotificationLog } from './notification-log.js';
import { LAST_ATTEMPT_AFTER_MS, waitAfter } from './notification-schedule.js';
import type { Purchase } from './purchases.js';
import type { Scenarios } from './scenarios.js';

/** A receiver gets at least this long, however fast time is set to pass. */
const SHORTEST_TIMEOUT_MS = 2_000;

/** A notification held back to come out of order goes on its own when none follows it for so long. */
const HELD_MS = 60_000;

interface SenderParts {
  readonly time: VendorTime;
  readonly endpoints: NotificationEndpoints;
  readonly log: NotificationLog;
  readonly scenarios: Scenarios;
  readonly assumptions: Assumptions;
  readonly activity: ActivityFeed;
  readonly inFlight: InFlight;
  readonly closing: AbortSignal;
}

export class NotificationSender {
  readonly #parts: SenderParts;
  /** The last first attempt to each endpoint. */
  readonly #lines = new Map<string, Promise<void>>();
  #releaseHeld: (() => void) | null = null;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** To every endpoint that listens, and to the session's own. */
  emit(event: LedyerEvent, purchase: Purchase): void {
    const { endpoints, scenarios } = this.#parts;
    const urls = endpoints.urlsFor(event, purchase.session.urls.notification);
    const release = this.#releaseHeld;
    this.#releaseHeld = null;
    const isHeld = release === null && urls.length > 0 && scenarios.take('notification-out-of-order');
    if (isHeld) this.#hold(() => this.#dispatch(event, purchase, urls));
    else this.#dispatch(event, purchase, urls);
    release?.();
  }

  /**
   * What anybody can send: once, to every endpoint of the portal. Resolves after the answers.
   * @param body Instead of one in the vendor's form.
   */
  async sendStray(
    event: LedyerEvent,
    purchase: Purchase | null,
    body?: string,
  ): Promise<readonly LedyerNotification[]> {
    const urls = this.#parts.endpoints.urlsFor(event, null);
    return Promise.all(urls.map((url) => this.#send(this.#record(event, purchase, url, body), 'stray')));
  }

  /** The dashboard's "replay": the same bytes again, whatever became of it before. */
  replay(id: string): Promise<LedyerNotification> {
    return this.#send(this.#parts.log.require(id), 'replay');
  }

  #hold(dispatch: () => void): void {
    const { time } = this.#parts;
    const cancel = time.after(time.wait(HELD_MS), () => this.#releaseHeld?.());
    this.#releaseHeld = () => {
      cancel();
      this.#releaseHeld = null;
      dispatch();
    };
  }

  #dispatch(event: LedyerEvent, purchase: Purchase, urls: readonly string[]): void {
    const { scenarios, time, log, activity } = this.#parts;
    for (const url of urls) {
      const notification = this.#record(event, purchase, url);
      if (scenarios.take('notification-lost')) {
        log.update(notification.id, { state: 'lost' });
        activity.add('notification', `${event.eventType} lost`, { id: notification.id });
        continue;
      }
      if (scenarios.take('notification-delayed')) {
        const waitMs = time.wait(LAST_ATTEMPT_AFTER_MS);
        log.update(notification.id, { nextAttemptAt: time.iso(time.now() + waitMs) });
        time.after(waitMs, () => this.#queue(notification, purchase));
        continue;
      }
      this.#queue(notification, purchase);
    }
  }

  #queue(notification: LedyerNotification, purchase: Purchase): void {
    const { scenarios, inFlight } = this.#parts;
    const isTwice = scenarios.take('notification-twice');
    const isReplayed = scenarios.take('notification-replayed');
    const isSpoofed = scenarios.take('notification-spoofed');
    const isUnknown = scenarios.take('notification-unknown-id');
    const before = scenarios.isOn('notifications-at-once')
      ? Promise.resolve()
      : (this.#lines.get(notification.url) ?? Promise.resolve());
    const line = before.then(async () => {
      // A liar who knows the order's id says what is not so; the truth follows it.
      if (isSpoofed) await this.#sendStrayTo(notification, purchase, notification.subject);
      if (isUnknown) await this.#sendStrayTo(notification, purchase, newId('or'));
      const first = this.#trySchedule(notification.id);
      await (isTwice ? Promise.all([first, this.#send(notification, 'duplicate')]) : first);
      if (isReplayed) await this.#send(notification, 'replay');
    });
    this.#lines.set(notification.url, inFlight.track(line));
  }

  async #sendStrayTo({ url }: LedyerNotification, purchase: Purchase, subject: string): Promise<void> {
    const ids = subject.startsWith('or_') ? { orderId: subject } : { sessionId: subject };
    const event: LedyerEvent = { eventType: 'com.ledyer.order.full_capture', ...ids };
    await this.#send(this.#record(event, purchase, url), 'stray');
  }

  async #trySchedule(id: string): Promise<void> {
    const { log, time, inFlight, endpoints, assumptions } = this.#parts;
    const { url } = log.require(id);
    if (!endpoints.isLive(url)) {
      log.update(id, { state: 'failed', nextAttemptAt: null });
      return;
    }
    const notification = await this.#send(log.require(id), 'scheduled');
    if (notification.state === 'delivered') return;
    const waitMs = waitAfter(notification.attempts.filter(({ kind }) => kind === 'scheduled').length);
    if (waitMs === null) {
      log.update(id, { state: 'failed', nextAttemptAt: null });
      if (assumptions.current.disablesFailingEndpoint) endpoints.disable(url);
      return;
    }
    const realMs = time.wait(waitMs) * (assumptions.current.jitter ? 1 + Math.random() / 10 : 1);
    log.update(id, { nextAttemptAt: time.iso(time.now() + realMs) });
    time.after(realMs, () => void inFlight.track(this.#trySchedule(id)));
  }

  #send(
    notification: LedyerNotification,
    kind: LedyerNotificationAttempt['kind'],
  ): Promise<LedyerNotification> {
    return this.#parts.inFlight.track(this.#attempt(notification, kind));
  }

  async #attempt(
    notification: LedyerNotification,
    kind: LedyerNotificationAttempt['kind'],
  ): Promise<LedyerNotification> {
    const { time, log, activity, closing, assumptions } = this.#parts;
    if (closing.aborted) return notification;
    const at = time.iso();
    const timeoutMs = Math.max(time.wait(NOTIFICATION_TIMEOUT_MS), SHORTEST_TIMEOUT_MS);
    const result = await post(
      notification.url,
      this.#headers(notification),
      notification.body,
      timeoutMs,
      closing,
    );
    const { eventType, subject } = notification;
    activity.add('notification', `${eventType} → ${result.status ?? result.error ?? 'no answer'}`, {
      id: notification.id,
      subject,
      kind,
      status: result.status,
    });
    const isAccepted = stops(result.status, assumptions.current.stopsOn) && kind !== 'stray';
    return log.update(notification.id, {
      attempts: [...log.require(notification.id).attempts, { at, kind, ...result }],
      ...(kind === 'stray' ? { state: result.status === 200 ? 'delivered' : 'failed' } : {}),
      ...(isAccepted ? { state: 'delivered', nextAttemptAt: null } : {}),
    });
  }

  #headers({ id }: LedyerNotification): Readonly<Record<string, string>> {
    const headers = { 'user-agent': USER_AGENT };
    if (this.#parts.assumptions.current.deliveryHeaders === 'none') return headers;
    return {
      ...headers,
      'svix-id': `msg_${id}`,
      'svix-timestamp': String(Math.floor(this.#parts.time.now() / 1000)),
      'svix-signature': `v1,${randomBytes(32).toString('base64')}`,
    };
  }

  #record(event: LedyerEvent, purchase: Purchase | null, url: string, body?: string): LedyerNotification {
    const { assumptions, time, log } = this.#parts;
    const context = {
      merchantId: purchase?.session.merchantId ?? newId('ac'),
      storeId: purchase?.session.storeId ?? '',
      bodyReference: purchase?.bodyReference ?? newId('or'),
      shape: assumptions.current.bodyShape,
      reference: assumptions.current.bodyReference,
    };
    return log.add({
      url,
      eventType: event.eventType,
      subject: event.orderId ?? event.sessionId ?? '',
      body: body ?? notificationBody(event, context),
      createdAt: time.iso(),
    });
  }
}

function stops(status: number | null, rule: '200' | '2xx'): boolean {
  if (status === null) return false;
  return rule === '200' ? status === 200 : status >= 200 && status < 300;
}
