import type { KeyValueStore } from './ports.js';

type Change<T> = (items: readonly T[]) => readonly T[];

/** Changes that a storage did not take, by its key: whoever opens the same list in this page goes on with them. */
const refused = new WeakMap<KeyValueStore, Map<string, Change<unknown>[]>>();

/**
 * A short list kept in storage as JSON, newest last. Where storage refuses a change, the page remembers it and makes
 * it again upon whatever is there by then: the page works as before and only forgets on reload. Every change reads
 * first, so that another tab's entries stay; two changes in the same instant may lose one, which callers must be able
 * to bear.
 */
export class StoredList<T> {
  readonly #store: KeyValueStore | null;
  readonly #key: string;
  readonly #max: number;
  readonly #decode: (value: unknown) => T | null;
  readonly #refused: Change<T>[];

  /**
   * @param store `null`: it is kept in this object alone.
   * @param decode Gives `null` for what is not an entry or is too old: storage is anybody's to write.
   */
  constructor(store: KeyValueStore | null, key: string, max: number, decode: (value: unknown) => T | null) {
    this.#store = store;
    this.#key = key;
    this.#max = max;
    this.#decode = decode;
    this.#refused = store === null ? [] : refusedBy(store, key);
  }

  read(): readonly T[] {
    const items = this.#refused.reduce((before, change) => this.#apply(change, before), this.#stored());
    return items.filter((item) => this.#decode(item) !== null);
  }

  update(change: Change<T>): void {
    const items = this.#apply(change, this.read());
    try {
      if (this.#store === null) throw new TypeError('no storage');
      if (items.length > 0) this.#store.setItem(this.#key, JSON.stringify(items));
      else this.#store.removeItem(this.#key);
      this.#refused.length = 0;
    } catch {
      // Full or forbidden.
      this.#refused.push(change);
    }
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

function refusedBy<T>(store: KeyValueStore, key: string): Change<T>[] {
  const byKey = refused.get(store) ?? new Map<string, Change<unknown>[]>();
  refused.set(store, byKey);
  const changes = byKey.get(key) ?? [];
  byKey.set(key, changes);
  return changes as Change<T>[];
}
