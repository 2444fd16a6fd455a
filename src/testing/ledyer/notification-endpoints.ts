/** Where notifications go: the endpoints of the merchant portal, and the one that a session names. */
import type { LedyerEvent } from './event-types.js';

export interface LedyerEndpoint {
  readonly url: string;
  /** Default: every type. */
  readonly eventTypes?: readonly string[];
}

export class NotificationEndpoints {
  readonly #portal = new Map<string, LedyerEndpoint>();
  readonly #disabled = new Set<string>();

  /** @throws {RangeError} for what is no http or https URL. */
  add(endpoint: LedyerEndpoint): void {
    if (!URL.canParse(endpoint.url) || !/^https?:/.test(endpoint.url)) {
      throw new RangeError('url must be an http or https URL');
    }
    this.#portal.set(endpoint.url, endpoint);
    this.#disabled.delete(endpoint.url);
  }

  remove(url: string): void {
    this.#portal.delete(url);
  }

  /** Sends nothing there any more until it is added again. */
  disable(url: string): void {
    this.#disabled.add(url);
  }

  list(): readonly LedyerEndpoint[] {
    return [...this.#portal.values()];
  }

  isLive(url: string): boolean {
    return !this.#disabled.has(url);
  }

  /** Both kinds, so that what is registered twice comes twice. */
  urlsFor(event: LedyerEvent, sessionUrl: string | null): readonly string[] {
    const listening = this.list().filter(
      ({ eventTypes }) => eventTypes === undefined || eventTypes.includes(event.eventType),
    );
    const urls = [...listening.map(({ url }) => url), ...(sessionUrl === null ? [] : [sessionUrl])];
    return urls.filter((url) => this.isLive(url));
  }
}
