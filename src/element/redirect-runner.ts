/** Does what the redirect machine decides, for one element: opens the checkout, hears the backend, tells the page. */
import { HandoffError } from '../core/handoff-error.js';
import {
  INITIAL_REDIRECT,
  moveRedirect,
  redirectPace,
  type RedirectInput,
  type RedirectSnapshot,
  type RedirectState,
} from '../core/redirect-machine.js';
import type { StatusAnswer } from '../protocol/status.js';
import { say, tell } from './developer-log.js';
import {
  CheckoutFailedEvent,
  CheckoutSettledEvent,
  CheckoutUnsettledEvent,
  type EndSource,
} from './events.js';
import { followRedirect } from './follow-redirect.js';
import {
  CheckoutRedirectErrorEvent,
  CheckoutRedirectEvent,
  RedirectStateChangeEvent,
} from './redirect-events.js';
import { RedirectLink } from './redirect-link.js';
import { takeRedirectReturn } from './redirect-return.js';
import { keyOf, nameOf, wishOf, type GivenWish, type RedirectWish } from './redirect-wish.js';

/** A page that is still here so long after it was left, in milliseconds, was not left: the buyer stopped it, or got a file. */
const LEAVING_MS = 10_000;

/** The element, as its runner sees it. */
export interface RedirectHost extends HTMLElement, GivenWish {
  /** Shows by name where the checkout is, before the page is told of it. */
  mark(state: RedirectState): void;
  requestUpdate(): void;
}

/** Lives as long as its element. Out of the page it is tied to no backend. */
export class RedirectRunner {
  readonly #host: RedirectHost;
  #snapshot: RedirectSnapshot = INITIAL_REDIRECT;
  #shown: RedirectSnapshot = INITIAL_REDIRECT;
  #link: RedirectLink | null = null;
  #wish = '';

  constructor(host: RedirectHost) {
    this.#host = host;
  }

  get state(): RedirectState {
    return this.#snapshot.state;
  }

  /** What is drawn: an event's default view may be prevented. */
  get shown(): RedirectSnapshot {
    return this.#shown;
  }

  get attemptId(): string | null {
    return this.#link?.attemptId ?? null;
  }

