/**
 * What one tab tells the others of an order, also where storage is forbidden. A hint like any other: who hears
 * one stops selling or asks the backend, and settles nothing. No token and nothing about the buyer is in it.
 */
import { keyOf, type AttemptKey } from './attempt-handles.js';

const CHANNEL = 'checkout-embed';

/** `returned`: only a link says so, and any link can; worth a question to the backend and nothing more. */
const WORDS = ['pending', 'confirmed', 'settled', 'returned'] as const;
export type SpokenWord = (typeof WORDS)[number];

/** Whom a word is about: the same order at the same backend, or the very attempt. */
export interface TabSubject {
  /** The `handoff-url`; empty where there is none. */
  readonly base: string;
  readonly key: AttemptKey;
  /** `null` as long as the backend has given none. */
  readonly attemptId: string | null;
}

/** The part of a `BroadcastChannel` that is used. */
export interface TabChannel {
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface TabListener {
  /** Looked up at each word: the attempt's id comes late. */
  subject(): TabSubject;
  onWord(word: SpokenWord): void;
}

interface Message {
  readonly v: 1;
  readonly base: string;
  readonly key: string;
  readonly attempt: string | null;
  readonly word: SpokenWord;
}

/**
 * One channel for all attempts of a page. It is open while somebody listens, and closed on `pagehide`: an open
 * channel that gets a message throws its page out of the back/forward cache.
 */
export class TabWords {
  readonly #open: () => TabChannel | null;
  readonly #page: Pick<EventTarget, 'addEventListener'>;
  readonly #listeners = new Set<TabListener>();
  #channel: TabChannel | null = null;
  #ended: AbortController | null = null;

  /** @param open `null` where the browser has no such channel. */
  constructor(
    open: () => TabChannel | null = openChannel,
    page: Pick<EventTarget, 'addEventListener'> = globalThis,
  ) {
    this.#open = open;
    this.#page = page;
  }

  /** Listens until the returned function is called. The last to leave closes the channel. */
  join(listener: TabListener): () => void {
    this.#listeners.add(listener);
    if (this.#ended === null) {
      this.#ended = new AbortController();
      this.#page.addEventListener('pagehide', () => this.#close(), this.#ended);
      this.#page.addEventListener('pageshow', () => this.#listen(), this.#ended);
      this.#listen();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#ended?.abort();
      this.#ended = null;
      this.#close();
    };
  }

  /** Tells the other tabs, and the other attempts of this page, which the channel does not reach. */
  say(speaker: TabListener, word: SpokenWord): void {
    const { base, key, attemptId } = speaker.subject();
    const message: Message = { v: 1, base, key: nameOf(key), attempt: attemptId, word };
    this.#channel?.postMessage(message);
    for (const listener of this.#listeners) if (listener !== speaker) hear(listener, message);
  }

  #listen(): void {
    if (this.#channel !== null) return;
    this.#channel = this.#open();
    if (this.#channel === null) return;
    this.#channel.onmessage = ({ data }) => {
      const message = decodeMessage(data);
      if (message !== null) for (const listener of this.#listeners) hear(listener, message);
    };
  }

  #close(): void {
    this.#channel?.close();
    this.#channel = null;
  }
}

function hear(listener: TabListener, { base, key, attempt, word }: Message): void {
  const own = listener.subject();
  if (own.base !== base) return;
  // A plan alone names an order only to a backend, and nothing at all names none.
  const named = own.key.order !== undefined || (base !== '' && own.key.plan !== undefined);
  const same = (named && nameOf(own.key) === key) || (attempt !== null && own.attemptId === attempt);
  if (same) listener.onWord(word);
}

/** One order is paid once, whatever plan is chosen for it. */
function nameOf({ vendor, order, plan, onlyItem }: AttemptKey): string {
  return keyOf(order === undefined ? { vendor, plan, onlyItem } : { vendor, order });
}

/** Any script of the origin may write here. */
function decodeMessage(data: unknown): Message | null {
  if (typeof data !== 'object' || data === null) return null;
  const { v, base, key, attempt, word } = data as Readonly<Record<string, unknown>>;
  const known = WORDS.find((one) => one === word);
  return v === 1 &&
    typeof base === 'string' &&
    typeof key === 'string' &&
    (attempt === null || typeof attempt === 'string') &&
    known !== undefined
    ? { v, base, key, attempt, word: known }
    : null;
}

function openChannel(): TabChannel | null {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    // Not there, or refused to a sandboxed page.
    return null;
  }
}
