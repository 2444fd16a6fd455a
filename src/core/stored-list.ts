import type { KeyValueStore } from './ports.js';

/**
 * A short list kept in storage as JSON, newest last. Where storage refuses, it lives on in memory: the page
 * then works as before and only forgets on reload. Every change reads first, so that another tab's entries
 * stay; two changes in the same instant may lose one, which callers must be able to bear.
 */
export class StoredList<T> {
  readonly #store: KeyValueStore | null;
  readonly #key: string;
  readonly #max: number;
  readonly #decode: (value: unknown) => T | null;
  /** Set while storage does not hold the truth. */
  #memory: readonly T[] | null = null;

  /** @param decode Gives `null` for what is not an entry or is too old: storage is anybody's to write. */
  constructor(store: KeyValueStore | null, key: string, max: number, decode: (value: unknown) => T | null) {
    this.#store = store;
    this.#key = key;
    this.#max = max;
    this.#decode = decode;
  }

  read(): readonly T[] {
    if (this.#memory !== null) return this.#memory.filter((item) => this.#decode(item) !== null);
    try {
      const items: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? '[]');
      return Array.isArray(items) ? items.map(this.#decode).filter((item) => item !== null) : [];
    } catch {
      return [];
    }
  }

  update(change: (items: readonly T[]) => readonly T[]): void {
    const items = change(this.read()).slice(-this.#max);
    this.#memory = items;
    try {
      if (this.#store === null) return;
      if (items.length > 0) this.#store.setItem(this.#key, JSON.stringify(items));
      else this.#store.removeItem(this.#key);
      this.#memory = null;
    } catch {
      // Full or forbidden: memory keeps it.
    }
  }
}
