/** Everything that lives as long as one attempt: its frame, its line to the backend, where the frame is. */
import type { Snapshot } from '../core/attempt-states.js';
import type { Diagnosis } from '../core/diagnosis.js';
import type { StatusAnswer } from '../protocol/status.js';
import { BackendLink } from './backend-link.js';
import type { BindTokenProvider } from './bind-tokens.js';
import type { CheckoutConfig } from './checkout-config.js';
import type { EndSource } from './events.js';
import { FrameJudge } from './frame-judge.js';
import type { FrameMount } from './frame-mount.js';
import { rememberHeight } from './remembered-height.js';
import { takeLeftReturn, takeReturn } from './return-url.js';
import type { StatusProvider } from './status-source.js';
import { install, provideBindTokens } from './vendor/bind-provider.js';
import { forcedUrl, planOf } from './vendor/portal-url.js';

/** The element, as its attempt sees it. */
export interface AttemptHost extends HTMLElement {
  readonly fetchBindToken: BindTokenProvider | null;
  readonly getStatus: StatusProvider | null;
  readonly loading: string | null;
}

export interface AttemptListener {
  onProof(diagnosis: Diagnosis): void;
  onAnswer(answer: StatusAnswer, source: EndSource): void;
  onGivenUp(source: EndSource): void;
  onHeardElsewhere(word: 'pending' | 'confirmed'): void;
  onDoubt(): void;
}

export class Attempt {
  readonly config: CheckoutConfig;
  readonly mount: FrameMount;
  readonly judge: FrameJudge;
  readonly backend: BackendLink;
  /** What the page's URL says after the vendor's redirect, or what was heard before a reload. No frame is shown then. */
  readonly returned: 'confirmed' | 'pending' | null;
  /** Where the frame is now. */
  url: URL;
  /** The frame was on its way before this attempt was there to ask for it. */
  #onItsWay: boolean;
  #stopBinding: (() => void) | null = null;
  #stopMeasuring: (() => void) | null = null;
  #stopWaiting: (() => void) | null = null;

  constructor(host: AttemptHost, config: CheckoutConfig, mount: FrameMount, listener: AttemptListener) {
    this.config = config;
    this.url = config.url;
    this.mount = mount;
    this.#onItsWay = mount.watch !== null;
    mount.onScript = install;
    this.judge = new FrameJudge(mount, (diagnosis) => listener.onProof(diagnosis));
    const { handoffUrl, order, item } = config;
    const backend = new BackendLink({
      handoffUrl,
      order,
      // Without it all frames that are pasted, or given by `src`, would be one order to this browser.
      plan: config.plan ?? planOf(config.url),
      item,
      fetchBindToken: () => host.fetchBindToken,
      getStatus: () => host.getStatus,
      onAnswer: (answer, source) => listener.onAnswer(answer, source),
      onGivenUp: (source) => listener.onGivenUp(source),
      onHeardElsewhere: (word) => listener.onHeardElsewhere(word),
      onDoubt: () => listener.onDoubt(),
    });
    this.backend = backend;
    // Without a handoff nobody can tell whose return it is, and the first to ask takes it.
    const returned = takeReturn(mount.pageUrl, (id) => backend.mayKnow(id));
    this.returned = returned?.as ?? backend.keptWord;
    if (returned === null)
      this.#stopWaiting = takeLeftReturn(mount.pageUrl, (as) => listener.onHeardElsewhere(as));
    backend.recall(returned?.attemptId ?? null);
  }

  /** @param isMoved The tag stands elsewhere, and a frame in it is loaded anew by the browser. */
  loadFrame({ pick, options }: Snapshot, forced: boolean, isMoved: boolean): void {
    const { frame } = this.mount;
    this.#stopMeasuring?.();
    this.#stopMeasuring = null;
    this.url = forced && pick !== null ? forcedUrl(this.url, pick) : this.config.url;
    this.bind();
    const isThere = isMoved && frame.isConnected && frame.src === this.url.href;
    if (!this.#onItsWay) this.mount.load(this.url, options?.heardFromStart === true, isThere);
    this.#onItsWay = false;
  }

  /** The frame has painted: from now on its height is its own. */
  noticePage(): void {
    this.#stopMeasuring ??= rememberHeight(this.mount.frame, this.url);
  }

  /** Offers tokens for the frame, where the page has any to give; else the vendor's script has the page's own provider. */
  bind(): void {
    const { tokens } = this.backend;
    this.#stopBinding?.();
    this.#stopBinding = tokens.offered
      ? provideBindTokens(this.mount.frame, (ask) => tokens.mint(ask))
      : null;
  }

  /** @param over The buyer may buy again: the next start is a new attempt. */
  end(over: boolean): void {
    this.judge.end();
    this.#stopBinding?.();
    this.#stopMeasuring?.();
    this.#stopWaiting?.();
    this.mount.remove();
    this.backend.end(over);
  }
}
