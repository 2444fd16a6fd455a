/** One frame in one tag: pasted or made, watched, heard by the vendor's script, loaded again when asked. */
import { diagnose, diagnoseBackend, effectOnFrame, type Diagnosis } from '../core/diagnosis.js';
import { say, sayOnce } from './developer-log.js';
import { FrameWatch } from './frame-watch.js';
import { loadFrame, makeFrame } from './own-frame.js';
import { install, provideBindTokens, type BindTokenAsk } from './vendor/bind-provider.js';
import { loadEmbedScript } from './vendor/embed-script.js';

export interface MountOptions {
  readonly host: HTMLElement;
  readonly pasted: HTMLIFrameElement | null;
  readonly title: string;
  readonly scriptUrl: URL;
  readonly integrity: string | null;
  readonly nonce: string;
  readonly handoffUrl: string | null;
  /** The browser named the cause of the silence, for sure; or the frame cannot be heard, and may be working. */
  readonly onProof: (diagnosis: Diagnosis) => void;
}

/** Lives as long as its tag wants this frame. */
export class FrameMount {
  readonly frame: HTMLIFrameElement;
  readonly #options: MountOptions;
  readonly #ended = new AbortController();
  #watch: FrameWatch | null = null;
  #stopBinding: (() => void) | null = null;
  #judging = false;

  constructor(options: MountOptions) {
    this.#options = options;
    this.frame = options.pasted ?? makeFrame(options.title);
    // A frame without a name is a riddle to a screen reader.
    if (this.frame.title === '') this.frame.title = options.title;
  }

  /** Watches first, then loads. A pasted frame that is on its way already is only watched. */
  load(url: URL, heardFromStart: boolean): void {
    const { host, pasted } = this.#options;
    const onItsWay = this.#watch === null && pasted !== null;
    this.#watch?.stop();
    this.#watch = new FrameWatch({
      frame: this.frame,
      url,
      heardFromStart,
      handoffUrl: this.#options.handoffUrl,
      onNews: () => this.#judge(),
    });
    if (!onItsWay) loadFrame(host, this.frame, url);
    if (document.readyState !== 'loading') this.#loadScript();
    // The pasted snippet brings its own script, further down in the page.
    else document.addEventListener('DOMContentLoaded', () => this.#loadScript(), this.#ended);
  }

  /** What can be said so far of the silence. */
  diagnose(): Diagnosis | null {
    return this.#watch && diagnose(this.#watch.evidence());
  }

  /** Asks the portal what cannot be seen from here. Never in the happy path. */
  async look(): Promise<void> {
    await this.#watch?.look();
  }

  /** The frame spoke: it works. */
  noticeWord(): void {
    if (this.#watch !== null) this.#watch.heard = true;
  }

  noticeOpaqueOrigin(): void {
    if (this.#watch !== null) this.#watch.opaqueMessage = true;
    this.#judge();
  }

  /** `null` leaves the vendor's script to the page's own provider. */
  bind(provider: ((ask: BindTokenAsk) => Promise<string | null>) | null): void {
    this.#stopBinding?.();
    this.#stopBinding = provider && provideBindTokens(this.frame, provider);
  }

  /** The frame is not waited for any more: there is no silence to explain. */
  rest(): void {
    this.#watch?.rest();
  }

  /** Takes our own frame away; a pasted one is the page's. */
  remove(): void {
    this.#ended.abort();
    this.#watch?.stop();
    this.#stopBinding?.();
    if (this.#options.pasted === null) this.frame.remove();
  }

  #loadScript(): void {
    const { scriptUrl: url, integrity, nonce } = this.#options;
    const watch = this.#watch;
    if (watch === null) return;
    try {
      const script = loadEmbedScript({ url, integrity, nonce });
      watch.watchScript(script);
      script.element.addEventListener('load', install, this.#ended);
      // The portal is asked first: where it is away altogether, the frame is not working behind our back.
      script.element.addEventListener(
        'error',
        () => void watch.look().then(() => this.#judge()),
        this.#ended,
      );
    } catch (error) {
      watch.trustedTypesRefused = true;
      say('error', `The policy of this page forbids to load ${url.origin}/embed.js.`, error);
      this.#judge();
    }
  }

  /** After the task, so that everything the browser tells of one cause is weighed together. */
  #judge(): void {
    if (this.#judging) return;
    this.#judging = true;
    setTimeout(() => {
      this.#judging = false;
      const watch = this.#ended.signal.aborted ? null : this.#watch;
      if (watch === null) return;
      const evidence = watch.evidence();
      const backend = diagnoseBackend(evidence);
      if (backend !== null)
        sayOnce('error', backend.code, ...backend.evidence, backend.fix.text, backend.fix.copy);
      if (watch.heard) return;
      const diagnosis = diagnose(evidence);
      const { confidence } = diagnosis;
      const unheard = effectOnFrame(diagnosis) === 'unheard' && confidence === 'likely' && !watch.looking;
      if (confidence === 'proven' || unheard) this.#options.onProof(diagnosis);
    });
  }
}
