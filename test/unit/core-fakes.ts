/** The core's surroundings, written by hand: time that only a test moves, storage, presence, a backend. */
import type { KeyValueStore, Presence, Timers } from '../../src/core/ports.js';

export const START_MS = Date.parse('2026-06-01T12:00:00Z');

/** Time that stands still until `advance`. */
export class FakeTimers implements Timers {
  #nowMs = START_MS;
  #next = 1;
  readonly #due = new Map<number, { readonly atMs: number; readonly fn: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  set(fn: () => void, ms: number): unknown {
    const handle = this.#next;
    this.#next += 1;
    this.#due.set(handle, { atMs: this.#nowMs + ms, fn });
    return handle;
  }

  clear(handle: unknown): void {
    this.#due.delete(handle as number);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#due.size;
  }

  /** Moves on, running what falls due in order, and all that follows from it before the next. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const [next] = [...this.#due]
        .filter(([, { atMs }]) => atMs <= untilMs)
        .sort((a, b) => a[1].atMs - b[1].atMs);
      if (next === undefined) break;
      this.#due.delete(next[0]);
      this.#nowMs = Math.max(this.#nowMs, next[1].atMs);
      next[1].fn();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  /** Time passes and nothing runs: a laptop asleep. */
  sleep(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Until no promise has anything left to do. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class FakeStore implements KeyValueStore {
  readonly items = new Map<string, string>();
  /** It takes nothing then, as a full one. */
  isFull = false;
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.isFull) refuse();
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  /** Everything in it, as text. */
  get text(): string {
    return [...this.items].flat().join('\n');
  }
}

/** Storage as a browser forbids it. */
export function forbiddenStore(): KeyValueStore {
  return { getItem: refuse, setItem: refuse, removeItem: refuse };
}

function refuse(): never {
  throw new Error('SecurityError');
}

export class FakePresence implements Presence {
  #visible = true;
  #online = true;
  readonly #listeners = new Set<() => void>();

  visible(): boolean {
    return this.#visible;
  }
  online(): boolean {
    return this.#online;
  }
  subscribe(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }
  get listeners(): number {
    return this.#listeners.size;
  }
  change(to: { readonly visible?: boolean; readonly online?: boolean }): void {
    this.#visible = to.visible ?? this.#visible;
    this.#online = to.online ?? this.#online;
    for (const listener of this.#listeners) listener();
  }
}

/** One request as the backend sees it. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly init: RequestInit;
}

type Answer = Response | Error | Promise<Response>;

/** A backend that answers by `respond` and records every call. An aborted call rejects as fetch does. */
export class FakeBackend {
  readonly calls: Call[] = [];
  respond: (call: Call) => Answer;

  constructor(respond: (call: Call) => Answer) {
    this.respond = respond;
  }

  readonly fetch: typeof fetch = (input, init = {}) => {
    const call: Call = {
      method: init.method ?? 'GET',
      url: input as string,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as Call['body']) : {},
      init,
    };
    this.calls.push(call);
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
      const answer = this.respond(call);
      if (answer instanceof Error) reject(answer);
      else void Promise.resolve(answer).then(resolve, reject);
    });
  };

  /** Calls whose path ends like this. */
  to(path: string): Call[] {
    return this.calls.filter(({ url }) => url.endsWith(path));
  }
}

export function json(
  body: unknown,
  init: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  return new Response(JSON.stringify(body), {
    ...init,
    headers: { 'Content-Type': 'application/json', ...init.headers },
  });
}

export function refusal(status: number, code: string, headers: Record<string, string> = {}): Response {
  return json({ v: 1, code, message: 'No.' }, { status, headers });
}

export function never(): Promise<Response> {
  return new Promise(() => undefined);
}

export const NETWORK_DOWN = new TypeError('Failed to fetch');

/** A promise and the function that fulfills it. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: ((value: T) => void) | undefined;
  const promise = new Promise<T>((resolve) => (settle = resolve));
  return { promise, resolve: (value) => settle?.(value) };
}
