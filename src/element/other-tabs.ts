/** What the other tabs know of the order of one attempt, and what they are told of it. Each word goes round once. */
import type { Heard } from '../core/attempt-handles.js';
import { TabWords, type SpokenWord, type TabListener, type TabSubject } from '../core/tab-words.js';

const tabs = new TabWords();

export interface OtherTabsOptions {
  readonly subject: () => TabSubject;
  /** The order is not to be offered again. */
  readonly onHeard: (word: Heard) => void;
  /** The backend may know more than it did. */
  readonly onNews: () => void;
  /** Aborted when the attempt ends. */
  readonly signal: AbortSignal;
}

export class OtherTabs {
  readonly #options: OtherTabsOptions;
  readonly #listener: TabListener;
  /** Words that are known on both sides. */
  readonly #shared = new Set<SpokenWord>();

  constructor(options: OtherTabsOptions) {
    this.#options = options;
    this.#listener = { subject: options.subject, onWord: (word) => this.#hear(word) };
    options.signal.addEventListener('abort', tabs.join(this.#listener));
  }

  tell(word: SpokenWord): void {
    if (this.#shared.has(word)) return;
    this.#shared.add(word);
    tabs.say(this.#listener, word);
  }

  /** The backend has judged it: the same words may come again, of another try. */
  forget(): void {
    this.#shared.clear();
  }

  /** Another tab has said so, whatever the way it came here. */
  heard(word: Heard): void {
    // What others said is not said back.
    this.#shared.add(word).add('returned');
    this.#options.onHeard(word);
  }

  /** Only this page's own question to the backend settles. */
  #hear(word: SpokenWord): void {
    if (this.#shared.has('settled')) return;
    this.#shared.add(word);
    if (word !== 'returned') this.heard(word === 'settled' ? 'confirmed' : word);
    this.#options.onNews();
  }
}
