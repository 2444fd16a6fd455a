/** Collects what this page can see of a frame from outside: the evidence of a diagnosis. */
import type { BrowserReport, FrameEvidence, PolicyViolation } from '../core/frame-evidence.js';
import type { EmbedScript } from './vendor/embed-script.js';

/** Most reports and violations kept: a page with a noisy policy must not fill the memory. */
const LIMIT = 50;

export interface FrameWatchOptions {
  readonly frame: HTMLIFrameElement;
  readonly url: URL;
  readonly heardFromStart: boolean;
  /** Something was seen that may be a proof. */
  readonly onNews: () => void;
}

/** Watches one load of one frame, from before its `src` is set until `stop`. */
export class FrameWatch {
  readonly #options: FrameWatchOptions;
  readonly #ended = new AbortController();
  readonly #violations: PolicyViolation[] = [];
  readonly #reports: BrowserReport[] = [];
  #observer: ReportingObserver | null = null;
  #loaded = false;
  /** Set by the owner, as it comes to know of them. */
  script: EmbedScript | null = null;
  trustedTypesRefused = false;
  opaqueMessage = false;

  constructor(options: FrameWatchOptions) {
    this.#options = options;
    const { signal } = this.#ended;
    options.frame.addEventListener('load', () => (this.#loaded = true), { signal });
    document.addEventListener(
      'securitypolicyviolation',
      ({ effectiveDirective, blockedURI, disposition, originalPolicy }) =>
        this.#note(this.#violations, { effectiveDirective, blockedURI, disposition, originalPolicy }),
      { signal },
    );
    if (typeof ReportingObserver === 'undefined') return;
    this.#observer = new ReportingObserver(
      (reports) => {
        for (const { type, body } of reports as readonly BrowserReport[])
          this.#note(this.#reports, { type, body });
      },
      // The buffer also holds refusals of earlier loads, which prove nothing about one that we began ourselves.
      { types: ['csp-violation', 'coep'], buffered: !options.heardFromStart },
    );
    this.#observer.observe();
  }

  evidence(): FrameEvidence {
    const { frame, url, heardFromStart } = this.#options;
    return {
      frameUrl: url.href,
      pageOrigin: location.origin,
      violations: this.#violations,
      reports: this.#reports,
      loaded: this.#loaded,
      document: frame.contentDocument === null ? 'foreign' : 'blank',
      heardFromStart,
      online: navigator.onLine,
      sandbox: frame.getAttribute('sandbox'),
      opaqueMessage: this.opaqueMessage,
      isolated: globalThis.crossOriginIsolated,
      // Not in Firefox.
      ancestorOrigins: Array.from((location.ancestorOrigins as DOMStringList | undefined) ?? []),
      trustedTypesRefused: this.trustedTypesRefused,
      ...(this.script === null ? {} : { script: scriptEvidence(this.script) }),
    };
  }

  stop(): void {
    this.#ended.abort();
    this.#observer?.disconnect();
  }

  #note<T>(list: T[], item: T): void {
    if (list.length >= LIMIT) return;
    list.push(item);
    this.#options.onNews();
  }
}

function scriptEvidence({ element, fate }: EmbedScript): FrameEvidence['script'] {
  return {
    url: element.src,
    // What became of the page's own script is not known: it is taken for loaded.
    state: fate === 'loading' ? 'pending' : fate === 'failed' ? 'failed' : 'loaded',
    integrity: element.integrity !== '',
  };
}
