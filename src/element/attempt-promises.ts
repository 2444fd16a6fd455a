/** The two promises of an attempt. Both always settle, and neither rejects: an unheard rejection is noise in a merchant's log. */
/**
 * How an attempt ended, as far as this page will know. Without a backend that is what was heard. `blocked` may come
 * after all, and `pending` may be settled from the inbox: who asks then hears more.
 */
export type Outcome = 'settled' | 'unsettled' | 'failed' | 'closed' | 'blocked' | 'confirmed' | 'pending';

interface Open<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** Belongs to the element: a page may ask before anything is loaded, and its first answer is that of the first load. */
export class AttemptPromises {
  #ready = open<boolean>();
  #outcome = open<Outcome>();
  #loads = 0;
  #attempts = 0;
  /** What was said of the end; `null` while it is open. */
  #said: Outcome | null = null;

  get ready(): Promise<boolean> {
    return this.#ready.promise;
  }

  get outcome(): Promise<Outcome> {
    return this.#outcome.promise;
  }

  beginAttempt(): void {
    if (this.#attempts++ === 0) return;
    this.#close();
    this.goOn();
  }

  beginLoad(): void {
    if (this.#loads++ === 0) return;
    this.missPage();
    this.#ready = open();
  }

  /** The page did not come in time. */
  missPage(): void {
    this.#ready.resolve(false);
  }

  end(): void {
    // What comes next is not the first, even where nothing had begun.
    this.#loads += 1;
    this.#attempts += 1;
    this.missPage();
    this.#close();
  }

  /** The page is there. */
  meetPage(): void {
    this.#ready.resolve(true);
  }

  /** Nobody will say more. Where somebody did all the same, who asks from now on hears the later word. */
  conclude(outcome: Outcome): void {
    if (outcome === this.#said) return;
    this.goOn();
    this.#said = outcome;
    this.#outcome.resolve(outcome);
  }

  /** Whatever was said of its end, the attempt goes on. */
  goOn(): void {
    if (this.#said === null) return;
    this.#said = null;
    this.#outcome = open();
  }

  #close(): void {
    if (this.#said === null) this.conclude('closed');
  }
}

function open<T>(): Open<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
