/** What is known of a frame that stays silent: what was seen from outside, and what the portal answers when asked. */
import { prove } from '../core/findings.js';
import {
  originOf,
  read,
  type BrowserReport,
  type FrameEvidence,
  type ScriptEvidence,
} from '../core/frame-evidence.js';
import { askStatus, probePortal, type Probe } from './frame-probe.js';
import type { FrameWatch } from './frame-watch.js';

/** How long after the load of a refused frame the browser may still be about to tell of it, in milliseconds. */
const SOON_MS = 500;

/** Portals that refused a frame of this page, until one of theirs speaks. */
const refusing = new Set<string>();

/** Loads whose entry is awaited, by their address. One observer for all: each would be told of every resource of the page. */
const awaited = new Map<string, Set<() => void>>();
let observer: PerformanceObserver | null = null;
/** Not in a page that is none, as Jest's jsdom: nothing is seen there. */
const hasSight = typeof PerformanceObserver !== 'undefined';

/** Of one load. */
export class FrameSight {
  readonly watch: FrameWatch;
  #probe: Probe | undefined;
  #httpStatus: number | undefined;
  #probing: Promise<void> | null = null;
  #asking: Promise<void> | null = null;

  #resourceEntry: boolean | undefined;
  readonly #startedAtMs: number;
  /** Another frame of the portal was seen beside it. */
  #rivaled = false;
  /** How many reports were looked at as they came. */
  #noted = 0;
  /** How many reports had come a moment after it loaded. */
  #loadReports: number | null = null;

