/** What a starting server says: its last words for whoever asks why it did not start, and whether it is ready. */

const KEPT = 4000;
const READY = 'ready to accept connections';

export class ServerWords {
  isReady = false;
  #last = '';

  /** The last few thousand characters. */
  get last(): string {
    return this.#last;
  }

  hear(text: string): void {
    const words = this.#last + text;
    // Before any of it is dropped: a busy server that refuses many at once says far more than is kept in one chunk.
    this.isReady ||= words.includes(READY);
    this.#last = words.slice(-KEPT);
  }
}
