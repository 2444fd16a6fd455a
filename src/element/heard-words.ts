/** What this element heard of the orders it has shown: put in again, or shown again in another language, it offers none of them twice. */
import type { Heard } from '../core/attempt-handles.js';
import type { Snapshot } from '../core/attempt-states.js';
import type { CheckoutConfig } from './checkout-config.js';

/** Lives as long as its element, with or without a backend. */
export class HeardWords {
  readonly #words = new Map<string, Heard>();
  #offer = '';

  /** @returns What was heard of the same offer before. */
  begin({ url, item, order }: CheckoutConfig): Heard | null {
    // The query is about language and manners; the order, where it is named, is the page's.
    this.#offer = JSON.stringify([url.origin, url.pathname, item, order]);
    return this.#words.get(this.#offer) ?? null;
  }

  note({ state, heard }: Snapshot): void {
    const word = state === 'settled' ? 'confirmed' : heard;
    if (state === 'failed') this.forget();
    else if (word !== 'nothing') this.#words.set(this.#offer, word);
  }

  /** The buyer may buy it again. */
  forget(): void {
    this.#words.delete(this.#offer);
  }
}
