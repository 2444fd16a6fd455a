import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { RedirectState } from '../core/redirect-machine.js';
import { AttributedRedirect } from './attributed-redirect.js';
import { FocusKeeper } from './focus-keeper.js';
import { messagesFor, type Messages } from './messages.js';
import { panelStyles } from './panel-styles.js';
import { RedirectRunner, type RedirectHost } from './redirect-runner.js';
import { redirectStyles } from './redirect-styles.js';
import { drawRedirect, redirectWords } from './redirect-view.js';
import { reportWish, wishOf } from './redirect-wish.js';
import { keepStateName } from './state-name.js';
import { theme } from './theme.js';

const TAG = 'checkout-redirect';

type Name = 'handoffUrl' | 'order' | 'plan' | 'item';

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
 */
export class CheckoutRedirect extends AttributedRedirect implements RedirectHost {
  static override readonly styles = [theme, panelStyles, redirectStyles];

  /** Languages beside English and Danish, by tag in lower case. */
  static readonly languages: Record<string, Messages> = {};

  /** Registers the element, once. Another definition of the name is left alone. */
  static define(tag = TAG, registry = globalThis.customElements as CustomElementRegistry | undefined): void {
    if (registry === undefined || registry.get(tag) !== undefined) return;
    registry.define(tag, tag === TAG ? this : class extends this {});
  }

  readonly #internals: ElementInternals | null;
  readonly #focus = new FocusKeeper(this);
  readonly #runner = new RedirectRunner(this);
  readonly #onPageShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#runner.restore();
  };

  constructor() {
    super();
    // Not everywhere, and only the states need it.
    this.#internals = (this.attachInternals as (() => ElementInternals) | undefined)?.call(this) ?? null;
    keepStateName(
      this,
      () => (this.isConnected ? this.state : null),
      () => this.mark(this.state),
    );
  }

  /** Where the checkout is. Also `data-state` and, where supported, `:state()`. */
  get state(): RedirectState {
    return this.#runner.state;
  }

  /** The backend's id of the attempt, from the first need on. */
  get attemptId(): string | null {
    return this.#runner.attemptId;
  }

  /** As a press of the button. Does nothing where none is offered. */
  start(): void {
    this.#runner.press();
  }

  /** Forgets the attempt and begins another. */
  reset(): void {
    this.#runner.reset();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pageshow', this.#onPageShow);
    this.mark(this.state);
    // Put in again: what was begun is looked up anew.
    if (this.hasUpdated) this.#runner.configure();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A page that moves the element takes it out and puts it in again in one task.
    setTimeout(() => {
      if (this.isConnected) return;
      removeEventListener('pageshow', this.#onPageShow);
      this.#runner.leave(false);
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#focus.note();
    reportWish(this, (name) => changed.has(name));
    // What is no text is not written into the page as one.
    const { handoffUrl, order, plan, item } = wishOf(this);
    for (const [name, value] of Object.entries({ handoffUrl, order, plan, item }) as [Name, string | null][])
      if (typeof this[name] !== 'string') this[name] = value;
    if (this.#runner.isStale) this.#runner.configure();
  }

  protected override updated(): void {
    this.#focus.mend(null, false);
    // A listener of the first round may have set an attribute, which Lit takes for part of this update.
    if (this.#runner.isStale) this.#runner.configure();
  }

  protected override render(): TemplateResult {
    const language = this.#language;
    const messages = messagesFor(language, this.messages, CheckoutRedirect.languages);
    const context = { messages, language, onPress: () => this.start() };
    const { shown } = this.#runner;
    const hidden = this.watch && ['idle', 'starting', 'error'].includes(shown.state);
    return html`<div class="base" part="base" role="group" aria-label=${messages.frameTitle} tabindex="-1">
      ${hidden ? null : drawRedirect(shown, context)}
      <p role="status" part="status">${redirectWords(shown, context)}</p>
    </div>`;
  }

  /** @internal */
  mark(state: RedirectState): void {
    this.dataset['state'] = state;
    if (this.#internals === null) return;
    try {
      this.#internals.ariaBusy = String(state === 'starting' || state === 'settling');
      this.#internals.states.clear();
      this.#internals.states.add(state);
    } catch {
      // Chromium before 125 wants dashes in front; `data-state` serves it.
    }
  }

  get #language(): string {
    return (this.closest('[lang]') ?? document.documentElement).getAttribute('lang') ?? '';
  }
}
