import { decodeRefusal } from '../protocol/index.js';
import { withDeadline } from './deadline.js';
import { HandoffError, reach } from './handoff-error.js';
import type { Timers } from './ports.js';

/** What the transport sends: headers as a plain record, so that they can be merged. */
export interface HandoffRequest extends Omit<RequestInit, 'headers' | 'signal'> {
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HandoffResponse {
  readonly raw: Response;
  /** `Retry-After` in milliseconds, from seconds or a date. */
  readonly retryAfterMs: number | null;
  /** Rejects with `network` where the body breaks off, `unreadable` where it is not what was asked for. */
  readonly decode: <T>(decoder: (value: unknown) => T) => Promise<T>;
}

/**
 * One request to the merchant's backend, under a deadline that covers the body. Everything but 2xx and 304
 * rejects with a {@link HandoffError}.
 */
export class HandoffTransport {
  /** Origin and path, without a slash at the end. */
  readonly base: string;
  readonly timers: Timers;
  readonly #credentials: 'same-origin' | 'include';
  readonly #fetch: typeof fetch;

  /** @throws {TypeError} when `baseUrl` is not an http(s) URL. */
  constructor(baseUrl: string, pageUrl: string | undefined, send: typeof fetch | undefined, timers: Timers) {
    const url = new URL(baseUrl, pageUrl);
    if (!url.protocol.startsWith('http')) throw new TypeError('The handoff URL must be http or https');
    this.base = url.origin + url.pathname.replace(/\/+$/, '');
    this.timers = timers;
    const crossOrigin = pageUrl !== undefined && new URL(pageUrl).origin !== url.origin;
    this.#credentials = crossOrigin ? 'include' : 'same-origin';
    // Looked up at each call, so that what a page wraps around fetch later is used too.
    this.#fetch = send ?? ((input, init) => fetch(input, init));
  }

  send<T>(
    path: string,
    request: HandoffRequest,
    outer: AbortSignal | null,
    read: (response: HandoffResponse, arm: (ms: number) => void) => Promise<T>,
  ): Promise<T> {
    return withDeadline(this.timers, outer, async (signal, arm) => {
      const raw = await reach(() =>
        this.#fetch(this.base + path, {
          ...request,
          signal,
          credentials: this.#credentials,
          cache: 'no-store',
          // A redirect would take the token along.
          redirect: 'error',
        }),
      );
      const retryAfterMs = readRetryAfter(raw.headers.get('Retry-After'), this.timers.now());
      const decode = async <D>(decoder: (value: unknown) => D): Promise<D> =>
        decodeText(await reach(() => raw.text()), decoder, raw.status);
      if (raw.ok || raw.status === 304) return read({ raw, retryAfterMs, decode }, arm);
      const { status } = raw;
      const { code, message } = await decode(decodeRefusal);
      throw new HandoffError(code, message, { status, retryAfterMs });
    });
  }
}

/** @throws {HandoffError} `unreadable` */
export function decodeText<T>(text: string, decoder: (value: unknown) => T, status?: number): T {
  try {
    return decoder(JSON.parse(text));
  } catch (cause) {
    throw new HandoffError('unreadable', 'The answer is not the handoff protocol', {
      cause,
      ...(status === undefined ? {} : { status }),
    });
  }
}

function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