  /** Something else is wanted than what was begun. */
  get isStale(): boolean {
    return nameOf(wishOf(this.#host)) !== this.#wish;
  }

  press(): void {
    if (!this.#host.isConnected) return;
    // A page may name the order and press in one go.
    if (this.isStale) this.configure();
    // Who is told of another order presses before it was recalled.
    if (this.#link?.isHeard === true) this.#move({ type: 'recalled' });
    const before = this.#snapshot;
    this.#move({ type: 'press' });
    if (this.#snapshot !== before) void this.#open();
  }

  reset(): void {
    this.leave(true);
    // Before anybody is told: who presses then has it configured anew.
    this.#wish = '';
    this.#move({ type: 'reset' });
    this.#host.requestUpdate();
  }

  /** The page is shown again out of the back/forward cache. */
  restore(): void {
    this.#move({ type: 'restored' });
    this.#draw();
    this.#link?.recall();
  }

  /** Compares what is wanted with what is there, and begins anew where it differs. */
  configure(): void {
    const host = this.#host;
    if (!host.isConnected) return;
    const wish = wishOf(host);
    const name = nameOf(wish);
    if (name === this.#wish && this.#link !== null) return;
    const isAnother = this.#wish !== '' && name !== this.#wish;
    this.#wish = name;
    this.leave(false);
    // Put in again: the start that it was taken out of is over, and its button would stay dead.
    if (!isAnother) this.#move({ type: 'restored' });
    const link = this.#connect(wish);
    this.#link = link;
    // Only now: who hears of it may press.
    if (isAnother) this.#move({ type: 'reset' });
    // Another order is wanted by now, or this one is being opened, which asks about what was before by itself.
    if (link === null || this.#link !== link || this.state === 'starting') return;
    const back = takeRedirectReturn((attemptId) => link.mayKnow(attemptId));
    if (back !== null) link.returned(back.attemptId);
    if (back?.as === 'paid' || wish.watch) this.#move({ type: 'returned', as: 'paid' });
    else if (back !== null) this.#move({ type: 'returned', as: 'cancelled' });
    link.recall();
    link.pace(redirectPace(this.#snapshot));
  }

  /** @param over The buyer may buy again: the next start is a new attempt. */
  leave(over: boolean): void {
    this.#link?.end(over);
    this.#link = null;
  }

  #connect(wish: RedirectWish): RedirectLink | null {
    const { handoffUrl, item } = wish;
    const key = keyOf(wish);
    if (handoffUrl === null) {
      say(
        'error',
        'handoff-url is missing: the base of your backend’s routes, such as /checkout.',
        this.#host,
      );
      return null;
    }
    try {
      return new RedirectLink({
        handoffUrl,
        item,
        key,
        onAnswer: (answer, way) => this.#hearAnswer(answer, way),
        onGivenUp: (source) => {
          const { attemptId } = this;
          this.#move({ type: 'given-up' }, () => this.#tellUnsettled(attemptId, source));
        },
        onHeardElsewhere: () => this.#move({ type: 'recalled' }),
      });
    } catch {
      say('error', `handoff-url="${handoffUrl}" must be an http(s) URL or a path of this site.`, this.#host);
      return null;
    }
  }

  async #open(): Promise<void> {
    const link = this.#link;
    try {
      if (link === null) throw new HandoffError('not_found', 'There is no handoff-url');
      const { url, status } = await link.open();
      // Another order is wanted by now.
      if (this.#link !== link) return;
      if (url === null) {
        this.#hearAnswer(status, 'start');
        return;
      }
      // Paid in another tab meanwhile, it is no longer being opened: nobody is told, and nobody goes.
      if (this.state !== 'starting') return;
      const event = new CheckoutRedirectEvent({ url, attemptId: link.attemptId });
      this.#move({ type: 'opened' }, () => !this.#host.dispatchEvent(event));
      // A listener may have wished for another order, or known of a payment.
      if (event.defaultPrevented || this.#link !== link || this.#snapshot.state !== 'away') return;
      // Until the page is left its button says that it is being left.
      setTimeout(() => this.#draw(), LEAVING_MS);
      location.assign(url);
    } catch (error) {
      if (this.#link !== link) return;
      tell('start', 'The vendor’s checkout could not be opened', error);
      const code = error instanceof HandoffError ? error.code : 'unreadable';
      const event = new CheckoutRedirectErrorEvent({ code: link === null ? 'invalid-handoff-url' : code });
      this.#move({ type: 'refused' }, () => this.#host.dispatchEvent(event));
    }
  }

  #hearAnswer(answer: StatusAnswer, source: EndSource): void {
    const host = this.#host;
    const before = this.#snapshot.state;
    // Of this attempt, though a listener may go on to another.
    const { attemptId } = this;
    const link = this.#link;
    this.#move({ type: 'answer', answer }, (state) => {
      if (state === before) return true;
      switch (state) {
        case 'settled': {
          const redirect = answer.redirect ?? null;
          const goes = host.dispatchEvent(new CheckoutSettledEvent({ attemptId, source, redirect }));
          if (goes && redirect !== null && this.#link === link) followRedirect(redirect, attemptId);
          return goes;
        }
        case 'unsettled':
          return this.#tellUnsettled(attemptId, source);
        case 'failed':
          return host.dispatchEvent(
            new CheckoutFailedEvent({ attemptId, source, retryable: answer.retry === true }),
          );
        default:
          return true;
      }
    });
  }

  #tellUnsettled(attemptId: string | null, source: EndSource): boolean {
    return this.#host.dispatchEvent(new CheckoutUnsettledEvent({ attemptId, source }));
  }

  /** @param tellPage Tells the page of the new state; `false`: the view stays as it was. */
  #move(input: RedirectInput, tellPage: (state: RedirectState) => boolean = () => true): void {
    const from = this.#snapshot;
    const to = moveRedirect(from, input);
    if (to === from) return;
    this.#snapshot = to;
    // Of another order nothing was heard, which says nothing of what is kept of it.
    if (to.heard !== from.heard && input.type !== 'reset')
      this.#link?.remember(to.heard ? 'confirmed' : null);
    this.#link?.pace(redirectPace(to));
    this.#host.mark(to.state);
    if (to.state !== from.state) {
      this.#host.dispatchEvent(new RedirectStateChangeEvent({ from: from.state, to: to.state }));
    }
    // A listener may have moved on; then its view counts.
    const proceeds = tellPage(to.state);
    if (this.#snapshot === to) {
      // A button that says it is opening what could not be opened would stay dead.
      if (proceeds) this.#shown = to;
      else if (to.state === 'error') this.#shown = { ...to, state: 'idle' };
    }
    this.#host.requestUpdate();
  }

  /** Shows what is, whatever was kept back. */
  #draw(): void {
    this.#shown = this.#snapshot;
    this.#host.requestUpdate();
  }
}
