import { html, type PropertyValues, type TemplateResult } from 'lit';
import type { CheckoutState, Snapshot, Surface } from '../core/attempt-states.js';
import type { Diagnosis } from '../core/diagnosis.js';
import { listenEarly } from '../early-queue.js';
import { AttemptPromises, type Outcome } from './attempt-promises.js';
import type { AttemptRunner } from './attempt-runner.js';
import { AttributedElement, isConfig } from './attributed-element.js';
import { boxStyles } from './box-styles.js';
import { DEFAULTS, readConfig, type CheckoutConfig } from './checkout-config.js';
import { isFirstVisit } from './first-visit.js';
import { FrameMount } from './frame-mount.js';
import { loadRest, restIfHere, type RestClass } from './load-rest.js';
import type { Messages } from './messages.js';
import { findPastedFrame, mayHaveSpoken } from './own-frame.js';
import { rememberedHeight } from './remembered-height.js';
import type { Rest, RestHost } from './rest.js';

import { skeleton } from './skeleton.js';
import { theme } from './theme.js';

const TAG = 'checkout-embed';

/** Its name until its words have come. */
const NAME = 'Checkout';

/**
 * A LedgerBee checkout in the page: the pasted frame or one built from attributes, with every state between
 * the first byte and the backend's "done".
 *
 * What the frame says moves the view and nothing else. Only the backend settles; without `handoff-url` or
 * `getStatus` the last word is "thank you", never "done".
 *
 * @tagname checkout-embed
 */
export class CheckoutEmbed extends AttributedElement implements RestHost {
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
  /** `null` until it has come; the frame is on its way by then. */
  #rest: Rest | null = null;
  /** What is to be done when it has. */
  #owed: ((runner: AttemptRunner) => void)[] = [];
  /** The frame, as long as nobody else has it. */
  #mount: FrameMount | null = null;
  /** The second module cannot be had: the frame must do without. */
  #alone = false;
  /** What is loaded: the same wish again loads nothing. */
  #loaded = '';
  #stale = false;
  #surface: Surface = 'cards';
  #minHeightPx: number = DEFAULTS.minHeight;
  #pasted: HTMLIFrameElement | null = null;
  #stopWaiting: (() => void) | null = null;

  constructor() {
    super();
    // Not everywhere, and only the states need it.
    this.#internals = (this.attachInternals as (() => ElementInternals) | undefined)?.call(this) ?? null;
  }

  /** Where the attempt is. Also `data-state` and, where supported, `:state()`. */
  get state(): CheckoutState {
    return this.#rest?.runner.snapshot.state ?? (this.#mount === null ? 'idle' : 'loading');
  }

  /** Why nothing is to be seen; `null` while there is nothing to explain. */
  get diagnosis(): Diagnosis | null {
    return this.#rest?.runner.snapshot.diagnosis ?? null;
  }

  /** The frame, pasted or built. */
  get frame(): HTMLIFrameElement | null {
    return this.#rest?.runner.frame ?? this.#mount?.frame ?? null;
  }

  /** The backend's id of the attempt, from the first need on. */
  get attemptId(): string | null {
    return this.#rest?.runner.attemptId ?? null;
  }

  /** Whether the current load has painted: `false` when it was blocked, stayed silent or ended. Never rejects. */
  get ready(): Promise<boolean> {
    return this.#promises.ready;
  }

  /** How the current attempt ended. Never rejects; `closed` when the element goes away. */
  get outcome(): Promise<Outcome> {
    return this.#promises.outcome;
  }

