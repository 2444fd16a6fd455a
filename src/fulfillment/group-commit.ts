/** Gathers what arrives while one batch is being committed into the next one: under load a commit serves many. */

export interface GroupCommitOptions<Item, Result> {
  /** Commits all items or none. Gives one result per item, in order. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
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

/**
 * One batch is in flight at a time; an item that comes alone is not kept waiting for others. Two and three at a
 * time were tried on two cores: no difference that stood out from the noise.
 */
export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>;
  readonly #queue: Waiting<Item, Result>[] = [];
  #running: Promise<void> | null = null;
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
      this.#running ??= this.#drain().finally(() => (this.#running = null));
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
  }

  async #drain(): Promise<void> {
    // One turn of the event loop: what arrived in the same burst shares the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#options.batchSize);
      try {
        const results = await this.#options.commit(batch.map(({ item }) => item));
        batch.forEach(({ resolve, reject }, index) => {
          const result = results[index];
          if (result === undefined) reject(new Error('a batch gave fewer results than it had items'));
          else resolve(result);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
