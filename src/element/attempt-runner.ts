/**
 * Does what the machine decides, for one element. All that happens becomes an input; inputs are taken one
 * after the other, also those that a listener causes.
 */
import { reduce } from '../core/attempt-machine.js';
import {
  awaitsPage,
  frameVisibility,
  INITIAL_SNAPSHOT,
  statusPace,
  type AttemptEffect,
  type AttemptInput,
  type RejectReason,
  type Snapshot,
} from '../core/attempt-states.js';
import { diagnoseAttribute, isNetworkLike, type AttributeProblem } from '../core/diagnosis.js';
import { browserPresence } from '../core/ports.js';
import type { VendorEvent } from '../core/vendor-events.js';
import { AttemptPromises, type Outcome } from './attempt-promises.js';
import { BackendLink, type BindTokenProvider, type StatusProvider } from './backend-link.js';
import type { CheckoutConfig } from './checkout-config.js';
import { explain, sayOnce } from './developer-log.js';
import { FrameMount } from './frame-mount.js';
import { mayHaveSpoken } from './own-frame.js';
import { PageDeadlines } from './page-deadlines.js';
import { takeReturn } from './return-url.js';
import { Teller } from './teller.js';
import { heardEverything, joinBus, type FrameOwner } from './vendor-event-bus.js';
import { forcedUrl } from './vendor/portal-url.js';

/** The element, as its runner sees it. */
export interface RunnerHost extends HTMLElement {
  readonly fetchBindToken: BindTokenProvider | null;
  readonly getStatus: StatusProvider | null;
  readonly integrity: string | null;
  /** The name of a frame that has none. */
  readonly frameName: string;
  /** The merchant has filled the slot of this name. */
  fillsSlot(name: string): boolean;
  /** Everything is set: draw it. */
  drawn(snapshot: Snapshot, shown: Snapshot): void;
}

export class AttemptRunner implements FrameOwner {
  readonly #host: RunnerHost;
  readonly #teller: Teller;
  readonly #promises = new AttemptPromises();
  readonly #presence = browserPresence();
  readonly #deadlines = new PageDeadlines(this.#presence);
  readonly #ended = new AbortController();
  /** Inputs, or steps that end in one: what they replace must still be there for the inputs before them. */
  readonly #queue: (AttemptInput | (() => AttemptInput))[] = [];
  #busy = false;
  #snapshot = INITIAL_SNAPSHOT;
  /** What the buyer sees: the snapshot, unless the page prevented its view. */
  #shown = INITIAL_SNAPSHOT;
  #prevented = false;
  #config: CheckoutConfig | null = null;
  #mount: FrameMount | null = null;
  /** Where the frame is now. */
  #url: URL | null = null;
  #backend: BackendLink | null = null;
  #loadedAtMs = 0;
  #redirect: string | null = null;

