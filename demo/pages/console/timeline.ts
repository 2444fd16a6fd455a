/** What happened, in one list: the page's side and the server's, each marked by its source. */
export const SOURCES = ['vendor', 'element', 'sandbox', 'backend'] as const;
export type Source = (typeof SOURCES)[number];

export interface Happening {
  readonly seq: number;
  readonly at: Date;
  readonly source: Source;
  readonly title: string;
  readonly detail: string;
  readonly tone: 'plain' | 'good' | 'bad';
}

const KEPT = 300;

export class Timeline {
  #happenings: readonly Happening[] = [];
  #seq = 0;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  add(source: Source, title: string, detail = '', tone: Happening['tone'] = 'plain', at = new Date()): void {
    const happening = { seq: ++this.#seq, at, source, title, detail, tone };
    // The server's word takes a moment to get here; the list tells what happened when.
    const later = this.#happenings.findIndex((other) => other.at > at);
    const place = later === -1 ? this.#happenings.length : later;
    this.#happenings = this.#happenings.toSpliced(place, 0, happening).slice(-KEPT);
    this.#changed();
  }

  /** Newest first. */
  list(hidden: ReadonlySet<Source>): readonly Happening[] {
    return this.#happenings.filter(({ source }) => !hidden.has(source)).reverse();
  }

  clear(): void {
    this.#happenings = [];
    this.#changed();
  }
}
