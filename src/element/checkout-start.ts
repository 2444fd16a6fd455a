/**
 * How an element comes to its frame: reads what is wanted, sets the frame on its way, and hands it over to the
 * rest as soon as that has come.
 */
import type { Surface, CheckoutState } from '../core/attempt-states.js';
import { awaitEarly, earlyQueue } from '../early-queue.js';
import type { AttemptPromises } from './attempt-promises.js';
import type { AttemptRunner } from './attempt-runner.js';
import {
  DEFAULTS,
  readConfig,
  type CheckoutAttributes,
  type CheckoutConfig,
  type ReadConfig,
} from './checkout-config.js';
import { isFirstVisit, isReturn } from './first-visit.js';
import { FrameMount } from './frame-mount.js';
import { loadRest, restIfHere, type RestClass } from './load-rest.js';
import { findPastedFrame, givenSrc, mayHaveSpoken, NAME } from './own-frame.js';
import { rememberedHeight } from './remembered-height.js';
import type { Rest, RestHost } from './rest.js';
import { holdBindTokens } from './vendor/bind-hold.js';

/** How long the second module may take until it is done without, in milliseconds: a server may never answer. */
const LATE_MS = DEFAULTS.timeout;

/** How soon the second module is asked for again, in milliseconds, where it could not be had. */
const AGAIN_MS = 15_000;

/** The element, as its start sees it. */
export interface StartHost extends RestHost, CheckoutAttributes {
  readonly frameTitle: string | null;
  readonly integrity: string | null;
  readonly state: CheckoutState;
  readonly renderRoot: HTMLElement | DocumentFragment;
  requestUpdate(): void;
}