  constructor(host: RunnerHost) {
    this.#host = host;
    this.#teller = new Teller(host);
    const leaveBus = joinBus(this);
    const unsubscribe = this.#presence.subscribe(() => this.#feelLine());
    this.#ended.signal.addEventListener('abort', () => [leaveBus, unsubscribe].forEach((leave) => leave()));
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get url(): URL | null {
    return this.#url;
  }

  get frame(): HTMLIFrameElement | null {
    return this.#mount?.frame ?? null;
  }

  get portalOrigin(): string | null {
    return this.#config?.url.origin ?? null;
  }

  get attemptId(): string | null {
    return this.#backend?.attemptId ?? null;
  }

  /** Of the current load: whether the frame has painted. */
  get ready(): Promise<boolean> {
    return this.#promises.ready;
  }

  get outcome(): Promise<Outcome> {
    return this.#promises.outcome;
  }

  /** Begins an attempt; the one before ends. */
  load(config: CheckoutConfig, pasted: HTMLIFrameElement | null): void {
    const heardFromStart =
      pasted === null || (pasted.loading !== 'lazy' && (heardEverything() || !mayHaveSpoken(pasted)));
    this.dispatch(() => {
      const backend = this.#prepare(config, pasted);
      const { surface, target, retries } = config;
      const hasBackend = backend.hasStatus;
      return { type: 'load', options: { surface, target, heardFromStart, hasBackend, retries } };
    });
    this.#feelLine();
  }

  /** The attributes make no frame. */
  misconfigure(problem: AttributeProblem | undefined): void {
    if (problem !== undefined)
      this.dispatch({ type: 'misconfigured', diagnosis: diagnoseAttribute(problem) });
  }

  /** The page has set or taken away its functions. */
  refreshBackend(): void {
    if (this.#backend === null) return;
    this.#bind();
    this.dispatch({ type: 'backend', present: this.#backend.hasStatus });
  }

  /** Forgets the attempt, also beyond this page. */
  reset(): void {
    this.dispatch(() => {
      this.#backend?.end(true);
      return { type: 'reset' };
    });
  }

  /** The element is gone. Leaves nothing behind. */
  stop(): void {
    this.#ended.abort();
    this.#deadlines.stop();
    this.#mount?.remove();
    this.#backend?.end(false);
    this.#promises.end();
  }

  hear(event: VendorEvent): void {
    if (this.#snapshot.options === null) this.reject('ended-attempt', event.name);
    else this.dispatch({ type: 'vendor', event });
  }

  reject(reason: RejectReason, name: string): void {
    this.dispatch({ type: 'rejected', reason, name });
  }

  noticeOpaqueOrigin(): void {
    this.#mount?.noticeOpaqueOrigin();
  }

  dispatch(input: AttemptInput | (() => AttemptInput)): void {
    if (this.#ended.signal.aborted) return;
    this.#queue.push(input);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#take(typeof next === 'function' ? next() : next);
      }
    } finally {
      this.#busy = false;
    }
  }

  #take(input: AttemptInput): void {
    const before = this.#snapshot;
    const { snapshot, effects } = reduce(before, input);
    if (snapshot === before && effects.length === 0) return;
    this.#snapshot = snapshot;
    const moved = snapshot.state !== before.state;
    if (moved) this.#prevented = false;
    for (const effect of effects) this.#perform(effect);
    if (!awaitsPage(snapshot.state) && snapshot.state !== 'offline') this.#deadlines.stop();
    if (frameVisibility(snapshot) === 'shown' && !awaitsPage(snapshot.state)) this.#mount?.rest();
    this.#backend?.pace(statusPace(snapshot));
    this.#promises.follow(snapshot);
    // Everything is set before anybody is told.
    this.#host.drawn(snapshot, this.#shown);
    const cause = input.type === 'vendor' ? input.event.name : input.type;
    if (moved) this.#teller.moved(before, snapshot, cause, this.#elapsedMs());
    for (const effect of effects) {
      if (effect.type === 'announce' && !this.#announce(effect, snapshot) && moved) this.#prevented = true;
    }
    this.#show(snapshot);
    if (snapshot.state === 'deferred' && moved && !this.#prevented && !this.#host.fillsSlot('deferred')) {
      this.dispatch({ type: 'resume' });
    }
  }

  /** A prevented view stays as it was; but a frame that may be working is never kept covered. */
  #show(snapshot: Snapshot): void {
    if (!this.#prevented) this.#shown = snapshot;
    else if (snapshot.silent) this.#shown = { ...this.#shown, silent: true };
    this.#host.drawn(snapshot, this.#shown);
  }

  #perform(effect: AttemptEffect): void {
    switch (effect.type) {
      case 'load-frame':
        this.#loadFrame(effect.mount, effect.forced);
        break;
      case 'unload-frame':
        this.#mount?.remove();
        this.#backend?.end(false);
        this.#config = this.#url = this.#mount = this.#backend = null;
        this.#promises.end();
        break;
      case 'begin-attempt':
        this.#backend?.begin(this.#snapshot.pick?.planItemId ?? null);
        break;
      case 'check-status':
        this.#backend?.checkNow();
        break;
      case 'send-signal':
        this.#backend?.signal({ ...(effect.event ?? this.#snapshot.pick), kind: effect.kind });
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

  /** Everything for a new attempt, in place of the one before. */
  #prepare(config: CheckoutConfig, pasted: HTMLIFrameElement | null): BackendLink {
    this.#mount?.remove();
    this.#backend?.end(false);
    this.#promises.beginAttempt();
    this.#redirect = null;
    this.#config = config;
    this.#url = config.url;
    this.#mount = new FrameMount({
      host: this.#host,
      pasted,
      title: this.#host.frameName,
      scriptUrl: config.scriptUrl,
      integrity: this.#host.integrity,
      nonce: this.#host.nonce,
      onProof: (diagnosis) => this.dispatch({ type: 'proof', mount: this.#snapshot.mount, diagnosis }),
    });
    const backend = new BackendLink({
      ...config,
      fetchBindToken: () => this.#host.fetchBindToken,
      getStatus: () => this.#host.getStatus,
      onAnswer: (answer) => {
        this.#redirect = answer.redirect ?? null;
        this.dispatch({ type: 'status', answer });
      },
      onHorizon: () => this.dispatch({ type: 'horizon' }),
    });
    this.#backend = backend;
    const { handoffUrl } = config;
    // Without a handoff nobody can tell whose return it is, and the first to ask takes it.
    const returned = takeReturn((id) => id === null || handoffUrl === null || backend.mayKnow(id));
    if (returned !== null) this.dispatch({ type: 'returned', as: returned.as });
    void backend.recall(returned?.attemptId ?? null);
    return backend;
  }

  #loadFrame(mount: number, forced: boolean): void {
    const { pick } = this.#snapshot;
    const config = this.#config;
    if (config === null || this.#mount === null || this.#url === null) return;
    this.#promises.beginLoad();
    this.#loadedAtMs = performance.now();
    this.#url = forced && pick !== null ? forcedUrl(this.#url, pick) : config.url;
    this.#bind();
    this.#mount.load(this.#url, this.#snapshot.options?.heardFromStart ?? false);
    this.#deadlines.start([
      { afterMs: config.slowAfterMs, onPassed: () => this.dispatch({ type: 'slow-elapsed', mount }) },
      { afterMs: config.timeoutMs, onPassed: () => this.#giveUpWaiting(mount) },
    ]);
  }

  #bind(): void {
    const backend = this.#backend;
    this.#mount?.bind(backend?.bindsTokens === true ? (ask) => backend.bindToken(ask) : null);
  }

  #giveUpWaiting(mount: number): void {
    const diagnosis = this.#mount?.diagnose() ?? null;
    if (diagnosis === null) return;
    this.dispatch({ type: 'timeout-elapsed', mount, diagnosis, networkLike: isNetworkLike(diagnosis) });
    if (this.#snapshot.silent) explain(diagnosis, this.#host);
    this.#promises.missPage();
  }

  #feelLine(): void {
    this.dispatch({ type: this.#presence.online() ? 'online' : 'offline' });
  }

  /** Whether the default view may follow. */
  #announce({ name, event }: Extract<AttemptEffect, { type: 'announce' }>, snapshot: Snapshot): boolean {
    return this.#teller.announced(name, event, snapshot, {
      ms: this.#elapsedMs(),
      attemptId: this.attemptId,
      redirect: this.#redirect,
      resumeUrl: this.#url && snapshot.pick && forcedUrl(this.#url, snapshot.pick).href,
      unbound: name === 'pending' && event !== null ? this.#unbound() : null,
    });
  }

  #unbound(): BackendLink['unbound'] | null {
    if (this.#backend?.bindsTokens !== true) return null;
    const { unbound } = this.#backend;
    sayOnce(
      'warn',
      `pending ${unbound}`,
      `This checkout is anonymous, though it could have been bound: ${unbound}.`,
    );
    return unbound;
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#loadedAtMs);
  }
}
