import type { KeyValueStore } from './ports.js';

/** Of values alone: it may be made again, upon other items, when whoever made it thinks of something else. */
type Change<T> = (items: readonly T[]) => readonly T[];

/** Most refused changes that are made again one by one. */
const MAX_REFUSED = 100;

/**
 * A short list kept in storage as JSON, newest last. Where storage refuses a change, this object remembers it and makes
 * it again upon whatever is there by then: the page works as before and only forgets on reload. Every change reads
 * first, so that another tab's entries stay; two changes in the same instant may lose one, which callers must be able
 * to bear.
 */
export class StoredList<T> {
  readonly #store: KeyValueStore | null;
  readonly #key: string;
  readonly #max: number;
  readonly #decode: (value: unknown) => T | null;
  #refused: Change<T>[] = [];

  /**
   * @param store `null`: it is kept in this object alone.
   * @param decode Gives `null` for what is not an entry or is too old: storage is anybody's to write.
   */
  constructor(store: KeyValueStore | null, key: string, max: number, decode: (value: unknown) => T | null) {
    this.#store = store;
    this.#key = key;
    this.#max = max;
    this.#decode = decode;
  }

  read(): readonly T[] {
    const items = this.#refused.reduce((before, change) => this.#apply(change, before), this.#stored());
    return items.filter((item) => this.#decode(item) !== null);
  }

  /** @param change See {@link Change}. */
  update(change: Change<T>): void {
    const items = this.#apply(change, this.read());
    try {
      if (this.#store !== null) {
        if (items.length > 0) this.#store.setItem(this.#key, JSON.stringify(items));
        else this.#store.removeItem(this.#key);
        this.#refused = [];
        return;
      }
    } catch {
      // Full or forbidden.
    }
    // Where nobody else writes, or it goes on for too long, the list as it is now says the same.
    const isWhole = this.#store === null || this.#refused.length >= MAX_REFUSED;
    this.#refused = isWhole ? [() => items] : [...this.#refused, change];
  }

  #stored(): readonly T[] {
    try {
      const items: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? '[]');
      return Array.isArray(items) ? items.map(this.#decode).filter((item) => item !== null) : [];
    } catch {
      return [];
    }
  }

  #apply(change: Change<T>, items: readonly T[]): readonly T[] {
    return change(items).slice(-this.#max);
  }
}
