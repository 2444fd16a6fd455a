/** Collects what this page can see of a frame from outside: the evidence of a diagnosis. */
import { prove } from '../core/findings.js';
import {
  originOf,
  type BrowserReport,
  type FrameEvidence,
  type PolicyViolation,
} from '../core/frame-evidence.js';
import { askStatus, probePortal, type Probe } from './frame-probe.js';
import type { EmbedScript } from './vendor/embed-script.js';

/** Most reports and violations kept: a page with a noisy policy must not fill the memory. */
const LIMIT = 50;

export interface FrameWatchOptions {
  readonly frame: HTMLIFrameElement;
  readonly url: URL;
  readonly heardFromStart: boolean;
  readonly handoffUrl: string | null;
  /** Something was seen that may be a proof. */
  readonly onNews: () => void;
}

/** Every load that is watched. The browser names a frame by its origin alone: two of one portal share its words. */
const watches = new Set<FrameWatch>();
/** Scripts that ran into an error of their own, for whoever comes later. */
const broken = new WeakSet<HTMLScriptElement>();

/** Watches one load of one frame, from before its `src` is set until `stop`. */
export class FrameWatch {
  readonly #options: FrameWatchOptions;
  readonly #ended = new AbortController();
  /** The frame has spoken, or is not waited for any more. */
  readonly #rested = new AbortController();
  readonly #violations: PolicyViolation[] = [];
  readonly #reports: BrowserReport[] = [];
  readonly #observers: { disconnect(): void }[] = [];
  #loaded = false;
  #sole = true;
  #resourceEntry: boolean | undefined;
  #probe: Probe | undefined;
  #httpStatus: number | undefined;
  #probing: Promise<void> | null = null;
  #asking: Promise<void> | null = null;
  #script: EmbedScript | null = null;
  /** Set by the owner, as it comes to know of them. */
  heard = false;
  trustedTypesRefused = false;
  opaqueMessage = false;

