/** What was heard of the orders that were shown: put in again, or shown again in another language, none is offered twice. */
import type { Heard } from '../core/attempt-handles.js';
import type { AttemptInput, CheckoutState, Snapshot } from '../core/attempt-states.js';
import type { LateWord } from '../core/hear-vendor.js';
import type { CheckoutConfig } from './checkout-config.js';
import { KeptWords } from './kept-words.js';

/** Named offers of which a failure on this page may hide a payment. A reload is a fresh look. */
const doubtedOffers = new Set<string>();
/** One for all elements: what storage refuses, it remembers. */
const kept = new KeptWords();
/** Those whose elements are in the page. */
const present = new Set<HeardWords>();

/**
 * Lives as long as its element, with or without a backend. Where an order is named, or a plan names one to a
 * backend, the word outlives the page too: the backend may not have been reached, may have forgotten the attempt
 * that the word was kept with, or is asked by the page's own function alone.
 */
export class HeardWords {
  readonly #words = new Map<string, Heard>();
  /** Offers whose word came in this visit, and was given to no name yet. */
  readonly #news = new Set<string>();
  /** Offers whose word any link could have said. */
  readonly #byLink = new Set<string>();
  /** As {@link doubtedOffers}, of offers that have no name beyond their element. */
  readonly #doubts = new Set<string>();
  #offer = '';
  #lasts = false;
  /** What was known of the offer before this attempt at it. */
  #knownBefore: Heard | null = null;
  #state: CheckoutState = 'idle';
  /** The offer whose doubt is this element's own: another that shows it too knows nothing of how it ends. */
  #doubted: string | null = null;
  #onNews: () => void = () => undefined;

  /**
   * Until the returned function is called, its element is in the page.
   * @param onNews Another element there has heard something of the offer that this one shows.
   */
  join(onNews: () => void): () => void {
    this.#onNews = onNews;
    present.add(this);
    return () => present.delete(this);
  }

  /** @returns What the attempt is to know of the same offer before it; `null` for nothing. */
  begin(config: CheckoutConfig): AttemptInput | null {
    const before = this.#offer;
    const unnamed = offerOf({ ...config, order: null });
    const wasDoubted = this.#isDoubted;
    this.#offer = offerOf(config);
    this.#lasts = hasName(config);
    // The page has named the order of the offer that it shows: what was heard was about that.
    if (config.order !== null && before === unnamed) this.#takeOver(unnamed, wasDoubted);
    this.#knownBefore = this.current;
    const own = this.#words.get(this.#offer);
    // It may not have lasted before.
    if (own !== undefined && this.#lasts && !this.#byLink.has(this.#offer)) kept.keep(this.#offer, own);
    return this.known;
  }

  /** What the attempt is to know of the offer that is shown; `null` for nothing. */
  get known(): AttemptInput | null {
    const as = this.current;
    return as !== null ? { type: 'returned', as } : this.#isDoubted ? { type: 'doubt' } : null;
  }

  /** What is known of the offer that is shown, also from another tab; the stronger word where there are two. */
  get current(): Heard | null {
    const own = this.#words.get(this.#offer) ?? null;
    const lasting = this.#lasts ? kept.find(this.#offer) : null;
    return own === 'confirmed' ? own : (lasting ?? own);
  }

  /** Whether it is the offer that is shown. */
  isOf(config: CheckoutConfig): boolean {
    return offerOf(config) === this.#offer;
  }

  note(snapshot: Snapshot): void {
    const { state, heard, relayed, paid } = snapshot;
    const hasMoved = state !== this.#state;
    this.#state = state;
    this.#noteDoubt(snapshot);
    const word = paid ? 'confirmed' : heard;
    if (state === 'failed') {
      // What another tab hears from then on is of another try.
      if (hasMoved) this.forget();
    } else if (word !== 'nothing') {
      if (word !== this.#knownBefore) this.#news.add(this.#offer);
      // A link can say anything, and may come from anybody.
      const isProven = paid || (heard !== 'nothing' && !relayed);
      if (isProven) this.#byLink.delete(this.#offer);
      else if (!this.#words.has(this.#offer)) this.#byLink.add(this.#offer);
      const isNews = this.#words.get(this.#offer) !== word;
      this.#words.set(this.#offer, word);
      if (!isProven || !this.#lasts) return;
      kept.keep(this.#offer, word);
      // Not all who show it have the same backend, by which the tabs' words go.
      if (isNews) this.#tellOthers(this.#offer);
    }
  }

  /** Of an offer that the page had just left. Whoever shows it is told. */
  noteLate(config: CheckoutConfig, word: LateWord): void {
    const offer = offerOf(config);
    const lasts = hasName(config);
    if (word === 'doubt') (lasts ? doubtedOffers : this.#doubts).add(offer);
    else {
      this.#byLink.delete(offer);
      this.#news.add(offer);
      if (this.#words.get(offer) !== 'confirmed') this.#words.set(offer, word);
      if (lasts) kept.keep(offer, word);
    }
    if (lasts) this.#tellOthers(offer);
    if (offer === this.#offer) this.#onNews();
  }

  /** The buyer may buy it again. */
  forget(): void {
    this.#knownBefore = null;
    this.#news.delete(this.#offer);
    this.#words.delete(this.#offer);
    this.#byLink.delete(this.#offer);
    this.#doubtsNow.delete(this.#offer);
    if (this.#lasts) kept.forget(this.#offer);
  }

  get #isDoubted(): boolean {
    return this.#doubtsNow.has(this.#offer);
  }

  get #doubtsNow(): Set<string> {
    return this.#lasts ? doubtedOffers : this.#doubts;
  }

  /** Without a backend nobody could clear it up. What went on in another tab may be paid there as well. */
  #noteDoubt({ state, options, doubtful, vendorHasNothing }: Snapshot): void {
    const isOpen = (doubtful || state === 'away') && !vendorHasNothing;
    if (isOpen && options?.hasBackend === true) {
      const isNews = !this.#isDoubted;
      this.#doubtsNow.add(this.#offer);
      this.#doubted = this.#offer;
      if (isNews && this.#lasts) this.#tellOthers(this.#offer);
      // Attributes that make no frame for a moment say nothing of it.
    } else if (options !== null && this.#doubted === this.#offer) {
      this.#doubtsNow.delete(this.#offer);
      this.#doubted = null;
    }
  }

  #tellOthers(offer: string): void {
    for (const other of present) if (other !== this && other.#offer === offer) other.#onNews();
  }

  #takeOver(unnamed: string, wasDoubted: boolean): void {
    const word = this.#words.get(unnamed);
    if (wasDoubted) this.#doubtsNow.add(this.#offer);
    // Of an earlier visit it may be about another order, and it is about one only.
    if (word === undefined || !this.#news.delete(unnamed)) return;
    this.#words.set(this.#offer, word);
    if (this.#byLink.has(unnamed)) this.#byLink.add(this.#offer);
  }
}

/** One order is paid once, whatever is chosen for it. The query is about language and manners. */
function offerOf({ url, item, order }: CheckoutConfig): string {
  return JSON.stringify(order === null ? [url.origin, url.pathname, item] : [url.origin, order]);
}

/** Whether it can be known again on another visit. */
function hasName({ order, handoffUrl }: CheckoutConfig): boolean {
  return (order ?? handoffUrl) !== null;
}
