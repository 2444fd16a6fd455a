/** What was sent where, and what it answered: behind the notification dashboard. */
import { randomUUID } from 'node:crypto';

export interface LedyerNotificationAttempt {
  /** ISO 8601. */
  readonly at: string;
  /** `replay`: by hand, from the dashboard. `stray`: sent by nobody who may. */
  readonly kind: 'scheduled' | 'duplicate' | 'replay' | 'stray';
  /** HTTP status, or `null` where no answer came. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface LedyerNotification {
  readonly id: string;
  readonly url: string;
  readonly eventType: string;
  /** The order's or the session's. */
  readonly subject: string;
  /** The same bytes on every attempt. */
  readonly body: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** `lost`: a scenario swallowed it. `failed`: the last attempt was made, or its endpoint is gone. */
  readonly state: 'pending' | 'delivered' | 'failed' | 'lost';
  readonly attempts: readonly LedyerNotificationAttempt[];
  /** ISO 8601, of the next scheduled attempt. */
  readonly nextAttemptAt: string | null;
}

export class NotificationLog {
  readonly #notifications = new Map<string, LedyerNotification>();

  add(fresh: Omit<LedyerNotification, 'id' | 'attempts' | 'nextAttemptAt' | 'state'>): LedyerNotification {
    const notification: LedyerNotification = {
      ...fresh,
      id: randomUUID(),
      state: 'pending',
      attempts: [],
      nextAttemptAt: null,
    };
    this.#notifications.set(notification.id, notification);
    return notification;
  }

  update(
    id: string,
    change: Partial<Pick<LedyerNotification, 'state' | 'attempts' | 'nextAttemptAt'>>,
  ): LedyerNotification {
    const notification = { ...this.require(id), ...change };
    this.#notifications.set(id, notification);
    return notification;
  }

  /** @throws {RangeError} */
  require(id: string): LedyerNotification {
    const found = this.#notifications.get(id);
    if (found === undefined) throw new RangeError(`no such notification: ${id}`);
    return found;
  }

  /** Oldest first. */
  list(): readonly LedyerNotification[] {
    return [...this.#notifications.values()];
  }
}
