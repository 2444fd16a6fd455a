/** Gathers what arrives while one batch is being committed into the next one: under load a commit serves many. */

export interface GroupCommitOptions<Item, Result> {
  /**
   * Commits all items or none. Gives one result per item, in order.
   * @param items Come when the batch before is committing. What can be made ready without them, is.
   * @param committing Called when nothing but the commit itself is left to wait for. Need not be called.
   */
  readonly commit: (items: Promise<readonly Item[]>, committing: () => void) => Promise<readonly Result[]>;
  readonly batchSize: number;
  /** Items that may wait. */
  readonly queueSize: number;
}

/** The queue is full, or closed. Nothing was written. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch<Item, Result> {
  readonly take: (items: readonly Waiting<Item, Result>[]) => void;
  /** Resolves, whatever comes of the batch, no later than `settled`. */
  readonly committing: Promise<void>;
  /** Resolves, whatever comes of the batch. */
  readonly settled: Promise<void>;
}

/**
 * One batch is at work at a time; an item that comes alone is not kept waiting for others. While a batch waits for
 * its commit to reach the disk, the next one works: the first holds every lock it will ever need, so of the two
 * only the second can wait for the other. A third may be made ready, without items and so without locks. Several
 * at work at a time were tried and won nothing.
 */
export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>;
  readonly #queue: Waiting<Item, Result>[] = [];
  #running: Promise<void> | null = null;
  /** Made ready while another is at work. Only where something waits, so that it is always put to use. */
  #next: Batch<Item, Result> | null = null;
  /** Settles with the batch that was begun last. */
  #ahead: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  /**
   * Resolves after the commit that holds the item.
   * @throws {QueueFullError}
   */
  add(item: Item): Promise<Result> {
    if (this.#closed || this.#queue.length >= this.#options.queueSize) {
      return Promise.reject(new QueueFullError(this.#closed ? 'closed' : 'full'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (this.#running === null) this.#running = this.#drain();
      else this.#next ??= this.#begin();
    });
  }

  /** Items that wait for the next commit. */
  get depth(): number {
    return this.#queue.length;
  }

  /** Takes nothing more and waits for what was taken. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#ahead;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = (this.#next ??= this.#begin());
      // One turn of the event loop: what has arrived already shares the batch.
      await new Promise((resolve) => setImmediate(resolve));
      this.#next = null;
      batch.take(this.#queue.splice(0, this.#options.batchSize));
      if (this.#queue.length > 0) this.#next = this.#begin();
      await Promise.all([this.#ahead, batch.committing]);
      this.#ahead = batch.settled;
    }
    // In the same step as the last look at the queue: who comes a moment later must find nobody at work.
    this.#running = null;
  }

  #begin(): Batch<Item, Result> {
    let take: Batch<Item, Result>['take'] = () => undefined;
    const items = new Promise<readonly Waiting<Item, Result>[]>((resolve) => {
      take = resolve;
    });
    let settled = Promise.resolve();
    const committing = new Promise<void>((resolve) => {
      settled = this.#settle(items, resolve).then(resolve);
    });
    return { take, committing, settled };
  }

  async #settle(taken: Promise<readonly Waiting<Item, Result>[]>, committing: () => void): Promise<void> {
    try {
      const items = taken.then((batch) => batch.map(({ item }) => item));
      const results = await this.#options.commit(items, committing);
      (await taken).forEach(({ resolve, reject }, index) => {
        const result = results[index];
        if (result === undefined) reject(new Error('a batch gave fewer results than it had items'));
        else resolve(result);
      });
    } catch (error) {
      for (const { reject } of await taken) reject(error);
    }
  }
}
