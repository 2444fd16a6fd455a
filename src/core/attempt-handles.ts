import { readInstant, type AttemptHandle, type JsonRecord, type Vendor } from '../protocol/index.js';
import type { KeyValueStore, Timers } from './ports.js';
import { StoredList } from './stored-list.js';

/** How long a handle is kept, in milliseconds; never beyond its own `expiresAt`. */
const KEEP_MS = 24 * 60 * 60 * 1000;

/** Most handles kept: a shop with more open checkouts in one browser starts the oldest anew. */
const MAX_HANDLES = 20;

/** Which attempt a page means, before it has an id. */
export interface AttemptKey {
  readonly vendor: Vendor;
  readonly order?: string | undefined;
  readonly plan?: string | undefined;
  /** The one item that the page offers. Without an order's name another item of the plan is another purchase. */
  readonly onlyItem?: string | undefined;
}

/** What a page says when it starts: its hints, not what is sold. */
export interface AttemptRequest extends AttemptKey {
  readonly item?: string | undefined;
  /** The page's URL. Query and fragment are cut off before it is sent. */
  readonly page: string;
}

/** What a call needs to name an attempt. Without a token the backend asks its own `identify`. */
export interface AttemptRef {
  readonly id: string;
  readonly token: string | null;
}

/** What was heard of an attempt, as far as it matters beyond the page: nobody is asked to pay again. */
export type Heard = 'pending' | 'confirmed';

interface KeptHandle {
  readonly key: string;
  readonly attempt: AttemptHandle;
  readonly keptAtMs: number;
  readonly heard: Heard | null;
}

/** Safe as one path segment, whatever wrote it into storage or a URL. */
export function isAttemptId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value);
}

/** @see RFC 6750, 2.1: `b64token`; safe as a header's value. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.~+/-]{1,512}=*$/.test(value);
}

/** The handles this browser holds, so that a reload and a return go on with the same attempt. */
export class AttemptHandles {
  readonly #kept: StoredList<KeptHandle>;
  readonly #timers: Timers;

  constructor(store: KeyValueStore | null, storeKey: string, timers: Timers) {
    this.#timers = timers;
    this.#kept = new StoredList(store, storeKey, MAX_HANDLES, (value) => decodeKept(value, timers.now()));
  }

  /** @param which The page's key, or an attempt's id. */
  find(which: AttemptKey | string): AttemptHandle | null {
    return this.#kept.read().findLast(matches(which))?.attempt ?? null;
  }

  /** The one that was begun last; `null` where none is kept. */
  latest(): AttemptHandle | null {
    return this.#kept.read().at(-1)?.attempt ?? null;
  }

  /** It is begun again: of all that are kept, it is the latest. */
  touch(id: string): void {
    const matching = matches(id);
    if (this.latest()?.id !== id)
      this.#kept.update((kept) => [...kept.filter((one) => !matching(one)), ...kept.filter(matching)]);
  }

  keep(which: AttemptKey, attempt: AttemptHandle): void {
    const key = keyOf(which);
    const keptAtMs = this.#timers.now();
    this.#kept.update((kept) => {
      // What was heard is of the order: the backend may give each start of it a handle of its own.
      const heard = kept.findLast((one) => one.key === key)?.heard ?? null;
      return [...kept.filter((one) => one.key !== key), { key, attempt, keptAtMs, heard }];
    });
  }

  /** @param which As in {@link find}. */
  heard(which: AttemptKey | string): Heard | null {
    return this.#kept.read().findLast(matches(which))?.heard ?? null;
  }

  /** @param heard `null`: the backend has judged it, and it holds nobody from buying again. */
  remember(which: AttemptKey | string, heard: Heard | null): void {
    const matching = matches(which);
    const isNews = (one: KeptHandle): boolean => heard === null || one.heard !== 'confirmed';
    this.#kept.update((kept) => kept.map((one) => (matching(one) && isNews(one) ? { ...one, heard } : one)));
  }

  forget(which: AttemptKey | string): void {
    const matching = matches(which);
    this.#kept.update((kept) => kept.filter((one) => !matching(one)));
  }
}

/**
 * One order is paid once, whatever plan is shown for it. For LedgerBee the plan counts all the same: its handle is
 * reused without a question, and the backend must hear of another plan; what was heard of the order is kept apart.
 */
export function keyOf({ vendor, order = '', plan = '', onlyItem }: AttemptKey): string {
  const item = order === '' && onlyItem !== undefined ? [onlyItem] : [];
  return JSON.stringify([vendor, order, vendor === 'ledgerbee' || order === '' ? plan : '', ...item]);
}

function matches(which: AttemptKey | string): (kept: KeptHandle) => boolean {
  if (typeof which === 'string') return (kept) => kept.attempt.id === which;
  const key = keyOf(which);
  return (kept) => kept.key === key;
}

function decodeKept(value: unknown, nowMs: number): KeptHandle | null {
  try {
    const { key, attempt, keptAtMs, heard } = value as KeptHandle;
    const { id, token } = attempt;
    const expiresAt = readInstant(attempt as unknown as JsonRecord, 'expiresAt');
    const live = nowMs < Math.min(keptAtMs + KEEP_MS, Date.parse(expiresAt));
    return live && typeof key === 'string' && isAttemptId(id) && isToken(token)
      ? {
          key,
          attempt: { id, token, expiresAt },
          keptAtMs,
          heard: heard === 'pending' || heard === 'confirmed' ? heard : null,
        }
      : null;
  } catch {
    return null;
  }
}