export class CheckoutStart {
  /** `null` until it has come; the frame is on its way by then. */
  rest: Rest | null = null;
  /** The frame, as long as nobody else has it. */
  mount: FrameMount | null = null;
  /** The second module cannot be had, or not in time: the frame must do without. */
  alone = false;
  surface: Surface = 'cards';
  minHeightPx: number = DEFAULTS.minHeight;
  readonly #host: StartHost;
  readonly #promises: AttemptPromises;
  #resetsLater = false;
  /** What is to be done when the rest has come. */
  #owed: ((runner: AttemptRunner) => void)[] = [];
  /** What is loaded: the same wish again loads nothing. */
  #loaded = '';
  /** Room that the frame took at its last visit. */
  #rememberedPx = 0;
  #pasted: HTMLIFrameElement | null = null;
  #stopWaiting: (() => void) | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(host: StartHost, promises: AttemptPromises) {
    this.#host = host;
    this.#promises = promises;
  }

  /** For those who do not see it. */
  get name(): string {
    return this.#host.frameTitle ?? this.rest?.face.messages.frameTitle ?? NAME;
  }

  /** Nothing can be shown: the order may have been paid, or the frame waits to come near, and who could tell has not come. */
  get stuck(): boolean {
    return this.alone && this.mount === null;
  }

  /** The element is in the page, perhaps at another place than before. */
  connect(): void {
    if (this.rest !== null) {
      this.#move(this.rest);
      return;
    }
    // Moved within one task, its frame is on its way again.
    this.#host.mark(this.#host.state);
    // Before any frame is on its way.
    awaitEarly();
    const Rest = restIfHere();
    if (Rest !== null) this.#complete(Rest);
    this.#host.reconsider();
  }

  /** The element is gone. Leaves nothing behind. */
  leave(): void {
    this.#stopTrying();
    this.#withdraw();
    this.rest?.end();
    this.#promises.end();
    this.rest = this.#pasted = null;
    this.#loaded = '';
    this.alone = false;
    this.#host.mark('idle');
  }

  /** Forgets the attempt; the same wish loads it again. */
  reset(): void {
    this.#resetsLater = !this.rest?.runner.snapshot.mount;
    this.rest?.runner.reset(() => this.rest?.words.forget());
    this.#loaded = '';
    this.#host.reconsider();
  }

  /** Now, or as soon as the attempt can be asked. */
  ask(what: (runner: AttemptRunner) => void): void {
    if (this.rest !== null) what(this.rest.runner);
    else if (this.#host.isConnected) this.#owed.push(what);
  }

  /** Asked for once; after that it is asked for again by itself. */
  async fetchRest(): Promise<void> {
    if (this.#waits && !this.alone) await this.#fetch();
  }

  /** By the buyer's wish. Where it hangs, or the browser remembers that it failed, only a new page asks for it again. */
  readonly insist = (): void =>
    void this.#fetch().then(() => {
      // Not where the element is gone by now, and the page about something else.
      if (this.stuck && navigator.onLine) location.reload();
    });

  /** Compares what is wanted with what is loaded, and loads what differs. */
  configure(): void {
    const host = this.#host;
    const pasted = findPastedFrame(host);
    const read = readConfig(host, {
      baseUrl: document.baseURI,
      origin: location.origin,
      pastedSrc: pasted && givenSrc(pasted),
      lang: host.language,
    });
    this.#follow(read, pasted);
    this.minHeightPx = Math.max(read.minHeightPx, this.#rememberedPx);
  }

  #follow(read: ReadConfig, pasted: HTMLIFrameElement | null): void {
    const host = this.#host;
    // The parser may not have come to the pasted frame yet.
    if (read.config === null && document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', host.reconsider, { once: true });
      return;
    }
    const wish = JSON.stringify([read.config?.url, read.config?.scriptUrl, host.order, host.handoffUrl]);
    const isAnother =
      wish !== this.#loaded || pasted !== this.#pasted || (this.#stopWaiting !== null && !read.config?.lazy);
    // What is paid for needs no other frame.
    const news = isAnother && !this.rest?.keeps(read.config);
    if (news) this.#withdraw();
    this.ask(() => this.rest?.heed(read, news));
    if (!news) return;
    this.#loaded = wish;
    this.#pasted = pasted;
    const { config } = read;
    if (config === null) this.ask((runner) => runner.misconfigure(read.problems.at(-1)));
    // A return is answered wherever the element stands.
    else if (config.lazy && !pasted?.src && !isReturn()) {
      this.ask(() => {
        this.#stopWaiting =
          this.rest?.onApproach(config.url.origin, () => {
            this.#withdraw();
            this.#load(config);
          }) ?? null;
      });
    } else this.#load(config);
    // Last, and not again without need: to ask for the window's width has the browser lay the page out.
    this.#rememberedPx = config ? rememberedHeight(config.url) : 0;
  }

  /** What is no longer wanted, and nobody has taken on. */
  #withdraw(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    this.mount?.remove();
    this.mount = null;
    this.#owed = [];
  }

  #load(config: CheckoutConfig): void {
    const pasted = this.#pasted;
    this.surface = config.surface;
    const mount = new FrameMount({
      host: this.#host,
      pasted,
      title: this.name,
      handoffUrl: config.handoffUrl,
      scriptUrl: config.scriptUrl,
      integrity: this.#host.integrity,
      nonce: this.#host.nonce,
      heardFromStart:
        pasted === null || (pasted.loading !== 'lazy' && (earlyQueue()?.fromStart || !mayHaveSpoken(pasted))),
    });
    // An order that may have been paid before is not offered again: that is for the attempt to say.
    if (this.rest === null && isFirstVisit()) {
      this.mount = mount;
      // Nothing is known that could be forgotten, and what this frame says until the rest has come counts.
      this.#resetsLater = false;
      mount.load(config.url);
      if (config.handoffUrl !== null || this.#host.fetchBindToken !== null) holdBindTokens(this.fetchRest());
      this.#host.mark('loading');
    }
    this.ask((runner) => {
      this.mount = null;
      runner.load(config, mount, this.rest?.words.begin(config));
      // Asked for when there was no attempt to forget.
      if (this.#resetsLater) this.reset();
    });
  }

  /** Taken out and put in within one task: the browser has thrown away what the frame showed. */
  #move({ runner, report }: Rest): void {
    // A frame that the page has put elsewhere was not moved.
    if (!this.#host.contains(runner.frame)) return;
    report.moved();
    runner.dispatch({ type: 'moved' });
  }

  /** Ends when it has come, or is done without for now. */
  async #fetch(): Promise<void> {
    let late: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([this.#bring(), new Promise((resolve) => (late = setTimeout(resolve, LATE_MS)))]);
    clearTimeout(late);
    if (!this.#waits || this.alone) return;
    // The vendor's frame works by itself; only what stands around it is missing.
    this.alone = true;
    this.#host.mark(this.#host.state);
  }

  async #bring(): Promise<void> {
    let Rest: RestClass;
    try {
      Rest = await loadRest();
    } catch {
      if (!this.#waits) return;
      if (navigator.onLine) this.#promises.end();
      this.#stopTrying();
      addEventListener('online', this.#tryAgain);
      this.#again = setTimeout(this.#tryAgain, AGAIN_MS);
      return;
    }
    if (this.#waits) this.#complete(Rest);
  }

  /** By itself: the line, or the shop's server, may be back. What the buyer sees stays until then. */
  readonly #tryAgain = (): void => void this.#fetch();

  #stopTrying(): void {
    removeEventListener('online', this.#tryAgain);
    clearTimeout(this.#again);
  }

  get #waits(): boolean {
    return this.rest === null && this.#host.isConnected;
  }

  #complete(Rest: RestClass): void {
    this.alone = false;
    this.#stopTrying();
    this.rest = new Rest(this.#host, this.#host.renderRoot as ShadowRoot, this.#promises);
    const owed = this.#owed;
    this.#owed = [];
    for (const what of owed) what(this.rest.runner);
    this.#host.requestUpdate();
  }
}
