import { html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { AttemptKey } from '../core/attempt-handles.js';
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
import { VENDORS, type Vendor } from '../protocol/vendor.js';
import { say, tell } from './developer-log.js';
import { CheckoutFailedEvent, CheckoutSettledEvent, CheckoutUnsettledEvent } from './events.js';
import { FocusKeeper } from './focus-keeper.js';
import { messagesFor, type Messages } from './messages.js';
import { panelStyles } from './panel-styles.js';
import {
  CheckoutRedirectErrorEvent,
  CheckoutRedirectEvent,
  RedirectStateChangeEvent,
} from './redirect-events.js';
import { RedirectLink } from './redirect-link.js';
import { takeRedirectReturn } from './redirect-return.js';
import { redirectStyles } from './redirect-styles.js';
import { drawRedirect, redirectWords } from './redirect-view.js';
import { theme } from './theme.js';

const TAG = 'checkout-redirect';

/** A page that is still here so long after it was left, in milliseconds, was not left: the buyer stopped it, or got a file. */
const LEAVING_MS = 10_000;

/** What names the order. A change of any begins anew. */
const WISH = ['handoffUrl', 'vendor', 'order', 'plan', 'item', 'watch'] as const;

/**
 * A checkout that leaves the page: a button that asks the merchant's backend for the vendor's hosted checkout, goes
 * there, and on return watches the order until the backend says what became of it.
 *
 * No return from the vendor is proof: only the backend settles. After a payment was heard nothing is offered again
 * but by the backend's word.
 *
 * With `watch` it is the other half alone, for a confirmation page: no button, and the order is watched at once.
 *
 * @tagname checkout-redirect
 *
 * @attr {string} [lang=en] - `en` or `da`; of the element or of what it stands in.
 *
 * @fires {RedirectStateChangeEvent} checkout-redirect-statechange
 * @fires {CheckoutRedirectEvent} checkout-redirect
 * @fires {CheckoutRedirectErrorEvent} checkout-redirect-error
 * @fires {CheckoutSettledEvent} checkout-settled
 * @fires {CheckoutUnsettledEvent} checkout-unsettled
 * @fires {CheckoutFailedEvent} checkout-failed
 *
 * @slot - The button's words.
 * @slot starting - The button's words while the checkout is opened.
 * @slot error - In place of "payment couldn't be opened", above the button.
 * @slot away - In place of "payment not finished".
 * @slot settling - In place of "we are confirming". Never say "done" here.
 * @slot settled - In place of "done": the backend said so.
 * @slot unsettled - In place of "we have your order". Never red, never "try again".
 * @slot failed - In place of what to do when the backend says failed.
 *
 * @csspart base - The box around everything.
 * @csspart button - The button that opens the checkout, or tries again.
 * @csspart note - The note above the button.
 * @csspart panel - What stands in the button's place.
 * @csspart icon - The icon of a note or a panel.
 * @csspart heading - The heading of a note or a panel.
 * @csspart message - The text of a note or a panel.
 * @csspart actions - The row of a panel's button.
 * @csspart progress - The bar while the backend is asked.
 * @csspart status - The live region, which is read and not seen.
 *
 * @cssstate idle - Nothing was begun: the button.
 * @cssstate starting - Pressed: the backend opens the checkout.
 * @cssstate away - The buyer is at the vendor's, or came back without paying.
 * @cssstate settling - Heard, not proven: "thank you, we are confirming".
 * @cssstate settled - Done: the backend said so.
 * @cssstate unsettled - Confirming takes longer than the page waits: "we have your order".
 * @cssstate failed - The backend said failed: another try only where it is safe.
 * @cssstate error - The checkout could not be opened: a note above the button.
 */
export class CheckoutRedirect extends LitElement {
  static override readonly styles = [theme, panelStyles, redirectStyles];

  static override readonly properties: PropertyDeclarations = {
    handoffUrl: { attribute: 'handoff-url', reflect: true, useDefault: true },
    vendor: { reflect: true, useDefault: true },
    order: { reflect: true, useDefault: true },
    plan: { reflect: true, useDefault: true },
    item: { reflect: true, useDefault: true },
    watch: { type: Boolean, reflect: true, useDefault: true },
    messages: { attribute: false },
  };

  /** Languages beside English and Danish, by tag in lower case. */
  static readonly languages: Record<string, Messages> = {};

  /** Registers the element, once. Another definition of the name is left alone. */
  static define(tag = TAG, registry = globalThis.customElements as CustomElementRegistry | undefined): void {
    if (registry === undefined || registry.get(tag) !== undefined) return;
    registry.define(tag, tag === TAG ? this : class extends this {});
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  /** Base of the backend's handoff routes. Required. */
  declare handoffUrl: string | null;
  /**
   * Whose checkout it is.
   * @default 'siglume'
   */
  declare vendor: Vendor;
  /** The page's word for the order; a hint to the backend. */
  declare order: string | null;
  /** The page's word for the plan; a hint to the backend. */
  declare plan: string | null;
  /** The page's word for the item; a hint to the backend. */
  declare item: string | null;
  /** This is the page after the checkout: the order is watched at once, and no button is offered. */
  declare watch: boolean;
  /**
   * The page's own words, over those of the language.
   * @default {}
   */
  declare messages: Partial<Messages>;

  readonly #internals: ElementInternals | null;
  readonly #focus = new FocusKeeper(this);
  #snapshot: RedirectSnapshot = INITIAL_REDIRECT;
  /** What is drawn: an event's default view may be prevented. */
  #shown: RedirectSnapshot = INITIAL_REDIRECT;
  #link: RedirectLink | null = null;
  #wish = '';
  readonly #onPageShow = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    this.#move({ type: 'restored' });
    this.#draw();
    this.#link?.checkNow();
  };

  constructor() {
    super();
    this.handoffUrl = this.order = this.plan = this.item = null;
    this.vendor = 'siglume';
    this.watch = false;
    this.messages = {};
    // Not everywhere, and only the states need it.
    this.#internals = (this.attachInternals as (() => ElementInternals) | undefined)?.call(this) ?? null;
  }

  /** Where the checkout is. Also `data-state` and, where supported, `:state()`. */
  get state(): RedirectState {
    return this.#snapshot.state;
  }

  /** The backend's id of the attempt, from the first need on. */
  get attemptId(): string | null {
    return this.#link?.attemptId ?? null;
  }

  /** As a press of the button. Does nothing where none is offered. */
  start(): void {
    const before = this.#snapshot;
    this.#move({ type: 'press' });
    if (this.#snapshot !== before) void this.#open();
  }

  /** Forgets the attempt and begins another. */
  reset(): void {
    this.#leave(true);
    this.#move({ type: 'reset' });
    this.#wish = '';
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pageshow', this.#onPageShow);
    this.#mark();
    // Put in again: what was begun is looked up anew.
    if (this.hasUpdated) this.#configure();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A page that moves the element takes it out and puts it in again in one task.
    setTimeout(() => {
      if (this.isConnected) return;
      removeEventListener('pageshow', this.#onPageShow);
      this.#leave(false);
    });
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    if (name === 'lang') this.requestUpdate(name, before);
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#focus.note();
    if (!this.hasUpdated || WISH.some((name) => changed.has(name)) || this.#wish === '') this.#configure();
  }

  protected override updated(): void {
    this.#focus.mend(null, false);
  }

  protected override render(): TemplateResult {
    const messages = this.#messages;
    const hidden = this.watch && ['idle', 'starting', 'error'].includes(this.#shown.state);
    return html`<div class="base" part="base" role="group" aria-label=${messages.frameTitle} tabindex="-1">
      ${hidden ? null : drawRedirect(this.#shown, messages, () => this.start())}
      <p role="status" part="status">${redirectWords(this.#shown, messages)}</p>
    </div>`;
  }

  get #messages(): Messages {
    const lang = (this.closest('[lang]') ?? document.documentElement).getAttribute('lang') ?? '';
    return messagesFor(lang, this.messages, CheckoutRedirect.languages);
  }

  /** Compares what is wanted with what is there, and begins anew where it differs. */
  #configure(): void {
    if (!this.isConnected) return;
    const wish = JSON.stringify(WISH.map((name) => this[name]));
    if (wish === this.#wish && this.#link !== null) return;
    const isAnother = this.#wish !== '' && wish !== this.#wish;
    this.#wish = wish;
    this.#leave(false);
    if (isAnother) this.#move({ type: 'reset' });
    this.#link = this.#connect();
    const link = this.#link;
    if (link === null) return;
    const back = takeRedirectReturn((attemptId) => link.mayKnow(attemptId));
    if (back !== null) link.returned(back.attemptId);
    if (back?.as === 'paid' || this.watch) this.#move({ type: 'returned', as: 'paid' });
    else if (back !== null) this.#move({ type: 'returned', as: 'cancelled' });
    link.recall();
    link.pace(redirectPace(this.#snapshot));
  }

  #connect(): RedirectLink | null {
    const { handoffUrl, item } = this;
    if (!VENDORS.includes(this.vendor)) {
      say('error', `vendor="${this.vendor}" is not one of ${VENDORS.join(', ')}. Its default is used.`, this);
    }
    if (handoffUrl === null) {
      say('error', 'handoff-url is missing: the base of your backend’s routes, such as /checkout.', this);
      return null;
    }
    try {
      return new RedirectLink({
        handoffUrl,
        item,
        key: this.#key(),
        onAnswer: (answer) => this.#hearAnswer(answer),
        onHorizon: () => this.#move({ type: 'horizon' }),
        onHeardElsewhere: () => this.#move({ type: 'recalled' }),
      });
    } catch {
      say('error', `handoff-url="${handoffUrl}" must be an http(s) URL or a path of this site.`, this);
      return null;
    }
  }

  #key(): AttemptKey {
    const { order, plan } = this;
    return {
      vendor: VENDORS.includes(this.vendor) ? this.vendor : 'siglume',
      ...(order === null ? {} : { order }),
      ...(plan === null ? {} : { plan }),
    };
  }

  async #open(): Promise<void> {
    const link = this.#link;
    try {
      if (link === null) throw new HandoffError('not_found', 'There is no handoff-url');
      const { url, status } = await link.open();
      // Another order is wanted by now.
      if (this.#link !== link) return;
      if (url === null) {
        this.#hearAnswer(status);
        return;
      }
      const event = new CheckoutRedirectEvent({ url, attemptId: link.attemptId });
      this.#move({ type: 'opened' }, () => !this.dispatchEvent(event));
      if (event.defaultPrevented) return;
      // Until the page is left its button says that it is being left.
      setTimeout(() => this.#draw(), LEAVING_MS);
      location.assign(url);
    } catch (error) {
      if (this.#link !== link) return;
      tell('start', 'The vendor’s checkout could not be opened', error);
      const code = error instanceof HandoffError ? error.code : 'unreadable';
      const event = new CheckoutRedirectErrorEvent({ code: link === null ? 'invalid-handoff-url' : code });
      this.#move({ type: 'refused' }, () => this.dispatchEvent(event));
    }
  }

  #hearAnswer(answer: StatusAnswer): void {
    const before = this.#snapshot.state;
    this.#move({ type: 'answer', answer }, (state) => {
      if (state === before) return true;
      const attemptId = this.attemptId;
      switch (state) {
        case 'settled': {
          const redirect = answer.redirect ?? null;
          const goes = this.dispatchEvent(new CheckoutSettledEvent({ attemptId, redirect }));
          if (goes && redirect !== null) location.assign(redirect);
          return goes;
        }
        case 'unsettled':
          return this.dispatchEvent(new CheckoutUnsettledEvent({ attemptId }));
        case 'failed':
          return this.dispatchEvent(new CheckoutFailedEvent({ attemptId, retryable: answer.retry === true }));
        default:
          return true;
      }
    });
  }

  /** @param tellPage Tells the page of the new state; `false`: the view stays as it was. */
  #move(input: RedirectInput, tellPage: (state: RedirectState) => boolean = () => true): void {
    const from = this.#snapshot;
    const to = moveRedirect(from, input);
    if (to === from) return;
    this.#snapshot = to;
    if (to.heard !== from.heard) this.#link?.remember(to.heard ? 'confirmed' : null);
    this.#link?.pace(redirectPace(to));
    this.#mark();
    if (to.state !== from.state) {
      this.dispatchEvent(new RedirectStateChangeEvent({ from: from.state, to: to.state }));
    }
    // A listener may have moved on; then its view counts.
    if (tellPage(to.state) && this.#snapshot === to) this.#shown = to;
    this.requestUpdate();
  }

  /** Shows what is, whatever was kept back. */
  #draw(): void {
    this.#shown = this.#snapshot;
    this.requestUpdate();
  }

  #mark(): void {
    const { state } = this.#snapshot;
    this.dataset['state'] = state;
    if (this.#internals === null) return;
    this.#internals.ariaBusy = String(state === 'starting' || state === 'settling');
    try {
      this.#internals.states.clear();
      this.#internals.states.add(state);
    } catch {
      // Chromium before 125 wants dashes in front; `data-state` serves it.
    }
  }

  #leave(over: boolean): void {
    this.#link?.end(over);
    this.#link = null;
  }
}
