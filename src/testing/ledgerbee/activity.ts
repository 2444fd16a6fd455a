/** What happened in the sandbox, as a feed: for the QA console, and for a test that waits for something. */
const KEPT_ENTRIES = 500;

export type ActivityKind =
  | 'page'
  | 'api'
  | 'bind'
  | 'session'
  | 'payment'
  | 'mail'
  | 'subscription'
  | 'delivery'
  | 'scenario'
  | 'assumption'
  | 'setting';

export interface ActivityEntry {
  /** Grows by one. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: ActivityKind;
  /** One line for people. */
  readonly summary: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export class ActivityFeed {
  readonly #now: () => string;
  readonly #listeners = new Set<(entry: ActivityEntry) => void>();
  #entries: readonly ActivityEntry[] = [];
  #seq = 0;

  constructor(now: () => string) {
    this.#now = now;
  }

  add(kind: ActivityKind, summary: string, details: ActivityEntry['details'] = {}): void {
    const entry: ActivityEntry = { seq: ++this.#seq, at: this.#now(), kind, summary, details };
    this.#entries = [...this.#entries.slice(1 - KEPT_ENTRIES), entry];
    for (const listener of this.#listeners) listener(entry);
  }

  /** The latest entries, oldest first. */
  list(afterSeq = 0): readonly ActivityEntry[] {
    return this.#entries.filter((entry) => entry.seq > afterSeq);
  }

  subscribe(listener: (entry: ActivityEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
