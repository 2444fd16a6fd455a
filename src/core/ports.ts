/**
 * What the core needs from its surroundings, so that a test owns time, storage and the network, and an
 * element passes the browser's. Importing this touches no global; each default looks its global up when called.
 */

/** Time. `clear` takes whatever `set` gave, and `undefined`. */
export interface Timers {
  /** Milliseconds since the epoch. */
  now(): number;
  set(fn: () => void, ms: number): unknown;
  clear(handle: unknown): void;
}

/** The part of `localStorage` that is used. Any call may throw: full, forbidden, partitioned away. */
export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Whether anybody looks and anything can be reached. */
export interface Presence {
  visible(): boolean;
  online(): boolean;
  /** Calls back after either may have changed. Gives the function that ends it. */
  subscribe(onChange: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => Date.now(),
  set: (fn, ms) => setTimeout(fn, ms),
  clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout> | undefined),
};

const kept = new Map<string, string>();

/** As long as the page lives, and for whoever asks in it. */
const pageMemory: KeyValueStore = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => void kept.set(key, value),
  removeItem: (key) => void kept.delete(key),
};

/** `localStorage`, or the page's own memory where that is forbidden; `null` where there is none, as on a server. */
export function browserStore(): KeyValueStore | null {
  try {
    return (globalThis as { localStorage?: KeyValueStore }).localStorage ?? null;
  } catch {
    // On a server it would be one memory for all buyers.
    return 'document' in globalThis ? pageMemory : null;
  }
}

interface Page extends Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>> {
  readonly document?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & {
    readonly visibilityState?: string;
  };
  readonly navigator?: { readonly onLine?: boolean };
}

/** Who is called back. One set of listeners serves a page with many checkouts. */
const subscribers = new Set<() => void>();
let stopListening: (() => void) | null = null;

/**
 * The page's own presence. Outside a browser: always visible and online. `pageshow` is listened to because
 * a page that comes back from the back/forward cache was away without having been unloaded.
 */
export function browserPresence(): Presence {
  const page = globalThis as Page;
  return {
    visible: () => page.document?.visibilityState !== 'hidden',
    online: () => page.navigator?.onLine !== false,
    subscribe: (onChange) => {
      // Its own entry: the same function may subscribe twice.
      const subscriber = (): void => onChange();
      subscribers.add(subscriber);
      stopListening ??= listen(page);
      return () => {
        if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
        stopListening?.();
        stopListening = null;
      };
    },
  };
}

function listen(page: Page): () => void {
  const ended = new AbortController();
  const options = { signal: ended.signal };
  page.document?.addEventListener('visibilitychange', tellAll, options);
  for (const type of ['online', 'offline', 'pageshow']) page.addEventListener?.(type, tellAll, options);
  return () => ended.abort();
}

function tellAll(): void {
  for (const subscriber of [...subscribers]) {
    try {
      // One that was told before may have ended this one.
      if (subscribers.has(subscriber)) subscriber();
    } catch (error) {
      // As with listeners of their own: the trouble of one is not that of the others, and is not hidden.
      setTimeout(() => {
        throw error;
      });
    }
  }
}

/**
 * A random UUID, version 4. `crypto.randomUUID` is missing on plain-http pages, `getRandomValues` is not.
 * The variant nibble is fixed: 120 random bits are left.
 */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
