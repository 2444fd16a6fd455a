/** What was heard of the orders that were shown: put in again, or shown again in another language, none is offered twice. */
import type { Heard } from '../core/attempt-handles.js';
import type { Snapshot } from '../core/attempt-states.js';
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

/**
 * Lives as long as its element, with or without a backend. Where an order is named, or a plan names one to a
 * backend, the word outlives the page too: the backend may not have been reached, may have forgotten the attempt
 * that the word was kept with, or is asked by the page's own function alone.
 */
export class HeardWords {
  readonly #words = new Map<string, Heard>();
  /** Offers of which a failure may hide a payment, which a backend can tell. Known to this page alone. */
  readonly #doubtful = new Set<string>();
  readonly #kept = new StoredList(browserStore(), 'checkout-embed:heard', MAX_WORDS, decodeKept);
  #offer = '';
  #lasts = false;

  /** @returns What was heard of the same offer before. */
  begin({ url, item, order, handoffUrl }: CheckoutConfig): Heard | 'doubtful' | null {
    this.#lasts = (order ?? handoffUrl) !== null;
    // One order is paid once, whatever is chosen for it. The query is about language and manners.
    const unnamed = JSON.stringify([url.origin, url.pathname, item]);
    const offer = order === null ? unnamed : JSON.stringify([url.origin, order]);
    if (offer !== unnamed && this.#offer === unnamed) this.#rename(offer);
    this.#offer = offer;
    return this.current ?? (this.#doubtful.has(offer) ? 'doubtful' : null);
  }

  /** What is known of the offer that is shown, also from another tab; the stronger word where there are two. */
  get current(): Heard | null {
    const [own, kept] = [this.#words.get(this.#offer) ?? null, this.#keptWord];
    return own === 'confirmed' ? own : (kept ?? own);
  }

  note({ state, options, heard, returned, doubtful, vendorHasNothing }: Snapshot): void {
    const known = state === 'settled' || state === 'unsettled';
    const word = known && heard === 'nothing' ? 'confirmed' : heard;
    if (doubtful && !vendorHasNothing && options?.hasBackend === true) this.#doubtful.add(this.#offer);
    else this.#doubtful.delete(this.#offer);
    if (state === 'failed') this.forget();
    else if (word !== 'nothing') {
      this.#words.set(this.#offer, word);
      // A link can say anything, and may come from anybody.
      if (state === 'settled' || (heard !== 'nothing' && !returned)) this.#keep(word);
    }
  }

  /** The buyer may buy it again. */
  forget(): void {
    this.#words.delete(this.#offer);
    if (this.#keptWord !== null) this.#kept.update((kept) => this.#others(kept));
  }

  /** The page has named the order of the offer that is shown: what was heard was about that. */
  #rename(offer: string): void {
    const word = this.#words.get(this.#offer);
    if (word !== undefined) this.#words.set(offer, word);
    this.#words.delete(this.#offer);
    if (this.#doubtful.delete(this.#offer)) this.#doubtful.add(offer);
  }

  get #keptWord(): Heard | null {
    if (!this.#lasts) return null;
    return this.#kept.read().find(({ offer }) => offer === this.#offer)?.word ?? null;
  }

  #keep(word: Heard): void {
    if (!this.#lasts || this.#keptWord === word) return;
    const entry: KeptWord = { offer: this.#offer, word, atMs: Date.now() };
    this.#kept.update((kept) => [...this.#others(kept), entry]);
  }

  #others(kept: readonly KeptWord[]): readonly KeptWord[] {
    return kept.filter(({ offer }) => offer !== this.#offer);
  }
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
