/** What an answer of the backend means for the attempt that asked: it may be of a try before it, or of an earlier visit. */
import type { SignalDraft } from '../core/handoff-client.js';
import { mayHidePayment } from '../core/hear-vendor.js';
import { isPaid, verdictOf, type OrderStatus, type StatusAnswer } from '../protocol/status.js';

/** The last verdict of each order that was a failure, as this page knows it: of another try it says nothing. */
const failures = new Map<string, OrderStatus>();

/** Orders of which something was heard on this page that may have been paid: only the backend's own word clears that up. */
const doubtedOrders = new Set<string>();

export interface Reading {
  /** What the attempt is to know; `null` where it is about something else. */
  readonly answer: StatusAnswer | null;
  /** An earlier visit has paid. */
  readonly isFound: boolean;
}

export class OrderAnswers {
  /** The order, as it is known on this page. */
  readonly #name: string;
  /** How an earlier try failed: until the backend says anything else, it still speaks of that one. */
  #past: OrderStatus | undefined;
  /** The question is about what was before. */
  #isRecalling = false;
  /** A checkout has just begun: nothing can have come of it yet. */
  #isBeginning = false;
  /** The backend wants the page to wait with buying. */
  #isHeld = false;
  /** It had wanted that, and would have the page wait no longer: as much as to say that nothing was paid. */
  #isReleased = false;

  constructor(name: string) {
    this.#name = name;
  }

  get hasFailedBefore(): boolean {
    return failures.has(this.#name);
  }

  /** Something may have been paid, and the backend has not said what became of it. */
  get isDoubted(): boolean {
    return doubtedOrders.has(this.#name);
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** A start was told to wait. Whether that is news. */
  hold(): boolean {
    const isNews = !this.#isHeld;
    this.#isHeld = true;
    return isNews;
  }

  /** A start was answered with a checkout. */
  release(): void {
    this.#isReleased = this.#isHeld;
    this.#isHeld = false;
  }

  /** Another try begins. */
  begin(): void {
    this.#past = failures.get(this.#name);
  }

  /**
   * The next answer is about what was before this try.
   * @param isBeginning Whatever is waited for.
   */
  recall(isBeginning: boolean): void {
    this.#isRecalling = true;
    this.#isBeginning = isBeginning;
  }

  /** Something was heard: what was answered before is not about it. */
  noteWord({ kind, reason = '' }: SignalDraft): void {
    this.#isReleased = false;
    if (kind === 'away' || (kind === 'error' && mayHidePayment(reason))) doubtedOrders.add(this.#name);
  }

  /** The buyer may buy again, as the page says. */
  forget(): void {
    doubtedOrders.delete(this.#name);
  }

  /** @param isAwaited The buyer waits for this very answer. It counts as any then, and where something was heard. */
  read(said: StatusAnswer, isAwaited: boolean, isHeard: boolean): Reading {
    if (said.retry === true) this.forget();
    const answer = this.#isFreed(said) ? { ...said, retry: true } : said;
    const isRecalled = this.#isRecalling && !isHeard && (!isAwaited || this.#isBeginning);
    this.#isRecalling = this.#isBeginning = false;
    const { status } = answer;
    const verdict = verdictOf(status);
    if (answer.retry === true) this.#isHeld = false;
    if (verdict === 'failed') failures.set(this.#name, status);
    else failures.delete(this.#name);
    // A failure of an earlier visit is no reason to keep the buyer from another try.
    if (verdict === 'failed' && isRecalled) this.#past = status;
    if (status === this.#past) {
      // Of the try before. That the vendor has nothing is said of this one.
      return { answer: answer.retry === true ? { ...answer, status: 'open' } : null, isFound: false };
    }
    this.#past = undefined;
    if (verdict !== 'waiting') this.forget();
    if (!isRecalled) return { answer, isFound: false };
    if (status === 'processing') return { answer, isFound: true };
    return { answer: verdict === 'settled' || status === 'review' ? answer : null, isFound: false };
  }

  #isFreed({ status }: StatusAnswer): boolean {
    return this.#isReleased && !this.isDoubted && verdictOf(status) === 'waiting' && !isPaid(status);
  }
}