  /** @internal */
  get frameUrl(): URL | null {
    return this.#rest?.runner.url ?? null;
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
    if (this.#rest !== null) {
      this.#moved(this.#rest.runner);
      return;
    }
    this.#mark('idle');
    this.#alone = false;
    const Rest = restIfHere();
    if (Rest !== null) this.#complete(Rest);
    // Before any frame is on its way.
    else listenEarly();
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
    this.#rest?.face.noteFocus();
    if (this.#isStale(changed)) this.#configure();
    if (changed.has('getStatus') || changed.has('fetchBindToken')) this.#rest?.runner.refreshBackend();
  }

  protected override updated(changed: PropertyValues): void {
    // By script: a strict style-src forbids the attribute.
    this.renderRoot
      .querySelector<HTMLElement>('.base')
      ?.style.setProperty('--_min-height', `${this.#minHeightPx}px`);
    this.#rest?.face.mendFocus();
    // A listener of the first round may have set an attribute, which Lit takes for part of this update.
    if (this.#isStale(changed)) this.#configure();
    // After the frame: it is what the buyer waits for.
    if (this.#rest === null && this.isConnected && !this.#alone) void this.#fetchRest();
  }

  /**
   * The best explanation there is now, also that nothing is wrong. May send a request to the portal.
   * Never rejects; `null` outside the page.
   */
  async diagnose(): Promise<Diagnosis | null> {
    if (this.#rest === null && this.isConnected) await this.#fetchRest();
    return (await this.#rest?.runner.diagnose()) ?? null;
  }

  /** Loads the frame again, where that is safe: never after a confirmation was heard. */
  retry(): void {
    this.#ask((runner) => runner.dispatch({ type: 'retry' }));
  }

  /** Forgets the attempt and begins another. */
  reset(): void {
    this.#ask((runner) => {
      runner.reset();
      this.#rest?.words.forget();
    });
    this.#loaded = '';
    this.#reconsider();
  }

  /** Closes the checkout; what was heard of a payment keeps its view. */
  close(): void {
    this.#ask((runner) => runner.dispatch({ type: 'close' }));
  }

  /** Goes on with a deferred checkout, when the page's own step is done. */
  resume(): void {
    this.#ask((runner) => runner.dispatch({ type: 'resume' }));
  }

  /** @internal */
  fillsSlot(name: string): boolean {
    return this.querySelector(`:scope > [slot="${name}"]`) !== null;
  }

  /** @internal */
  drawn(snapshot: Snapshot, shown: Snapshot): void {
    this.#rest?.face.show(shown);
    this.#rest?.words.note(snapshot);
    this.#mark(snapshot.state);
  }

  protected override render(): TemplateResult {
    const face = this.#rest?.face;
    const frame =
      face?.view.frame ?? (this.#alone || this.#mount?.heardFromStart === false ? 'shown' : 'covered');
    return html`<div class="base" part="base" role="group" aria-label=${this.#name} tabindex="-1">
      ${face?.strip() ?? html`<div class="strip empty" part="strip"></div>`}
      <div class="area" part="frame-area">
        <div class="frame ${frame}" ?inert=${frame !== 'shown'}>
          <slot @slotchange=${this.#reconsider}></slot>
        </div>
        ${face?.cover() ?? (frame === 'shown' ? null : skeleton(face?.surface ?? this.#surface))}
      </div>
      <p role="status" part="status">${face?.words}</p>
    </div>`;
  }

  /** For those who do not see it. */
  get #name(): string {
    return this.frameTitle ?? this.#rest?.face.messages.frameTitle ?? NAME;
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
    if (!this.isConnected) return;
    this.#stale = false;
    const pasted = findPastedFrame(this, this.#pasted === this.frame ? null : this.frame);
    const read = readConfig(this, {
      pageUrl: document.baseURI,
      pastedSrc: pasted?.getAttribute('src') ?? null,
      lang: this.language,
      written: (attribute) => this.getAttribute(attribute),
    });
    this.#minHeightPx = Math.max(read.minHeightPx, read.config ? rememberedHeight(read.config.url) : 0);
    // The parser may not have come to the pasted frame yet.
    if (read.config === null && document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', this.#reconsider, { once: true });
      return;
    }
    const wish = JSON.stringify([read.config?.url, read.config?.scriptUrl, this.order, this.handoffUrl]);
    const news = wish !== this.#loaded || pasted !== this.#pasted;
    if (news) this.#withdraw();
    this.#ask(() => this.#rest?.report.tell(read));
    if (!news) return;
    this.#loaded = wish;
    this.#pasted = pasted;
    const { config } = read;
    if (config === null) this.#ask((runner) => runner.misconfigure(read.problems.at(-1)));
    else if (config.lazy && pasted === null) {
      this.#ask(() => {
        this.#stopWaiting = this.#rest?.onApproach(config.url.origin, () => this.#load(config)) ?? null;
      });
    } else this.#load(config);
  }

  /** What is no longer wanted, and nobody has taken on. */
  #withdraw(): void {
    this.#stopWaiting?.();
    this.#mount?.remove();
    this.#mount = null;
    this.#owed = [];
  }

  #load(config: CheckoutConfig): void {
    const pasted = this.#pasted;
    this.#surface = config.surface;
    const mount = new FrameMount({
      host: this,
      pasted,
      title: this.#name,
      handoffUrl: config.handoffUrl,
      scriptUrl: config.scriptUrl,
      integrity: this.integrity,
      nonce: this.nonce,
      heardFromStart:
        pasted === null ||
        (pasted.loading !== 'lazy' && (listenEarly()?.fromStart === true || !mayHaveSpoken(pasted))),
    });
    // An order that may have been paid before is not offered again: that is for the attempt to say.
    if (this.#rest === null && isFirstVisit()) {
      this.#mount = mount;
      mount.load(config.url);
      this.#mark('loading');
    }
    this.#ask((runner) => {
      this.#mount = null;
      const word = this.#rest?.words.begin(config) ?? null;
      runner.load(config, mount);
      if (word !== null) runner.dispatch({ type: 'returned', as: word });
    });
  }

  /** Taken out and put in within one task: the browser has thrown away what the frame showed. */
  #moved(runner: AttemptRunner): void {
    if (runner.frame?.isConnected !== true) return;
    this.#rest?.report.moved();
    runner.dispatch({ type: 'moved' });
  }

  /** Now, or as soon as the attempt can be asked. */
  #ask(what: (runner: AttemptRunner) => void): void {
    if (this.#rest !== null) what(this.#rest.runner);
    else if (this.isConnected) this.#owed.push(what);
  }

  async #fetchRest(): Promise<void> {
    try {
      const Rest = await loadRest();
      if (this.isConnected && this.#rest === null) this.#complete(Rest);
    } catch {
      // The vendor's frame works by itself; only what stands around it is missing.
      this.#alone = true;
      this.#promises.end();
      this.requestUpdate();
    }
  }

  #complete(Rest: RestClass): void {
    this.#rest = new Rest(this, this.renderRoot as ShadowRoot, this.#promises);
    const frame = this.#mount?.frame;
    // In the language of the page, now that its words are here.
    if (frame?.title === NAME) frame.title = this.#name;
    const owed = this.#owed;
    this.#owed = [];
    for (const what of owed) what(this.#rest.runner);
    this.requestUpdate();
  }

  #mark(state: CheckoutState): void {
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

  #leave(): void {
    this.#withdraw();
    this.#rest?.runner.stop();
    this.#promises.end();
    this.#rest = this.#pasted = null;
    this.#loaded = '';
    this.#mark('idle');
  }
}
