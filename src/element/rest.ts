/**
 * All that an element needs once its frame is on its way: the attempt with its line to the backend, its face,
 * its word to the developer. A module of its own, so that no frame waits for it.
 */
import { isPastPayment } from '../core/transition.js';
import { onApproach } from './approach.js';
import type { AttemptPromises } from './attempt-promises.js';
import type { CheckoutState } from '../core/attempt-states.js';
import type { AttemptHost } from './attempt.js';
import { AttemptRunner } from './attempt-runner.js';
import { Face, type FaceHost } from './face.js';
import { HeardWords } from './heard-words.js';
import { HEARD_KEY } from './kept-words.js';
import type { CheckoutConfig, ReadConfig } from './checkout-config.js';
import { NAME } from './own-frame.js';
import { ProblemReport, type ReportHost } from './report-problems.js';
import { keepStateName } from './state-name.js';

/** The element, as its rest sees it. */
export interface RestHost extends AttemptHost, FaceHost, ReportHost {
  readonly frame: HTMLIFrameElement | null;
  readonly frameTitle: string | null;
  /** Takes a state on, and is drawn. */
  mark(state: CheckoutState): void;
}

/** How often a frame that the page throws out is put in again: a page that does so at every step would load it for ever. */
const MAX_LOST = 3;

/** What an element heard outlives its stay in the page. */
const words = new WeakMap<HTMLElement, HeardWords>();

export class Rest {
  readonly runner: AttemptRunner;
  readonly face: Face;
  readonly report: ProblemReport;
  readonly words: HeardWords;
  readonly #host: RestHost;
  readonly #ended = new AbortController();
  readonly #stateName: MutationObserver;
  #timesLost = 0;
  /** Waits until the element comes near the view: gives the function that ends the waiting. */
  readonly onApproach: (portalOrigin: string, load: () => void) => () => void;

  constructor(host: RestHost, root: ShadowRoot, promises: AttemptPromises) {
    this.#host = host;
    this.face = new Face(host, root);
    this.words = words.get(host) ?? new HeardWords();
    words.set(host, this.words);
    this.report = new ProblemReport(host);
    this.runner = new AttemptRunner(
      host,
      promises,
      (snapshot, shown) => {
        this.face.show(shown, this.runner.url);
        this.words.note(snapshot);
        host.mark(snapshot.state);
      },
      (config, word) => {
        this.words.noteLate(config, word);
      },
    );
    const { runner } = this;
    this.#stateName = keepStateName(
      host,
      () => (this.#ended.signal.aborted ? null : runner.snapshot.state),
      () => host.mark(runner.snapshot.state),
    );
    const leaveWords = this.words.join(() => this.#recall());
    this.#ended.signal.addEventListener('abort', leaveWords);
    // A page that comes back from the back/forward cache was told of nothing meanwhile.
    addEventListener('pageshow', () => this.#recall(), this.#ended);
    // Another tab has heard something. Where the backend says failed, an older word of that tab is no news.
    const hearTab = ({ key }: StorageEvent): void => {
      if (key === HEARD_KEY && this.runner.snapshot.state !== 'failed') this.#recall();
    };
    addEventListener('storage', hearTab, this.#ended);
    this.onApproach = (origin, load) => onApproach(host, origin, load);
  }

  /** @param isAnother It wants another frame than before. */
  heed(read: ReadConfig, isAnother: boolean): void {
    this.report.tell(read);
    const { frame, frameTitle } = this.#host;
    // In the language of the page, now that its words are here.
    if (frame?.title === NAME) frame.title = frameTitle ?? this.face.messages.frameTitle;
    const { runner } = this;
    if (isAnother) this.#timesLost = 0;
    if (isAnother || !runner.hasLostFrame) return;
    this.report.lost();
    const { mount } = runner.snapshot;
    runner.dispatch({ type: this.#timesLost < MAX_LOST ? 'moved' : 'lost' });
    // Not where it is gone for good, as behind a step of the page.
    if (runner.snapshot.mount !== mount) this.#timesLost += 1;
  }

  /**
   * Whether what is shown stays, though other attributes are wanted: it is paid for, or a checkout goes on of which only
   * the language is another, as where the browser translates the page. Its words change all the same.
   */
  keeps(config: CheckoutConfig | null): boolean {
    const { runner, words } = this;
    const { config: own, frame, snapshot } = runner;
    const { state } = snapshot;
    if (config === null || config.handoffUrl !== own?.handoffUrl || !words.isOf(config)) return false;
    const goesOn = state === 'checkout' || state === 'deferred' || state === 'away';
    if (goesOn && frame?.isConnected === true && isInAnotherLanguage(config.url, own.url)) return true;
    // What failed may be bought again.
    return (state === 'settled' || isPastPayment(snapshot)) && state !== 'failed';
  }

  #recall(): void {
    const { known } = this.words;
    const { state, doubtful } = this.runner.snapshot;
    // What is in doubt takes no checkout that goes on: it may be the very one that is paid. And nobody is told twice.
    const isLeft = doubtful || state === 'checkout' || state === 'deferred' || state === 'away';
    if (known !== null && !(known.type === 'doubt' && isLeft)) this.runner.dispatch(known);
  }

  /** The element is gone. Leaves nothing behind. */
  end(): void {
    this.#ended.abort();
    this.#stateName.disconnect();
    this.runner.stop();
    this.face.end();
    this.report.end();
  }
}

/** Whether nothing but the language is another. */
function isInAnotherLanguage(one: URL, other: URL): boolean {
  return one.href !== other.href && withoutLanguage(one) === withoutLanguage(other);
}

function withoutLanguage({ href }: URL): string {
  const url = new URL(href);
  url.searchParams.delete('lang');
  return url.href;
}
