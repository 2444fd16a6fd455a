import type { KitContext } from './context.js';
import { readSnapshot, readSnapshots, type StatusSnapshot } from './status.js';

/** A proxy between us and the page may close what is silent for longer. In milliseconds. */
const HEARTBEAT_MS = 15_000;

/** One open stream. `false` from `send`: it takes nothing now, and gets the snapshot of a later tick. */
export interface StatusListener {
  send(snapshot: StatusSnapshot): boolean;
  heartbeat(): void;
  end(): void;
}

interface Watched {
  readonly attemptId: string;
  readonly orderRef: string;
  readonly listener: StatusListener;
  /** Tag of what was sent last. */
  etag: string;
}

/**
 * Feeds all open status streams of this process. One query per tick covers all of them, whatever their number,
 * and compares snapshots: a cursor over a sequence would skip rows that commit late. Our own commits are
 * followed up at once. Idle while nobody watches.
 */
export class StatusStreams {
  readonly #context: KitContext;
  readonly #watched = new Set<Watched>();
  #ticking: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
  #reading = false;
  #again = false;
  #closed = false;

  constructor(context: KitContext) {
    this.#context = context;
  }

  /**
   * Sends the current snapshot, and each further one that differs.
   * @returns a function that ends the watching, or `null` when there is no such attempt or the kit is closing.
   */
  async watch(attemptId: string, listener: StatusListener): Promise<(() => void) | null> {
    const snapshot = await readSnapshot(this.#context, attemptId);
    if (snapshot === null || this.#closed) return null;
    const watched: Watched = { attemptId, orderRef: snapshot.orderRef, listener, etag: '' };
    this.#watched.add(watched);
    this.#run();
    deliver(watched, snapshot);
    // What changed between the reading and the watching is seen by the next tick.
    return () => {
      this.#watched.delete(watched);
      if (this.#watched.size === 0) this.#rest();
    };
  }

  /** These orders may have changed just now. */
  orderChanged(refs: readonly string[]): void {
    if (this.#watched.size === 0) return;
    const changed = new Set(refs);
    if ([...this.#watched].some(({ orderRef }) => changed.has(orderRef))) this.#tick();
  }

  get size(): number {
    return this.#watched.size;
  }

  close(): void {
    this.#closed = true;
    this.#rest();
    for (const { listener } of this.#watched) listener.end();
    this.#watched.clear();
  }

  #run(): void {
    this.#ticking ??= setInterval(() => this.#tick(), this.#context.schedule.statusIntervalMs);
    this.#beating ??= setInterval(() => {
      for (const { listener } of this.#watched) listener.heartbeat();
    }, HEARTBEAT_MS);
  }

  #rest(): void {
    clearInterval(this.#ticking);
    clearInterval(this.#beating);
    this.#ticking = this.#beating = undefined;
  }

  /** One reading at a time; a change while one is under way asks for another. */
  #tick(): void {
    this.#again = true;
    if (!this.#reading) void this.#read();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    while (this.#again && !this.#closed) {
      this.#again = false;
      const ids = [...new Set([...this.#watched].map(({ attemptId }) => attemptId))];
      try {
        const snapshots = await readSnapshots(this.#context, ids);
        for (const watched of this.#watched) {
          const snapshot = snapshots.get(watched.attemptId);
          if (snapshot !== undefined) deliver(watched, snapshot);
        }
      } catch (error) {
        this.#context.log({
          level: 'warn',
          event: 'status.failed',
          message: 'The status of watched orders could not be read; the streams stay open',
          fields: { streams: this.#watched.size, error: error instanceof Error ? error.name : 'unknown' },
        });
      }
    }
    this.#reading = false;
  }
}

function deliver(watched: Watched, snapshot: StatusSnapshot): void {
  if (watched.etag !== snapshot.etag && watched.listener.send(snapshot)) watched.etag = snapshot.etag;
}
