import { html, type PropertyValues, type TemplateResult } from 'lit';
import { INITIAL_SNAPSHOT, type CheckoutState, type Snapshot } from '../core/attempt-states.js';
import { diagnoseAttribute, type Diagnosis } from '../core/diagnosis.js';
import { isLoopbackHost } from '../protocol/url.js';
import { AttemptPromises, type Outcome } from './attempt-promises.js';
import { AttributedElement, isConfig } from './attributed-element.js';
import { AttemptRunner, type RunnerHost } from './attempt-runner.js';
import { boxStyles } from './box-styles.js';
import { DEFAULTS, readConfig, type CheckoutConfig, type ReadConfig } from './checkout-config.js';
import { say } from './developer-log.js';
import { FocusKeeper } from './focus-keeper.js';
import { messagesFor, type Messages } from './messages.js';
import { findPastedFrame } from './own-frame.js';
import { panelStyles } from './panel-styles.js';
import { cover, strip } from './panels.js';
import { theme } from './theme.js';
import { viewOf, type View } from './view.js';

const TAG = 'checkout-embed';

/** How near the view a lazy element loads. */
const LAZY_MARGIN = '400px';

/**
 * A LedgerBee checkout in the page: the pasted frame or one built from attributes, with every state between
 * the first byte and the backend's "done".
 *
 * What the frame says moves the view and nothing else. Only the backend settles; without `handoff-url` or
 * `getStatus` the last word is "thank you", never "done".
 *
 * @slot - The vendor's frame. Left empty, one is built.
 * @slot {state} - For each state with a view: takes the place of our words.
 * @csspart base strip note note-{state} frame-area skeleton bone panel panel-{state} icon heading message
 *   actions button link progress diagnosis status
 * @cssprop --checkout-embed-min-height Height kept for the frame. Default 560px, or `min-height`.
 * @cssprop --checkout-embed-strip-height Height kept for notes. Default 56px, 80px in narrow places.
 */
export class CheckoutEmbed extends AttributedElement implements RunnerHost {
  static override readonly styles = [theme, boxStyles, panelStyles];

  /** Registers the element, once. Another definition of the name is left alone. */
  static define(tag = TAG, registry = globalThis.customElements as CustomElementRegistry | undefined): void {
    if (registry === undefined || registry.get(tag) !== undefined) return;
    // A class may carry one name only.
    registry.define(tag, tag === TAG ? this : class extends this {});
  }

  readonly #internals: ElementInternals | null;
  readonly #promises = new AttemptPromises();
  readonly #focus = new FocusKeeper(this);
  #runner: AttemptRunner | null = null;
  #shown: Snapshot = INITIAL_SNAPSHOT;
  /** What is loaded: the same wish again loads nothing. */
  #loaded = '';
  #said = '';
  #stale = false;
  #minHeightPx: number = DEFAULTS.minHeight;
  #pasted: HTMLIFrameElement | null = null;
  #near: IntersectionObserver | null = null;

  constructor() {
    super();
    // Not everywhere, and only the states need it.
    this.#internals = (this.attachInternals as (() => ElementInternals) | undefined)?.call(this) ?? null;
  }

  /** Where the attempt is. Also `data-state` and, where supported, `:state()`. */
  get state(): CheckoutState {
    return this.#runner?.snapshot.state ?? 'idle';
  }

  /** Why nothing is to be seen; `null` while there is nothing to explain. */
  get diagnosis(): Diagnosis | null {
    return this.#runner?.snapshot.diagnosis ?? null;
  }

  /** The frame, pasted or built. */
  get frame(): HTMLIFrameElement | null {
    return this.#runner?.frame ?? null;
  }

  /** The backend's id of the attempt, from the first need on. */
  get attemptId(): string | null {
    return this.#runner?.attemptId ?? null;
  }

  /** Whether the current load has painted: `false` when it was blocked, stayed silent or ended. Never rejects. */
  get ready(): Promise<boolean> {
    return this.#promises.ready;
  }

  /** How the current attempt ended. Never rejects; `closed` when the element goes away. */
  get outcome(): Promise<Outcome> {
    return this.#promises.outcome;
  }

  /** The name of a frame that has none. */
  get frameName(): string {
    return this.frameTitle ?? this.#messages.frameTitle;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#runner !== null) return;
    this.#runner = new AttemptRunner(this, this.#promises);
    this.drawn(INITIAL_SNAPSHOT, INITIAL_SNAPSHOT);
    this.#reconsider();
  }

