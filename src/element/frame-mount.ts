/** One frame in one tag: pasted or made, watched, heard by the vendor's script, loaded again when asked. */
import { FrameWatch } from './frame-watch.js';
import { givenSrc, loadFrame, makeFrame } from './own-frame.js';
import { loadEmbedScript } from './vendor/embed-script.js';

export interface MountOptions {
  readonly host: HTMLElement;
  readonly pasted: HTMLIFrameElement | null;
  /** The name of a frame that has none. */
  readonly title: string;
  readonly scriptUrl: URL;
  readonly integrity: string | null;
  readonly nonce: string;
  readonly handoffUrl: string | null;
  /** `false` for a pasted frame that may have spoken before anyone listened. */
  readonly heardFromStart: boolean;
}

/** Pasted frames that have said that they are there: they will not say it to the next attempt. */
const spoken = new WeakSet<HTMLIFrameElement>();

/** Lives as long as its tag wants this frame. Judges nothing: see `frame-judge.ts`. */
export class FrameMount {
  readonly frame: HTMLIFrameElement;
  readonly heardFromStart: boolean;
  /** The page's address when it wanted this frame: a router may clean it before the second module has come. */
  readonly pageUrl = location.href;
  /** When its current load began, in milliseconds of the page. */
  startedAtMs = 0;
  /** What is seen of the current load. */
  watch: FrameWatch | null = null;
  /** Something was seen that may be a proof. */
  onNews: (() => void) | null = null;
  /** The vendor's script has just run. */
  onScript: (() => void) | null = null;
  onScriptFailed: (() => void) | null = null;
  /** A load is about to begin, and is watched. */
  onLoad: (() => void) | null = null;
  readonly #options: MountOptions;
  readonly #ended = new AbortController();

  constructor(options: MountOptions) {
    this.#options = options;
    this.heardFromStart = options.heardFromStart;
    this.frame = options.pasted ?? makeFrame();
    // A frame without a name is a riddle to a screen reader.
    this.frame.title ||= options.title;
  }

  /**
   * Watches first, then loads. A pasted frame that the page has set on its way is only watched.
   * @param isThere The browser is loading it anew by itself, as it does where the tag was put elsewhere.
   */
  load(url: URL, heardFromStart = this.heardFromStart, isThere = false): void {
    const { host, pasted } = this.#options;
    const onItsWay =
      pasted && !this.watch && pasted.getAttribute('src') === givenSrc(pasted) && !spoken.has(pasted);
    this.watch?.stop();
    this.watch = new FrameWatch({
      frame: this.frame,
      url,
      heardFromStart,
      handoffUrl: this.#options.handoffUrl,
      onNews: () => this.onNews?.(),
    });
    this.startedAtMs = performance.now();
    this.onLoad?.();
    // First, where it can be: it is ready before the frame comes, and the browser does not have to do both at once.
    if (document.readyState !== 'loading') this.loadScript();
    // The pasted snippet brings its own script, further down in the page.
    else document.addEventListener('DOMContentLoaded', () => this.loadScript(), this.#ended);
    if (!onItsWay && !isThere) loadFrame(host, this.frame, url);
  }

  /** Takes our own frame away; a pasted one is the page's. */
  remove(): void {
    this.#ended.abort();
    this.watch?.stop();
    if (this.#options.pasted === null) this.frame.remove();
    else if (this.watch?.heard) spoken.add(this.frame);
  }

  /** Asks for it, and again where it failed. */
  loadScript(): void {
    const { scriptUrl: url, integrity, nonce } = this.#options;
    const { watch } = this;
    if (watch === null) return;
    try {
      const script = loadEmbedScript({ url, integrity, nonce });
      watch.watchScript(script);
      script.element.addEventListener('load', () => this.onScript?.(), this.#ended);
      // In a task of its own: the script's own listener notes its fate first.
      script.element.addEventListener('error', () => this.onScriptFailed?.(), this.#ended);
    } catch {
      watch.typesRefused = true;
      this.onNews?.();
    }
  }
}
