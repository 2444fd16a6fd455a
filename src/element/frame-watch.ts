/** Notes what this page can see of a frame from outside. What it means is read in `frame-sight.ts`. */
import type { BrowserReport, PolicyViolation } from '../core/frame-evidence.js';
import { parseUrl } from '../protocol/url.js';
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
  readonly options: FrameWatchOptions;
  readonly violations: PolicyViolation[] = [];
  readonly reports: BrowserReport[] = [];
  /** Aborted with the last of it. */
  readonly ended = new AbortController();
  loaded = false;
  /** No other frame of this portal was watched beside it. */
  sole = true;
  script: EmbedScript | null = null;
  // Set by the owner, as it comes to know of them.
  /** The frame has spoken. */
  declare heard?: boolean;
  /** The script failed, and was asked for once more. */
  declare lost?: boolean;
  /** The page's Trusted Types refused the script. */
  declare typesRefused?: boolean;
  /** A message came from the frame's window without an origin. */
  declare opaque?: boolean;
  /** The frame has spoken, or is not waited for any more. */
  readonly rested = new AbortController();
  #observer: ReportingObserver | null = null;

  constructor(options: FrameWatchOptions) {
    this.options = options;
    const { frame, url, heardFromStart } = options;
    for (const other of watches) {
      // One that was just taken out loads no more.
      const { frame: rival, url: rivalUrl } = other.options;
      if (rival.isConnected && rivalUrl.origin === url.origin) this.sole = other.sole = false;
    }
    watches.add(this);
    frame.addEventListener('load', () => (this.loaded = true), this.rested);
    // Heard until the end: the backend may be asked, and forbidden, long after the frame has spoken.
    document.addEventListener('securitypolicyviolation', (event) => this.#meetViolation(event), this.ended);
    if (typeof ReportingObserver === 'undefined') return;
    this.#observer = new ReportingObserver(
      (reports) =>
        (reports as readonly BrowserReport[]).forEach((report) => this.#note(this.reports, report)),
      // The buffer also holds refusals of earlier loads, which prove nothing about one that we began ourselves.
      { types: ['csp-violation', 'coep'], buffered: !heardFromStart },
    );
    this.#observer.observe();
  }

  /** The script without which the frame is not heard. */
  watchScript(script: EmbedScript): void {
    this.script = script;
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
      this.rested,
    );
    element.addEventListener(
      'load',
      () => {
        if (ran) return;
        broken.add(element);
        this.options.onNews();
      },
      this.rested,
    );
  }

  /** The script arrived, and did not start. */
  get scriptThrew(): boolean {
    return this.script !== null && broken.has(this.script.element);
  }

  /** The frame is not waited for any more. What the page's policy does to the backend is still noted. */
  rest(): void {
    this.rested.abort();
    this.#observer?.disconnect();
  }

  stop(): void {
    this.rest();
    this.ended.abort();
    watches.delete(this);
  }

  #meetViolation(violation: PolicyViolation): void {
    const { url, handoffUrl } = this.options;
    const blocked = parseUrl(violation.blockedURI)?.origin;
    const ours = [url.href, handoffUrl].some((own) => own !== null && new URL(own).origin === blocked);
    // What names no URL of ours is another script's trouble, but for a policy's name: that one has no URL.
    if (!ours && !violation.effectiveDirective.includes('trusted-types')) return;
    this.#note(this.violations, violation);
  }

  #note<T>(list: T[], item: T): void {
    if (list.length >= LIMIT) return;
    list.push(item);
    this.options.onNews();
  }
}
