import { adoptStyles, html, type PropertyValues, type TemplateResult } from 'lit';
import type { CheckoutState } from '../core/attempt-states.js';
import type { Diagnosis } from '../core/diagnosis.js';
import { AttemptPromises, type Outcome } from './attempt-promises.js';
import { AttributedElement } from './attributed-element.js';
import { boxStyles } from './box-styles.js';
import { CheckoutStart, type StartHost } from './checkout-start.js';
import { loadRest } from './load-rest.js';
import type { Messages } from './messages.js';
import { skeleton } from './skeleton.js';
import { stuckPanel, stuckWords } from './stuck.js';
import { theme } from './theme.js';

const TAG = 'checkout-embed';

/**
 * A LedgerBee checkout in the page: the pasted frame or one built from attributes, with every state between
 * the first byte and the backend's "done".
 *
 * What the frame says moves the view and nothing else. Only the backend settles; without `handoff-url` or
 * `getStatus` the last word is "thank you", never "done".
 *
 * @tagname checkout-embed
 */
export class CheckoutEmbed extends AttributedElement implements StartHost {
  static override readonly styles = [theme, boxStyles];

  /** Languages beside English and Danish, by tag in lower case: `CheckoutEmbed.languages['de'] = {…}`. */
  static readonly languages: Record<string, Messages> = {};

  /** Registers the element, once. Another definition of the name is left alone. */
  static define(tag = TAG, registry = globalThis.customElements as CustomElementRegistry | undefined): void {
    if (registry === undefined || registry.get(tag) !== undefined) return;
    // A class may carry one name only.
    registry.define(tag, tag === TAG ? this : class extends this {});
  }

  /** Fetches ahead what every element needs beside its frame. Rejects where it cannot be had. */
  static async preload(): Promise<void> {
    await loadRest();
  }

  readonly #internals: ElementInternals | null;
  readonly #promises = new AttemptPromises();
  readonly #start = new CheckoutStart(this, this.#promises);
  #stale = false;

  constructor() {
    super();
    // Not everywhere, and only the states need it.
    this.#internals = (this.attachInternals as (() => ElementInternals) | undefined)?.call(this) ?? null;
  }

  /** Where the attempt is. Also `data-state` and, where supported, `:state()`. */
  get state(): CheckoutState {
    const { rest, stuck, mount } = this.#start;
    return rest?.runner.snapshot.state ?? (stuck ? 'blocked' : mount === null ? 'idle' : 'loading');
  }

  /** Why nothing is to be seen, or why `handoff-url` cannot be asked; `null` while there is nothing to explain. */
  get diagnosis(): Diagnosis | null {
    return this.#start.rest?.runner.diagnosis ?? null;
  }

  /** The frame, pasted or built. */
  get frame(): HTMLIFrameElement | null {
    return this.#start.rest?.runner.frame ?? this.#start.mount?.frame ?? null;
  }

  /** The backend's id of the attempt, from the first need on. */
  get attemptId(): string | null {
    return this.#start.rest?.runner.attemptId ?? null;
  }

  /** Whether the current load has painted: `false` when it was blocked, stayed silent or ended. Never rejects. */
  get ready(): Promise<boolean> {
    return this.#promises.ready;
  }

  /** How the current attempt ended; open again where it goes on. Never rejects; `closed` when the element goes away. */
  get outcome(): Promise<Outcome> {
    return this.#promises.outcome;
  }

  /** @internal */
  get languages(): Readonly<Record<string, Messages>> {
    return CheckoutEmbed.languages;
  }

  /** @internal */
  get language(): string {
    return (this.closest('[lang]') ?? document.documentElement).getAttribute('lang') ?? '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#start.connect();
  }

  /** A move within the page keeps the frame, where the page moves with `moveBefore`. */
  connectedMoveCallback(): void {
    // Being here is enough: without it the browser would disconnect and connect.
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A page that moves the element takes it out and puts it in again in one task.
    setTimeout(() => {
      if (!this.isConnected) this.#start.leave();
    });
  }

  /** Bare: the styles are read when the frame is on its way. */
  protected override createRenderRoot(): ShadowRoot {
    return this.attachShadow({ mode: 'open' });
  }

