/**
 * Does what the machine decides, for one element. All that happens becomes an input; inputs are taken one
 * after the other, also those that a listener causes.
 */
import { reduce } from '../core/attempt-machine.js';
import {
  awaitsPage,
  INITIAL_SNAPSHOT,
  statusPace,
  type AttemptEffect,
  type AttemptInput,
  type Snapshot,
} from '../core/attempt-states.js';
import { diagnoseAttribute, type AttributeProblem, type Diagnosis } from '../core/diagnosis.js';
import { browserPresence } from '../core/ports.js';
import { inWords } from './allowed-values.js';
import { Attempt, type AttemptHost } from './attempt.js';
import type { AttemptPromises } from './attempt-promises.js';
import type { CheckoutConfig } from './checkout-config.js';
import { afterStep } from './deferred-step.js';
import { explain } from './developer-log.js';
import { explainNow } from './explain-now.js';
import type { FrameMount } from './frame-mount.js';
import { isInShadow } from './frame-sight.js';
import { InputQueue } from './input-queue.js';
import { keepPromises } from './keep-promises.js';
import { MARK } from './own-frame.js';
import { Patience } from './patience.js';
import { ShownView } from './shown-view.js';
import { Teller, type Told } from './teller.js';
import { VendorEar, type NoteLate } from './vendor-ear.js';

/** What is known of an end that the backend did not tell. */
const UNTOLD = { redirect: null, source: 'horizon' } as const;

/**
 * Shows where the attempt is.
 * @param shown What the buyer is to see: another one where the page prevented a view.
 */
export type Draw = (snapshot: Snapshot, shown: Snapshot) => void;

