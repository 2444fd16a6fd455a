/** What happened in a sandbox, as a feed: for the QA console, and for a test that waits for something. */
const KEPT_ENTRIES = 500;

export interface FeedEntry<Kind extends string> {
  /** Grows by one. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: Kind;
  /** One line for people. */
  readonly summary: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export class Feed<Kind extends string> {
  readonly #now: () => string;
  readonly #listeners = new Set<(entry: FeedEntry<Kind>) => void>();
  #entries: readonly FeedEntry<Kind>[] = [];
  #seq = 0;

  constructor(now: () => string) {
    this.#now = now;
  }

  add(kind: Kind, summary: string, details: FeedEntry<Kind>['details'] = {}): void {
    const entry: FeedEntry<Kind> = { seq: ++this.#seq, at: this.#now(), kind, summary, details };
    this.#entries = [...this.#entries.slice(1 - KEPT_ENTRIES), entry];
    for (const listener of this.#listeners) listener(entry);
  }

  /** The latest entries, oldest first. */
  list(afterSeq = 0): readonly FeedEntry<Kind>[] {
    return this.#entries.filter((entry) => entry.seq > afterSeq);
  }

  subscribe(listener: (entry: FeedEntry<Kind>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