  /** The frame is on its way before anything is drawn. */
  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#start.rest?.face.noteFocus();
    if (this.#isStale(changed)) this.#configure();
    if (changed.has('getStatus') || changed.has('fetchBindToken')) this.#start.rest?.runner.refreshBackend();
    if (!this.hasUpdated)
      adoptStyles(this.renderRoot as ShadowRoot, (this.constructor as typeof CheckoutEmbed).elementStyles);
  }

  protected override updated(changed: PropertyValues): void {
    // By script: a strict style-src forbids the attribute.
    this.renderRoot
      .querySelector<HTMLElement>('.base')
      ?.style.setProperty('--_min-height', `${this.#start.minHeightPx}px`);
    this.#start.rest?.face.mendFocus();
    // A listener of the first round may have set an attribute, which Lit takes for part of this update.
    if (this.#isStale(changed)) this.#configure();
    // After the frame, which the buyer waits for; but at once: an eighth of a second later it is in the way of the
    // frame's own start, which took 4.8 % longer for it instead of 2.8 % (measured).
    void this.#start.fetchRest();
  }

  /**
   * The best explanation there is now, also that nothing is wrong. May send a request to the portal.
   * Never rejects; `null` outside the page.
   */
  async diagnose(): Promise<Diagnosis | null> {
    await this.#start.fetchRest();
    return (await this.#start.rest?.runner.diagnose()) ?? null;
  }

  /** Loads the frame again, where that is safe: never after a confirmation was heard. */
  retry(): void {
    this.#start.ask((runner) => runner.dispatch({ type: 'retry' }));
  }

  /** Forgets the attempt and begins another. */
  reset(): void {
    this.#start.reset();
  }

  /** Closes the checkout; what was heard of a payment keeps its view. */
  close(): void {
    this.#start.ask((runner) => runner.dispatch({ type: 'close' }));
  }

  /** Goes on with a deferred checkout, when the page's own step is done. */
  resume(): void {
    this.#start.ask((runner) => runner.dispatch({ type: 'resume' }));
  }

  protected override render(): TemplateResult {
    const { rest, stuck, alone, mount } = this.#start;
    const face = rest?.face;
    const tag = this.language.toLowerCase();
    const { [tag.split('-')[0] ?? '']: wide, [tag]: own } = this.languages;
    const helpless = stuck ? stuckWords(tag, { ...wide, ...own, ...this.messages }) : null;
    // Alone, a frame that is on its way may be working: it is seen, and never covered again.
    const frame = face?.view.frame ?? (mount && (alone || !mount.heardFromStart) ? 'shown' : 'covered');
    return html`<section>
      <canvas></canvas>
      <div class="base" part="base" role="group" tabindex="-1" aria-label=${this.#start.name}>
        ${face?.strip() ?? html`<div class="strip empty" part="strip"></div>`}
        <div class="area" part="frame-area">
          <div class="frame ${frame}" ?inert=${frame !== 'shown'}>
            <slot @slotchange=${this.reconsider}></slot>
          </div>
          ${face?.cover() ?? (frame === 'shown' ? null : helpless ? stuckPanel(helpless, this.#start.insist) : skeleton(face?.surface ?? this.#start.surface))}
        </div>
        <p role="status" part="status">${face?.words ?? helpless?.[0]}</p>
      </div>
    </section>`;
  }

  /** @internal Something may have changed that no property tells of. */
  readonly reconsider = (): void => {
    this.#stale = true;
    this.requestUpdate();
  };

  /** @internal Shows a state, also before there is an attempt to have one. */
  mark(state: CheckoutState): void {
    this.dataset['state'] = state;
    if (this.#internals !== null) {
      try {
        this.#internals.ariaBusy = String(state === 'loading' || state === 'slow');
        this.#internals.states.clear();
        this.#internals.states.add(state);
      } catch {
        // Chromium before 125 wants dashes in front; `data-state` serves it. jsdom 23 to 26, as Jest brings it, throws at both.
      }
    }
    this.requestUpdate();
  }

  #isStale(changed: PropertyValues): boolean {
    return this.#stale || changed.size > 0;
  }

  #configure(): void {
    if (!this.isConnected) return;
    this.#stale = false;
    this.#start.configure();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'checkout-embed': CheckoutEmbed;
  }
}
