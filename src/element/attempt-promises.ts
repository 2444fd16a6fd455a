/** The two promises of an attempt. Both always settle, and neither rejects: an unheard rejection is noise in a merchant's log. */
/** How an attempt ended, as far as this page will know. Without a backend that is what was heard. */
export type Outcome = 'settled' | 'unsettled' | 'failed' | 'closed' | 'confirmed' | 'pending';

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

  get ready(): Promise<boolean> {
    return this.#ready.promise;
  }

  get outcome(): Promise<Outcome> {
    return this.#outcome.promise;
  }

  beginAttempt(): void {
    this.#attempts += 1;
    if (this.#attempts === 1) return;
    this.#outcome.resolve('closed');
    this.#outcome = open();
  }

  beginLoad(): void {
    this.#loads += 1;
    if (this.#loads === 1) return;
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
    this.#outcome.resolve('closed');
  }

  /** The page is there. */
  meetPage(): void {
    this.#ready.resolve(true);
  }

  /** Nobody will say more. */
  conclude(outcome: Outcome): void {
    this.#outcome.resolve(outcome);
  }
}

function open<T>(): Open<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
