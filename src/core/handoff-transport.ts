import { DecodeError, decodeRefusal } from '../protocol/index.js';
import { withDeadline } from './deadline.js';
import { HandoffError, reach } from './handoff-error.js';
import type { Timers } from './ports.js';

/** The commonest mistake of all. */
const ASK_BASE = "Is handoff-url the base of the kit's routes?";

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
  /** As `decode`, of a part of the body. */
  readonly decodeText: <T>(text: string, decoder: (value: unknown) => T) => T;
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
    const asked = `${request.method ?? 'GET'} ${this.base}${path}`;
    const run = async (signal: AbortSignal, arm: (ms: number) => void): Promise<T> => {
      const raw = await reach(
        () =>
          this.#fetch(this.base + path, {
            ...request,
            signal,
            credentials: this.#credentials,
            cache: 'no-store',
            // A redirect would take the token along.
            redirect: 'error',
          }),
        asked,
      );
      const retryAfterMs = readRetryAfter(raw.headers.get('Retry-After'), this.timers.now());
      const decodeText = <D>(text: string, decoder: (value: unknown) => D): D =>
        decodeAnswer(text, decoder, raw, asked);
      const decode = async <D>(decoder: (value: unknown) => D): Promise<D> =>
        decodeText(await reach(() => raw.text(), asked), decoder);
      if (raw.ok || raw.status === 304) return read({ raw, retryAfterMs, decode, decodeText }, arm);
      const { status } = raw;
      const { code, message } = await decode(decodeRefusal);
      throw new HandoffError(code, message, { status, retryAfterMs });
    };
    return withDeadline(this.timers, outer, run, asked);
  }
}

/** @throws {HandoffError} `unreadable`, with what was asked and why it is no answer, and nothing of the body. */
function decodeAnswer<T>(
  text: string,
  decoder: (value: unknown) => T,
  { status, headers }: Response,
  asked: string,
): T {
  try {
    return decoder(JSON.parse(text));
  } catch (error) {
    // A parser's own words quote the body.
    const cause = error instanceof DecodeError ? error : undefined;
    const type = headers.get('Content-Type')?.split(';')[0] ?? 'something';
    const form = type.endsWith('json') ? 'broken JSON' : `${type} instead of JSON`;
    const why = cause?.message ?? (text === '' ? 'no body' : form);
    const message = `${asked} answered ${status}, which is not the handoff protocol: ${why}. ${ASK_BASE}`;
    throw new HandoffError('unreadable', message, { status, cause });
  }
}

function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

export function post(
  body: unknown,
  more: HandoffRequest = {},
): HandoffRequest & { body: string; headers: Record<string, string> } {
  const headers = { 'Content-Type': 'application/json' };
  return { ...more, method: 'POST', headers, body: JSON.stringify(body) };
}