  /** @param startedAtMs When the load began, in milliseconds of the page. */
  constructor(watch: FrameWatch, startedAtMs: number) {
    this.watch = watch;
    this.#startedAtMs = watch.options.heardFromStart ? startedAtMs : 0;
    if (watch.options.heardFromStart) this.#observeResources();
    const { rested } = watch;
    const count = (): void => {
      const timer = setTimeout(() => (this.#loadReports ??= watch.reports.length), SOON_MS);
      rested.signal.addEventListener('abort', () => clearTimeout(timer));
    };
    if (watch.loaded) count();
    else watch.options.frame.addEventListener('load', count, { signal: rested.signal, once: true });
  }

  /** Something was seen. What it is about may have left the page by the time it is judged. */
  noteNews(): void {
    const { reports } = this.watch;
    const isOfFrame = ({ type, body }: BrowserReport): boolean =>
      type === 'coep' || read(body, 'effectiveDirective') === 'frame-ancestors';
    if (reports.slice(this.#noted).some(isOfFrame)) this.#hasRival();
    this.#noted = reports.length;
  }

  /**
   * Asks the portal what cannot be seen from here, once per load, whoever asks. Ends within seconds, and at
   * once where nothing is left to ask. Only for a frame that is late, or for a developer who wants to know.
   */
  async look(): Promise<void> {
    const { watch } = this;
    if (watch.heard || watch.ended.signal.aborted || prove(this.evidence()) !== null) return;
    await (this.#probing ??= this.#askWhetherThere());
    // Only about a page that has come: without permission to read it, this costs an error in the console.
    if (this.#probe === 'opaque' && watch.loaded) await (this.#asking ??= this.#askWithWhatStatus());
  }

  /** The portal may answer otherwise now. */
  forget(): void {
    this.#probing = this.#asking = null;
    this.#probe = this.#httpStatus = undefined;
  }

  /** The portal is being asked: what it will tell is not to be guessed before. */
  get looking(): boolean {
    return this.#probing !== null && this.#probe === undefined;
  }

  evidence(): FrameEvidence {
    const { watch } = this;
    const { frame, url, heardFromStart, handoffUrl } = watch.options;
    const script = scriptEvidence(watch);
    const isSole = (): boolean => !this.#hasRival();
    return {
      frameUrl: url.href,
      // `null` in a sandbox, where the address still tells another.
      pageOrigin: self.origin,
      violations: watch.violations,
      reports: watch.reports.map(plain),
      heard: watch.heard,
      loaded: watch.loaded,
      loadReports: watch.loaded ? (this.#loadReports ?? watch.reports.length) : undefined,
      // Only where it counts, too: the whole page is looked through.
      get soleFrame() {
        return isSole();
      },
      // Only where it counts: the look makes the browser set the empty document up for scripts.
      get document() {
        return frame.contentDocument === null ? 'foreign' : 'blank';
      },
      heardFromStart,
      inShadow: isInShadow(frame),
      online: navigator.onLine,
      lazyOutOfView: frame.loading === 'lazy' && !isInView(frame),
      sandbox: frame.getAttribute('sandbox'),
      opaqueMessage: watch.opaque,
      isolated: globalThis.crossOriginIsolated,
      // Not in Firefox.
      ancestorOrigins: Array.from((location.ancestorOrigins as DOMStringList | undefined) ?? []),
      trustedTypesRefused: watch.typesRefused,
      probe: this.#probe,
      httpStatus: this.#httpStatus,
      // A busy page's observer may be told after everybody else: the list itself is never behind.
      resourceEntry: this.#resourceEntry === false ? hasEntry(withoutHash(url.href)) : this.#resourceEntry,
      refusedBefore: refusing.has(url.origin),
      ...(handoffUrl === null ? {} : { handoffUrl }),
      ...(script === null ? {} : { script }),
    };
  }

  /** Keeps in mind whether the portal refuses this page. */
  note(isRefused: boolean): void {
    const { origin } = this.watch.options.url;
    if (isRefused) refusing.add(origin);
    else refusing.delete(origin);
  }

  /** Whether what the browser says of the portal's frames may be meant for another one. */
  #hasRival(): boolean {
    const { frame, url } = this.watch.options;
    return (this.#rivaled ||=
      !this.watch.sole ||
      !isOnlyFrameOf(url.origin, frame) ||
      wasAnother(/^(iframe|object|embed)$/, withoutHash(url.href), this.#startedAtMs));
  }

  /** WebKit alone keeps no entry of a refused frame. An observer, because pages clear the list and it can be full. */
  #observeResources(): void {
    const { options, rested } = this.watch;
    if (!hasSight) return;
    this.#resourceEntry = false;
    const stop = awaitResource(withoutHash(options.url.href), () => (this.#resourceEntry = true));
    rested.signal.addEventListener('abort', stop);
  }

  async #askWhetherThere(): Promise<void> {
    const { options, ended, violations } = this.watch;
    this.#probe = await probePortal(options.url, ended.signal, () =>
      violations.some(
        ({ effectiveDirective, blockedURI, disposition }) =>
          disposition === 'enforce' &&
          effectiveDirective === 'connect-src' &&
          originOf(blockedURI) === options.url.origin,
      ),
    );
  }

  async #askWithWhatStatus(): Promise<void> {
    const { options, ended, heard } = this.watch;
    // It may have spoken while the portal was asked.
    if (heard) return;
    this.#httpStatus = await askStatus(options.url, ended.signal);
  }
}

/** Chromium's report of COEP has fields in its JSON alone. */
function plain({ type, body }: BrowserReport): BrowserReport {
  const report: { toJSON?(): object } | null = body;
  return { type, body: report?.toJSON?.() ?? body };
}

function scriptEvidence({ script, scriptThrew, lost }: FrameWatch): ScriptEvidence | null {
  if (script === null) return null;
  const { element, fate } = script;
  const others = Array.from(document.scripts).filter((other) => other !== element);
  // One that is asked for once more has failed until it comes.
  const asLost = fate === 'failed' || (lost && fate === 'loading');
  return {
    url: element.src,
    // What became of the page's own script is not known: it is taken for loaded.
    state: scriptThrew ? 'threw' : asLost ? 'failed' : fate === 'loading' ? 'pending' : 'loaded',
    integrity: element.integrity !== '',
    twice: others.some(({ src }) => src === element.src),
    // Only where it counts: a page may have loaded much.
    get others() {
      const { origin } = new URL(element.src);
      return others.some(({ src }) => originOf(src) === origin) || wasAnother(/^script$/, element.src);
    },
  };
}

/** Of one that was taken out nothing is known. */
export function isInShadow(node: Node): boolean {
  return node.isConnected && node.getRootNode() !== document;
}

/** As far as a page can look: not into what a component keeps closed. */
function isOnlyFrameOf(origin: string, own: Element, root: ParentNode = document): boolean {
  return Array.from(root.querySelectorAll('*')).every(
    (element) =>
      element === own ||
      (!isOf(origin, sourceOf(element)) &&
        (element.shadowRoot === null || isOnlyFrameOf(origin, own, element.shadowRoot))),
  );
}

function isOf(origin: string, url: string): boolean {
  return url !== '' && originOf(url) === origin;
}

/** Of what holds a page; else nothing. */
function sourceOf(element: Element): string {
  if (element instanceof HTMLIFrameElement || element instanceof HTMLEmbedElement) return element.src;
  return element instanceof HTMLObjectElement ? element.data : '';
}

/** Whether the page has loaded another thing of this origin, wherever it was, and be it gone by now. */
function wasAnother(kinds: RegExp, url: string, sinceMs = 0): boolean {
  const entries = hasSight ? (performance.getEntriesByType('resource') as PerformanceResourceTiming[]) : [];
  return entries.some(
    ({ initiatorType, name, startTime }) =>
      kinds.test(initiatorType) && startTime >= sinceMs && name !== url && originOf(name) === originOf(url),
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

function hasEntry(url: string): boolean {
  return performance.getEntriesByName(url, 'resource').some(isOfPage);
}

/** Of the page that loads in the frame: a request to the portal, as we may have sent ourselves, leaves one of the same name. */
function isOfPage(entry: PerformanceEntry): boolean {
  return (entry as PerformanceResourceTiming).initiatorType !== 'fetch';
}

/** Calls back for every entry of `url`, also one from before, until the returned function is called. */
function awaitResource(url: string, onEntry: () => void): () => void {
  const those = awaited.get(url) ?? new Set();
  awaited.set(url, those.add(onEntry));
  if (observer === null) {
    observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (isOfPage(entry)) awaited.get(entry.name)?.forEach((one) => one());
    });
    // Buffered: the frame may have come before whoever looks.
    observer.observe({ type: 'resource', buffered: true });
  } else if (hasEntry(url)) onEntry();
  return () => {
    those.delete(onEntry);
    if (those.size === 0 && awaited.get(url) === those) awaited.delete(url);
    if (awaited.size > 0) return;
    observer?.disconnect();
    observer = null;
  };
}
