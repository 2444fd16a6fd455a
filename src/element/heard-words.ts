/** What was heard of the orders that were shown: put in again, or shown again in another language, none is offered twice. */
import type { Heard } from '../core/attempt-handles.js';
import type { AttemptInput, Snapshot } from '../core/attempt-states.js';
import { browserStore } from '../core/ports.js';
import { StoredList } from '../core/stored-list.js';
import type { CheckoutConfig } from './checkout-config.js';

/** How long a word is kept beyond its page, in milliseconds. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** Most words kept. */
const MAX_WORDS = 20;

interface KeptWord {
  readonly offer: string;
  readonly word: Heard;
  readonly atMs: number;
}

/** Named offers of which a failure on this page may hide a payment. A reload is a fresh look. */
const doubts = new Set<string>();

/**
 * Lives as long as its element, with or without a backend. Where an order is named, or a plan names one to a
 * backend, the word outlives the page too: the backend may not have been reached, may have forgotten the attempt
 * that the word was kept with, or is asked by the page's own function alone.
 */
export class HeardWords {
  readonly #words = new Map<string, Heard>();
  /** Offers whose word any link could have said. */
  readonly #byLink = new Set<string>();
  /** As {@link doubts}, of offers that have no name beyond their element. */
  readonly #doubts = new Set<string>();
  readonly #kept = new StoredList(browserStore(), 'checkout-embed:heard', MAX_WORDS, decodeKept);
  #offer = '';
  #lasts = false;

  /** @returns What the attempt is to know of the same offer before it; `null` for nothing. */
  begin({ url, item, order, handoffUrl }: CheckoutConfig): AttemptInput | null {
    const before = this.#offer;
    // One order is paid once, whatever is chosen for it. The query is about language and manners.
    const unnamed = JSON.stringify([url.origin, url.pathname, item]);
    const wasDoubted = this.#isDoubted;
    this.#offer = order === null ? unnamed : JSON.stringify([url.origin, order]);
    this.#lasts = (order ?? handoffUrl) !== null;
    // The page has named the order of the offer that it shows: what was heard was about that.
    if (order !== null && before === unnamed) this.#takeOver(unnamed, wasDoubted);
    const own = this.#words.get(this.#offer);
    // It may not have lasted before.
    if (own !== undefined && !this.#byLink.has(this.#offer)) this.#keep(own);
    const as = this.current;
    return as !== null ? { type: 'returned', as } : this.#isDoubted ? { type: 'doubt' } : null;
  }

  /** What is known of the offer that is shown, also from another tab; the stronger word where there are two. */
  get current(): Heard | null {
    const [own, kept] = [this.#words.get(this.#offer) ?? null, this.#keptWord];
    return own === 'confirmed' ? own : (kept ?? own);
  }

  note(snapshot: Snapshot): void {
    const { state, heard, returned } = snapshot;
    this.#noteDoubt(snapshot);
    const known = state === 'settled' || state === 'unsettled';
    const word = known && heard === 'nothing' ? 'confirmed' : heard;
    if (state === 'failed') this.forget();
    else if (word !== 'nothing') {
      // A link can say anything, and may come from anybody.
      const isProven = state === 'settled' || (heard !== 'nothing' && !returned);
      if (isProven) this.#byLink.delete(this.#offer);
      else if (!this.#words.has(this.#offer)) this.#byLink.add(this.#offer);
      this.#words.set(this.#offer, word);
      if (isProven) this.#keep(word);
    }
  }

  /** The buyer may buy it again. */
  forget(): void {
    this.#words.delete(this.#offer);
    this.#byLink.delete(this.#offer);
    this.#doubtsNow.delete(this.#offer);
    if (this.#keptWord !== null) this.#kept.update(without(this.#offer));
  }

  get #isDoubted(): boolean {
    return this.#doubtsNow.has(this.#offer);
  }

  get #doubtsNow(): Set<string> {
    return this.#lasts ? doubts : this.#doubts;
  }

  /** Without a backend nobody could clear it up. What went on in another tab may be paid there as well. */
  #noteDoubt({ state, options, doubtful, vendorHasNothing }: Snapshot): void {
    const isOpen = (doubtful || state === 'away') && !vendorHasNothing;
    if (isOpen && options?.hasBackend === true) this.#doubtsNow.add(this.#offer);
    // Attributes that make no frame for a moment say nothing of it.
    else if (options !== null) this.#doubtsNow.delete(this.#offer);
  }

  #takeOver(unnamed: string, wasDoubted: boolean): void {
    const word = this.#words.get(unnamed);
    if (wasDoubted) this.#doubtsNow.add(this.#offer);
    if (word === undefined) return;
    this.#words.set(this.#offer, word);
    if (this.#byLink.has(unnamed)) this.#byLink.add(this.#offer);
  }

  get #keptWord(): Heard | null {
    if (!this.#lasts) return null;
    return this.#kept.read().find(({ offer }) => offer === this.#offer)?.word ?? null;
  }

  #keep(word: Heard): void {
    const kept = this.#keptWord;
    if (!this.#lasts || kept === word || kept === 'confirmed') return;
    const entry: KeptWord = { offer: this.#offer, word, atMs: Date.now() };
    const others = without(this.#offer);
    this.#kept.update((items) => [...others(items), entry]);
  }
}

function without(offer: string): (items: readonly KeptWord[]) => readonly KeptWord[] {
  return (items) => items.filter((one) => one.offer !== offer);
}

function decodeKept(value: unknown): KeptWord | null {
  if (typeof value !== 'object' || value === null) return null;
  const { offer, word, atMs } = value as Readonly<Record<string, unknown>>;
  return typeof offer === 'string' &&
    (word === 'pending' || word === 'confirmed') &&
    typeof atMs === 'number' &&
    Date.now() < atMs + KEEP_MS
    ? { offer, word, atMs }
    : null;
}
