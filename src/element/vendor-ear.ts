/** Hears the vendor for one element: what is said of its attempt, and what comes when the page has just ended that. */
import type { AttemptInput, RejectReason, Snapshot } from '../core/attempt-states.js';
import { lateWord, type LateWord } from '../core/hear-vendor.js';
import type { VendorEvent } from '../core/vendor-events.js';
import type { Attempt } from './attempt.js';
import type { CheckoutConfig } from './checkout-config.js';
import { joinBus, type FrameOwner } from './vendor-event-bus.js';

/** Learns what was heard of an attempt that the page had just ended. */
export type NoteLate = (config: CheckoutConfig, word: LateWord) => void;

export interface EarOptions {
  /** The current one. */
  readonly attempt: () => Attempt | null;
  readonly snapshot: () => Snapshot;
  readonly dispatch: (input: AttemptInput) => void;
  readonly noteLate: NoteLate;
  /** The element is gone. */
  readonly signal: AbortSignal;
}

export class VendorEar implements FrameOwner<Attempt> {
  readonly #options: EarOptions;

  constructor(options: EarOptions) {
    this.#options = options;
  }

  /** Until the element is gone. */
  listen(): void {
    this.#options.signal.addEventListener('abort', joinBus(this));
  }

  get frame(): HTMLIFrameElement | null {
    return this.subject?.mount.frame ?? null;
  }

  get portalOrigin(): string | null {
    return this.subject?.url.origin ?? null;
  }

  get subject(): Attempt | null {
    return this.#options.attempt();
  }

  hear(event: VendorEvent, subject: Attempt | null): void {
    const { attempt: current, snapshot, signal } = this.#options;
    const attempt = current();
    if (subject !== null && (subject !== attempt || signal.aborted)) {
      const word = lateWord(event);
      if (word !== null) {
        this.#hearLate(event, word, subject);
        return;
      }
      // A pasted frame stays where only its order is another, and says no second time that it is there.
      if (subject.mount.frame !== attempt?.mount.frame) {
        this.reject('ended-attempt', event.name);
        return;
      }
    }
    attempt?.judge.noticeWord();
    if (event.name === 'pageLoaded') attempt?.noticePage();
    if (snapshot().options === null) this.reject('ended-attempt', event.name);
    else this.#options.dispatch({ type: 'vendor', event });
  }

  reject(reason: RejectReason, name: string): void {
    this.#options.dispatch({ type: 'rejected', reason, name });
  }

  noticeOpaqueOrigin(): void {
    this.subject?.judge.noticeOpaqueOrigin();
  }

  /** The page went on in the very turn of a word that is not to be lost. */
  #hearLate(event: VendorEvent, word: LateWord, { backend, config }: Attempt): void {
    if (word === 'doubt') backend.tellLate({ ...event, kind: 'error' }, null);
    else backend.tellLate({ ...event, kind: word }, word);
    // Without a backend nobody could clear a doubt up.
    if (word !== 'doubt' || backend.hasStatus) this.#options.noteLate(config, word);
  }
}
