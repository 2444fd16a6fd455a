/** The latest entries of something that happens, for listeners that come and go. */
const KEPT = 200;

export class Feed<Entry> {
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<(entry: Entry) => void>();

  push(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    for (const listener of this.#listeners) listener(entry);
  }

  /** Oldest first. */
  recent(): readonly Entry[] {
    return [...this.#entries];
  }

  /** @returns a function that ends it. */
  subscribe(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