  /** A move within the page keeps the frame, where the page moves with `moveBefore`. */
  connectedMoveCallback(): void {
    // Being here is enough: without it the browser would disconnect and connect.
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A page that moves the element takes it out and puts it in again in one task.
    setTimeout(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  /** The frame is on its way before anything is drawn. */
  protected override willUpdate(changed: PropertyValues): void {
    this.#focus.note();
    if (this.#isStale(changed)) this.#configure();
    if (changed.has('getStatus') || changed.has('fetchBindToken')) this.#runner?.refreshBackend();
  }

  protected override updated(changed: PropertyValues): void {
    // By script: a strict style-src forbids the attribute.
    this.renderRoot
      .querySelector<HTMLElement>('.base')
      ?.style.setProperty('--_min-height', `${this.#minHeightPx}px`);
    this.#focus.mend(this.frame, this.#view.frame === 'shown');
    // A listener of the first round may have set an attribute, which Lit takes for part of this update.
    if (this.#isStale(changed)) this.#configure();
  }

  /**
   * The best explanation there is now, also that nothing is wrong. May send a request to the portal.
   * Never rejects; `null` outside the page.
   */
  async diagnose(): Promise<Diagnosis | null> {
    return (await this.#runner?.diagnose()) ?? null;
  }

  /** Loads the frame again, where that is safe: never after a confirmation was heard. */
  retry(): void {
    this.#runner?.dispatch({ type: 'retry' });
  }

  /** Forgets the attempt and begins another. */
  reset(): void {
    this.#runner?.reset();
    this.#loaded = '';
    this.#reconsider();
  }

  /** Closes the checkout; what was heard of a payment keeps its view. */
  close(): void {
    this.#runner?.dispatch({ type: 'close' });
  }

  /** Goes on with a deferred checkout, when the page's own step is done. */
  resume(): void {
    this.#runner?.dispatch({ type: 'resume' });
  }

  /** @internal */
  fillsSlot(name: string): boolean {
    return this.querySelector(`:scope > [slot="${name}"]`) !== null;
  }

  /** @internal */
  drawn({ state }: Snapshot, shown: Snapshot): void {
    this.#shown = shown;
    this.dataset['state'] = state;
    if (this.#internals !== null) {
      this.#internals.ariaBusy = String(state === 'loading' || state === 'slow');
      try {
        this.#internals.states.clear();
        this.#internals.states.add(state);
      } catch {
        // Chromium before 125 wants dashes in front; `data-state` serves it.
      }
    }
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const view = this.#view;
    const context = {
      messages: this.#messages,
      url: this.#runner?.url ?? null,
      surface: this.#shown.options?.surface ?? 'cards',
      diagnosis: isLoopbackHost(location.hostname) ? this.#shown.diagnosis : null,
      onRetry: () => this.retry(),
    };
    return html`<div class="base" part="base" role="group" aria-label=${this.frameName} tabindex="-1">
      ${strip(view, context)}
      <div class="area" part="frame-area">
        <div class="frame ${view.frame}" ?inert=${view.frame !== 'shown'}>
          <slot @slotchange=${this.#reconsider}></slot>
        </div>
        ${cover(view, context)}
      </div>
      <p role="status" part="status">${view.text?.join('. ')}</p>
    </div>`;
  }

  get #view(): View {
    return viewOf(this.#shown, this.#messages);
  }

  get #messages(): Messages {
    return messagesFor(this.#language, this.messages);
  }

  get #language(): string {
    return (this.closest('[lang]') ?? document.documentElement).getAttribute('lang') ?? '';
  }

  /** Something may have changed that no property tells of. */
  readonly #reconsider = (): void => {
    this.#stale = true;
    this.requestUpdate();
  };

  #isStale(changed: PropertyValues): boolean {
    return this.#stale || isConfig(changed);
  }

  /** Compares what is wanted with what is loaded, and loads what differs. */
  #configure(): void {
    const runner = this.#runner;
    if (runner === null) return;
    this.#stale = false;
    const pasted = findPastedFrame(this, this.#pasted === runner.frame ? null : runner.frame);
    const read = readConfig(this, {
      pageUrl: document.baseURI,
      pastedSrc: pasted?.getAttribute('src') ?? null,
      lang: this.#language,
      written: (attribute) => this.getAttribute(attribute),
    });
    this.#minHeightPx = read.minHeightPx;
    // The parser may not have come to the pasted frame yet.
    if (read.config === null && document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', this.#reconsider, { once: true });
      return;
    }
    this.#report(read);
    const wish = JSON.stringify([read.config?.url, read.config?.scriptUrl, this.order, this.handoffUrl]);
    if (wish === this.#loaded && pasted === this.#pasted) return;
    this.#loaded = wish;
    this.#pasted = pasted;
    this.#near?.disconnect();
    const { config } = read;
    if (config === null) runner.misconfigure(read.problems.at(-1));
    else if (config.lazy && pasted === null) this.#loadWhenNear(runner, config);
    else runner.load(config, pasted);
  }

  #loadWhenNear(runner: AttemptRunner, config: CheckoutConfig): void {
    this.#near = new IntersectionObserver(
      (entries, observer) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        runner.load(config, null);
      },
      { rootMargin: LAZY_MARGIN },
    );
    this.#near.observe(this);
  }

  /** Once for each set of problems: frameworks set attributes one by one. */
  #report({ problems, config }: ReadConfig): void {
    const words = problems.map((problem) => {
      const { evidence, fix } = diagnoseAttribute(problem);
      return [...evidence, fix.text, fix.copy].filter((word) => word !== undefined).join(' ');
    });
    const all = words.join();
    if (all === this.#said) return;
    this.#said = all;
    words.forEach((word, index) => {
      const fatal = config === null && index === words.length - 1;
      say('error', fatal ? word : `${word} Its default is used.`, this);
    });
  }

  #leave(): void {
    this.#near?.disconnect();
    this.#runner?.stop();
    this.#runner = this.#pasted = null;
    this.#loaded = '';
  }
}
