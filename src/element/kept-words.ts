/** What was heard of orders, beyond the page that heard it and apart from any attempt: the backend may forget that, or not be reached. */
import type { Heard } from '../core/attempt-handles.js';
import { browserStore } from '../core/ports.js';
import { StoredList } from '../core/stored-list.js';

/** Where they are kept. */
export const HEARD_KEY = 'checkout-embed:heard';

/** How long a word is kept, in milliseconds. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** Most words kept. */
const MAX_WORDS = 20;

interface KeptWord {
  readonly offer: string;
  readonly word: Heard;
  readonly atMs: number;
}

/** By the name of what was offered, which is its reader's to choose. */
export class KeptWords {
  readonly #kept = new StoredList(browserStore(), HEARD_KEY, MAX_WORDS, decodeKept);

  find(offer: string): Heard | null {
    return this.#kept.read().find((one) => one.offer === offer)?.word ?? null;
  }

  /** A weaker word takes the place of no stronger one. */
  keep(offer: string, word: Heard): void {
    const kept = this.find(offer);
    if (kept === word || kept === 'confirmed') return;
    const entry: KeptWord = { offer, word, atMs: Date.now() };
    const others = without(offer);
    this.#kept.update((items) => [...others(items), entry]);
  }

  forget(offer: string): void {
    if (this.find(offer) !== null) this.#kept.update(without(offer));
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