/** Lives as long as its element is in the page. */
export class AttemptRunner {
  readonly #host: AttemptHost;
  readonly #draw: Draw;
  readonly #teller: Teller;
  readonly #promises: AttemptPromises;
  readonly #presence = browserPresence();
  readonly #patience = new Patience({
    presence: this.#presence,
    dispatch: (input) => this.dispatch(input),
    mount: () => this.#snapshot.mount,
    onMissed: () => this.#promises.missPage(),
  });
  readonly #ended = new AbortController();
  readonly #queue = new InputQueue<AttemptInput>((input) => this.#take(input));
  readonly #view = new ShownView();
  #snapshot = INITIAL_SNAPSHOT;
  #attempt: Attempt | null = null;
  /** The attempt that was just opened begins with what was heard before, and needs no frame for it. */
  #isKnown = false;
  /** Of the backend's last answer. */
  #told: Told = UNTOLD;

  constructor(host: AttemptHost, promises: AttemptPromises, draw: Draw, noteLate: NoteLate) {
    this.#host = host;
    this.#draw = draw;
    this.#promises = promises;
    this.#teller = new Teller(host);
    const { signal } = this.#ended;
    new VendorEar({
      attempt: () => this.#attempt,
      snapshot: () => this.#snapshot,
      dispatch: (input) => this.dispatch(input),
      noteLate,
      signal,
    }).listen();
    signal.addEventListener(
      'abort',
      this.#presence.subscribe(() => this.#feelLine()),
    );
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Why the frame is not to be seen, or why `handoff-url` cannot be asked. */
  get diagnosis(): Diagnosis | null {
    return this.#snapshot.diagnosis ?? this.#attempt?.judge.trouble ?? null;
  }

  /** Where the frame is. */
  get url(): URL | null {
    return this.#attempt?.url ?? null;
  }

  get frame(): HTMLIFrameElement | null {
    return this.#attempt?.mount.frame ?? null;
  }

  /** What is asked for by the attempt. */
  get config(): CheckoutConfig | null {
    return this.#attempt?.config ?? null;
  }

  /** The page has thrown out our frame, or one of its own that had spoken, as a framework does that draws the children again. */
  get hasLostFrame(): boolean {
    const { watch = null, frame } = this.#attempt?.mount ?? {};
    return watch !== null && frame?.isConnected === false && (watch.heard || frame.hasAttribute(MARK));
  }

  get attemptId(): string | null {
    return this.#attempt?.backend.attemptId ?? null;
  }

  /**
   * Begins an attempt; the one before ends.
   * @param known What was heard of the same offer before.
   */
  load(config: CheckoutConfig, mount: FrameMount, known: AttemptInput | null = null): void {
    this.dispatch(() => {
      const { backend, returned } = this.#open(config, mount);
      if (returned !== null) this.dispatch({ type: 'returned', as: returned });
      if (known !== null) this.dispatch(known);
      // No frame is shown then, so none is made. What is on its way already, or is the page's own, is left alone.
      this.#isKnown = known !== null && mount.watch === null && mount.frame.hasAttribute(MARK);
      const { surface, target, retries } = config;
      const hasBackend = backend.hasStatus;
      // The vendor's script looks for frames in the page itself, and may find none in a shadow root.
      const heardFromStart = mount.heardFromStart && !isInShadow(this.#host);
      return { type: 'load', options: { surface, target, heardFromStart, hasBackend, retries } };
    });
    this.#feelLine();
  }

  /** The attributes make no frame. */
  misconfigure(problem: AttributeProblem | undefined): void {
    if (problem !== undefined)
      this.dispatch({ type: 'misconfigured', diagnosis: diagnoseAttribute(inWords(problem)) });
  }

  /** The page has set or taken away its functions. */
  refreshBackend(): void {
    if (this.#attempt === null) return;
    this.#attempt.bind();
    this.dispatch({ type: 'backend', present: this.#attempt.backend.hasStatus });
  }

  /**
   * Forgets the attempt, also beyond this page.
   * @param forget What else is to be forgotten: in its turn, so that nothing before it is noted again.
   */
  reset(forget: () => void): void {
    this.dispatch(() => {
      this.#attempt?.end(true);
      this.#attempt = null;
      forget();
      return { type: 'reset' };
    });
  }

  /** The element is gone. Leaves nothing behind. */
  stop(): void {
    this.#ended.abort();
    this.#patience.stop();
    this.#attempt?.end(false);
  }

  /** The best explanation there is now, also of a frame that works. Asks the portal where that helps. */
  diagnose(): Promise<Diagnosis> {
    return explainNow(
      this.#host,
      () => this.#attempt,
      () => this.#snapshot,
    );
  }

  dispatch(input: AttemptInput | (() => AttemptInput)): void {
    if (!this.#ended.signal.aborted) this.#queue.add(input);
  }

  #take(input: AttemptInput): void {
    const before = this.#snapshot;
    const { snapshot, effects } = reduce(before, input);
    if (snapshot === before && effects.length === 0) return;
    this.#snapshot = snapshot;
    const moved = snapshot.state !== before.state;
    // A view that was kept is none any more where its frame is gone.
    if (moved || input.type === 'moved' || input.type === 'lost') this.#view.release();
    // A frame that stays in view has no panel to say it: each cause is told once. (`blocked` tells its own.)
    const { silent, diagnosis } = snapshot;
    if (silent && diagnosis !== null && diagnosis.code !== before.diagnosis?.code) {
      explain(diagnosis, this.#host);
    }
    // Before anything is told: a reload may come at any time, and must not offer to pay again.
    const { heard } = snapshot;
    // What only a link had said is the frame's own word now.
    const isProven = before.relayed && !snapshot.relayed;
    if ((heard !== before.heard || isProven) && heard !== 'nothing')
      this.#attempt?.backend.remember(heard, snapshot.relayed);
    if (snapshot.state === 'failed' && moved) this.#attempt?.backend.remember(null);
    for (const effect of effects) this.#perform(effect, input.type);
    if (!isWaiting(snapshot)) {
      this.#patience.stop();
      this.#attempt?.mount.watch?.rest();
    }
    this.#attempt?.backend.pace(statusPace(snapshot));
    keepPromises(this.#promises, snapshot);
    // Everything is set before anybody is told.
    this.#draw(snapshot, this.#view.snapshot);
    const cause = input.type === 'vendor' ? input.event.name : input.type;
    const telling = { attempt: this.#attempt, ...this.#told, cause };
    if (moved) this.#teller.moved(before, snapshot, telling);
    let isStep = false;
    for (const effect of effects) {
      if (effect.type !== 'announce') continue;
      const proceeds = this.#teller.announced(effect, snapshot, telling);
      if (!proceeds && moved) this.#view.prevent();
      isStep = proceeds && effect.name === 'initiated' && snapshot.state === 'deferred';
    }
    this.#draw(snapshot, this.#view.follow(snapshot));
    // The same card clicked again is the same step, unless the page waits for that click too.
    const isSame = !moved && before.pick?.planItemId === snapshot.pick?.planItemId;
    if (isStep && !(isSame && this.#teller.step === null)) this.#resumeAfterStep(snapshot);
  }

  #resumeAfterStep({ pick }: Snapshot): void {
    const isFilled = this.#host.querySelector(':scope > [slot="deferred"]') !== null;
    afterStep(this.#teller.step, isFilled, (type) => {
      // The buyer may have gone on to another item, and the page with them.
      const isSame = this.#snapshot.pick?.planItemId === pick?.planItemId;
      if (this.#snapshot.state === 'deferred' && isSame) this.dispatch({ type });
    });
  }

  #perform(effect: AttemptEffect, by: AttemptInput['type']): void {
    switch (effect.type) {
      case 'load-frame':
        this.#loadFrame(effect.forced, by === 'moved');
        break;
      case 'await-page':
        if (this.#attempt !== null) this.#patience.renew(this.#attempt);
        break;
      case 'unload-frame':
        this.#attempt?.end(false);
        this.#attempt = null;
        this.#promises.end();
        break;
      case 'begin-attempt':
        this.#attempt?.backend.begin(
          this.#snapshot.pick?.planItemId ?? null,
          this.#snapshot.heard === 'nothing',
        );
        break;
      case 'check-status':
        this.#attempt?.backend.checkNow(statusPace(this.#snapshot));
        break;
      case 'send-signal':
        this.#attempt?.backend.signal({ ...(effect.event ?? this.#snapshot.pick), kind: effect.kind });
        break;
      case 'reject':
        this.#teller.rejected(effect.reason, effect.name);
        break;
      // The attempt before this one was ended where its successor was made.
      case 'end-attempt':
      case 'announce':
        break;
    }
  }

  /** A new attempt in place of the one before. */
  #open(config: CheckoutConfig, mount: FrameMount): Attempt {
    this.#attempt?.end(false);
    this.#promises.beginAttempt();
    this.#told = UNTOLD;
    return (this.#attempt = new Attempt(this.#host, config, mount, {
      onProof: (diagnosis) => this.#patience.meetProof(diagnosis),
      onAnswer: (answer, source) => {
        this.#told = { redirect: answer.redirect ?? null, source };
        this.dispatch({ type: 'status', answer });
      },
      onGivenUp: (source) => {
        this.#told = { redirect: null, source };
        this.dispatch({ type: 'given-up' });
      },
      onHeardElsewhere: (as) => this.dispatch({ type: 'returned', as }),
      onDoubt: () => this.dispatch({ type: 'doubt' }),
    }));
  }

  #loadFrame(forced: boolean, isMoved: boolean): void {
    const attempt = this.#attempt;
    const isKnown = this.#isKnown;
    this.#isKnown = false;
    if (attempt === null || attempt.returned !== null || isKnown) return;
    this.#promises.beginLoad();
    attempt.loadFrame(this.#snapshot, forced, isMoved);
    this.#patience.begin(attempt);
  }

  #feelLine(): void {
    this.dispatch({ type: this.#presence.online() ? 'online' : 'offline' });
  }
}

/** Whether the frame's first word is still awaited, be it after the deadline. */
function isWaiting({ state }: Snapshot): boolean {
  return awaitsPage(state) || state === 'blocked' || state === 'offline';
}
