/** Tells the page and the developer what happened, and does what is the default for it. */
import type { Announcement, RejectReason, Snapshot } from '../core/attempt-states.js';
import type { VendorEvent } from '../core/vendor-events.js';
import { eventOf, type AnnouncementContext } from './announce.js';
import { explain, say, sayOnce } from './developer-log.js';
import {
  CheckoutInitiatedEvent,
  CheckoutRejectedEvent,
  CheckoutStateChangeEvent,
  CheckoutTimingEvent,
  type UnboundCause,
} from './events.js';
import { followRedirect } from './follow-redirect.js';
import { followLink, safeLink } from './safe-link.js';

export class Teller {
  /** What the page asked to wait for when it was last told of a click. */
  step: Promise<unknown> | null = null;
  readonly #host: HTMLElement;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** @param ms Milliseconds since the load began. */
  moved(from: Snapshot, { state, mount, diagnosis }: Snapshot, cause: string, ms: number): void {
    if (state === 'blocked' && diagnosis !== null) explain(diagnosis, this.#host);
    this.#host.dispatchEvent(new CheckoutStateChangeEvent({ from: from.state, to: state, cause }));
    this.#host.dispatchEvent(new CheckoutTimingEvent({ name: state, ms, load: mount }));
  }

  /** Whether the default view may follow. Where the default is a navigation, it has. */
  announced(
    name: Announcement,
    event: VendorEvent | null,
    snapshot: Snapshot,
    context: AnnouncementContext,
  ): boolean {
    const told = eventOf(name, event, snapshot, context);
    const proceeds = told !== null && this.#host.dispatchEvent(told);
    this.step = told instanceof CheckoutInitiatedEvent ? told.step : null;
    if (!proceeds) return false;
    if (name === 'settled' && context.redirect !== null)
      followRedirect(context.redirect, context.attemptId ?? (this.#host.getAttribute('order') || null));
    if (event?.name === 'customCtaClicked' && event.ctaLink !== null) {
      this.#follow(event.ctaLink, snapshot.options?.target ?? '');
    }
    return true;
  }

  /** To the developer: this order reference will not reach the subscription. */
  unbound(cause: UnboundCause): void {
    // Nobody is logged in: that is how it was meant.
    if (cause === 'anonymous') return;
    const words = `This checkout is anonymous, though it was meant to be bound: ${cause}.`;
    sayOnce('warn', `pending ${cause}`, words);
  }

  rejected(reason: RejectReason, name: string): void {
    this.#host.dispatchEvent(new CheckoutRejectedEvent({ reason, name }));
  }

  #follow(link: string, target: string): void {
    const url = safeLink(link);
    if (url !== null) {
      followLink(url, target);
      return;
    }
    say(
      'error',
      `The link of a card was not followed: "${link}". Allowed: https:, mailto:, tel:, paths of this site.`,
    );
    this.#host.dispatchEvent(new CheckoutRejectedEvent({ reason: 'unsafe-link', name: 'customCtaClicked' }));
  }
}
