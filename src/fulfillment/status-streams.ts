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

/**
 * Why a stream is not opened: there is no such attempt, the kit is closing, this process has as many as it may, or
 * this attempt has.
 */
export type WatchRefusal = 'gone' | 'closing' | 'full' | 'attempt_full';

export type Watching =
  | { readonly state: 'open'; readonly end: () => void }
  | { readonly state: WatchRefusal };

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
  /** Streams by their attempt, those that are being opened included. */
  readonly #byAttempt = new Map<string, number>();
  #taken = 0;
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
   * @throws whatever the database throws.
   */
  async watch(attemptId: string, listener: StatusListener): Promise<Watching> {
    const refused = this.#take(attemptId);
    if (refused !== null) return { state: refused };
    let watched: Watched | null = null;
    try {
      const snapshot = await readSnapshot(this.#context, attemptId);
      if (this.#closed) return { state: 'closing' };
      if (snapshot === null) return { state: 'gone' };
      watched = { attemptId, orderRef: snapshot.orderRef, listener, etag: '' };
      this.#watched.add(watched);
      this.#run();
      // What changed between the reading and the watching is seen by the next tick.
      deliver(watched, snapshot);
      return { state: 'open', end: this.#endOf(watched) };
    } finally {
      if (watched === null) this.#giveBack(attemptId);
    }
  }

  /** These orders may have changed just now. */
  orderChanged(refs: readonly string[]): void {
    if (this.#watched.size === 0) return;
    const changed = new Set(refs);
    if ([...this.#watched].some(({ orderRef }) => changed.has(orderRef))) this.#tick();
  }

  /** Streams open or being opened. */
  get size(): number {
    return this.#taken;
  }

  close(): void {
    this.#closed = true;
    this.#rest();
    // Each end takes its stream out.
    for (const { listener } of [...this.#watched]) listener.end();
  }

  /** Takes a place before anything is awaited, so that many who ask at once stay within the bounds. */
  #take(attemptId: string): WatchRefusal | null {
    const { streamsPerAttempt, streamsPerProcess } = this.#context.schedule;
    if (this.#closed) return 'closing';
    if (this.#taken >= streamsPerProcess) return 'full';
    const ofAttempt = this.#byAttempt.get(attemptId) ?? 0;
    if (ofAttempt >= streamsPerAttempt) return 'attempt_full';
    this.#taken += 1;
    this.#byAttempt.set(attemptId, ofAttempt + 1);
    return null;
  }

  #giveBack(attemptId: string): void {
    this.#taken -= 1;
    const left = (this.#byAttempt.get(attemptId) ?? 1) - 1;
    if (left > 0) this.#byAttempt.set(attemptId, left);
    else this.#byAttempt.delete(attemptId);
  }

  #endOf(watched: Watched): () => void {
    return () => {
      if (!this.#watched.delete(watched)) return;
      this.#giveBack(watched.attemptId);
      if (this.#watched.size === 0) this.#rest();
    };
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