  constructor(options: FrameWatchOptions) {
    this.#options = options;
    const { frame, heardFromStart } = options;
    for (const other of watches) {
      // One that was just taken out loads no more.
      const { frame: rival, url } = other.#options;
      if (rival.isConnected && url.origin === options.url.origin) this.#sole = other.#sole = false;
    }
    watches.add(this);
    frame.addEventListener('load', () => (this.#loaded = true), this.#rested);
    // Heard until the end: the backend may be asked, and forbidden, long after the frame has spoken.
    document.addEventListener('securitypolicyviolation', (event) => this.#meetViolation(event), this.#ended);
    if (heardFromStart) this.#observeResources();
    if (typeof ReportingObserver === 'undefined') return;
    const observer = new ReportingObserver(
      (reports) => {
        for (const { type, body } of reports as readonly BrowserReport[])
          this.#note(this.#reports, { type, body: plain(body) });
      },
      // The buffer also holds refusals of earlier loads, which prove nothing about one that we began ourselves.
      { types: ['csp-violation', 'coep'], buffered: !heardFromStart },
    );
    observer.observe();
    this.#observers.push(observer);
  }

  /** The script without which the frame is not heard. */
  watchScript(script: EmbedScript): void {
    this.#script = script;
    const { element } = script;
    let ran = true;
    window.addEventListener(
      'error',
      ({ filename, message }) => {
        // An error in a script of another origin comes without a name, in the same task as the script's `load`.
        if (filename !== element.src && !(filename === '' && /^script error/i.test(message))) return;
        ran = false;
        setTimeout(() => (ran = true));
      },
      this.#rested,
    );
    element.addEventListener(
      'load',
      () => {
        if (ran) return;
        broken.add(element);
        this.#options.onNews();
      },
      this.#rested,
    );
  }

  /**
   * Asks the portal what cannot be seen from here, once per load, whoever asks. Ends within seconds, and at
   * once where nothing is left to ask. Only for a frame that is late, or for a developer who wants to know.
   */
  async look(): Promise<void> {
    if (this.heard || this.#ended.signal.aborted || prove(this.evidence()) !== null) return;
    await (this.#probing ??= this.#askWhetherThere());
    // Only about a page that has come: without permission to read it, this costs an error in the console.
    if (this.#probe === 'opaque' && this.#loaded) await (this.#asking ??= this.#askWithWhatStatus());
  }

  /** The portal is being asked: what it will tell is not to be guessed before. */
  get looking(): boolean {
    return this.#probing !== null && this.#probe === undefined;
  }

  evidence(): FrameEvidence {
    const { frame, url, heardFromStart, handoffUrl } = this.#options;
    return {
      frameUrl: url.href,
      pageOrigin: location.origin,
      violations: this.#violations,
      reports: this.#reports,
      heard: this.heard,
      loaded: this.#loaded,
      soleFrame: this.#sole && isOnlyFrameOf(url.origin, frame),
      document: frame.contentDocument === null ? 'foreign' : 'blank',
      heardFromStart,
      online: navigator.onLine,
      lazyOutOfView: frame.loading === 'lazy' && !isInView(frame),
      sandbox: frame.getAttribute('sandbox'),
      opaqueMessage: this.opaqueMessage,
      isolated: globalThis.crossOriginIsolated,
      // Not in Firefox.
      ancestorOrigins: Array.from((location.ancestorOrigins as DOMStringList | undefined) ?? []),
      trustedTypesRefused: this.trustedTypesRefused,
      probe: this.#probe,
      httpStatus: this.#httpStatus,
      resourceEntry: this.#resourceEntry,
      ...(handoffUrl === null ? {} : { handoffUrl }),
      ...(this.#script === null ? {} : { script: scriptEvidence(this.#script) }),
    };
  }

  /** The frame is not waited for any more. What the page's policy does to the backend is still noted. */
  rest(): void {
    this.#rested.abort();
    for (const observer of this.#observers) observer.disconnect();
  }

  stop(): void {
    this.rest();
    this.#ended.abort();
    watches.delete(this);
  }

  async #askWhetherThere(): Promise<void> {
    const { url } = this.#options;
    this.#probe = await probePortal(url, this.#ended.signal, () =>
      this.#violations.some(
        ({ effectiveDirective, blockedURI, disposition }) =>
          disposition === 'enforce' &&
          effectiveDirective === 'connect-src' &&
          originOf(blockedURI) === url.origin,
      ),
    );
  }

  async #askWithWhatStatus(): Promise<void> {
    // It may have spoken while the portal was asked.
    if (this.heard) return;
    this.#httpStatus = await askStatus(this.#options.url, this.#ended.signal);
  }

  /** WebKit alone keeps no entry of a refused frame. An observer, because pages clear the list and it can be full. */
  #observeResources(): void {
    const wanted = withoutHash(this.#options.url.href);
    this.#resourceEntry = false;
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName(wanted).length > 0) this.#resourceEntry = true;
    });
    observer.observe({ type: 'resource' });
    this.#observers.push(observer);
  }

  #meetViolation({ effectiveDirective, blockedURI, disposition, originalPolicy }: PolicyViolation): void {
    const { url, handoffUrl } = this.#options;
    const ours = [url.origin, handoffUrl && originOf(handoffUrl)].includes(originOf(blockedURI));
    // What names no URL of ours is another script's trouble, but for a policy's name: that one has no URL.
    if (!ours && !effectiveDirective.includes('trusted-types')) return;
    this.#note(this.#violations, { effectiveDirective, blockedURI, disposition, originalPolicy });
  }

  #note<T>(list: T[], item: T): void {
    if (list.length >= LIMIT) return;
    list.push(item);
    this.#options.onNews();
  }
}

/** Chromium's report of COEP has fields in its JSON alone. */
function plain(body: (object & { toJSON?(): object }) | null): object | null {
  return body?.toJSON?.() ?? body;
}

function scriptEvidence({ element, fate }: EmbedScript): FrameEvidence['script'] {
  return {
    url: element.src,
    // What became of the page's own script is not known: it is taken for loaded.
    state: broken.has(element)
      ? 'threw'
      : fate === 'loading'
        ? 'pending'
        : fate === 'failed'
          ? 'failed'
          : 'loaded',
    integrity: element.integrity !== '',
  };
}

function isOnlyFrameOf(origin: string, own: HTMLIFrameElement): boolean {
  return Array.from(document.querySelectorAll('iframe')).every(
    (frame) => frame === own || originOf(frame.src) !== origin,
  );
}

/** A browser loads a lazy frame when it comes near the view; one that is not drawn never does. */
function isInView(frame: HTMLIFrameElement): boolean {
  const { top, bottom, left, right } = frame.getBoundingClientRect();
  const drawn = frame.getClientRects().length > 0;
  return drawn && bottom >= 0 && right >= 0 && top <= innerHeight && left <= innerWidth;
}

function withoutHash(url: string): string {
  return url.replace(/#.*/s, '');
}
