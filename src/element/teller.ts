/** Tells the page and the developer what happened, and does what is the default for it. */
import type { AttemptEffect, RejectReason, Snapshot } from '../core/attempt-states.js';
import { eventOf } from './announce.js';
import type { Attempt } from './attempt.js';
import { explain, say, sayOnce } from './developer-log.js';
import {
  CheckoutInitiatedEvent,
  CheckoutRejectedEvent,
  CheckoutStateChangeEvent,
  CheckoutTimingEvent,
  type EndSource,
  type UnboundCause,
} from './events.js';
import { followRedirect } from './follow-redirect.js';
import { followLink, safeLink } from './safe-link.js';
import { forcedUrl } from './vendor/portal-url.js';

/** How an end was learned, and where the backend sends the buyer then. */
export interface Told {
  readonly redirect: string | null;
  readonly source: EndSource;
}

/** What is told beside the snapshot. */
export interface Telling extends Told {
  readonly attempt: Attempt | null;
  /** What led there, in the machine's words. */
  readonly cause: string;
}

export class Teller {
  /** What the page asked to wait for when it was last told of a click. */
  step: Promise<unknown> | null = null;
  readonly #host: HTMLElement;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  moved(from: Snapshot, { state, mount, diagnosis }: Snapshot, { attempt, cause }: Telling): void {
    // Before the page's listeners take their time.
    const ms = elapsedMs(attempt);
    if (state === 'blocked' && diagnosis !== null) explain(diagnosis, this.#host);
    this.#host.dispatchEvent(new CheckoutStateChangeEvent({ from: from.state, to: state, cause }));
    this.#host.dispatchEvent(new CheckoutTimingEvent({ name: state, ms, load: mount }));
  }

  /** Whether the default view may follow. Where the default is a navigation, it has. */
  announced(
    { name, event }: Extract<AttemptEffect, { type: 'announce' }>,
    snapshot: Snapshot,
    { attempt, redirect, source, cause }: Telling,
  ): boolean {
    const attemptId = attempt?.backend.attemptId ?? null;
    const told = eventOf(name, event, snapshot, {
      ms: elapsedMs(attempt),
      attemptId,
      redirect,
      source,
      resumeUrl: attempt && snapshot.pick && forcedUrl(attempt.url, snapshot.pick).href,
      unbound: name === 'pending' && event !== null ? this.#unbound(attempt) : null,
      cause,
    });
    const proceeds = told !== null && this.#host.dispatchEvent(told);
    this.step = told instanceof CheckoutInitiatedEvent ? told.step : null;
    if (!proceeds) return false;
    if (name === 'settled' && redirect !== null)
      followRedirect(redirect, attemptId ?? attempt?.config.order ?? null);
    if (event?.name === 'customCtaClicked' && event.ctaLink !== null) {
      this.#follow(event.ctaLink, snapshot.options?.target ?? '');
    }
    return true;
  }

  rejected(reason: RejectReason, name: string): void {
    this.#host.dispatchEvent(new CheckoutRejectedEvent({ reason, name }));
  }

  /** Why the order's reference will not reach the subscription; the developer is told too. */
  #unbound(attempt: Attempt | null): UnboundCause | null {
    const tokens = attempt?.backend.tokens;
    if (tokens?.offered !== true) return null;
    const { unbound } = tokens;
    // Nobody is logged in: that is how it was meant.
    if (unbound !== 'anonymous')
      sayOnce(
        'warn',
        `pending ${unbound}`,
        `This checkout is anonymous, though it was meant to be bound: ${unbound}.`,
      );
    return unbound;
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

/** Milliseconds since the load began. */
function elapsedMs(attempt: Attempt | null): number {
  return Math.round(performance.now() - (attempt?.mount.startedAtMs ?? 0));
}
