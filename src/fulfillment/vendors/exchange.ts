/** One HTTP exchange with a vendor's API: bounded in time and size, and never redirected. */
import { VendorError } from '../errors.js';

/** Far above most answers we ask for; a body beyond it is not read on. */
const ANSWER_LIMIT_BYTES = 1_048_576;

/** The longest wait an answer can ask of us, in milliseconds. */
const RETRY_AFTER_LIMIT_MS = 86_400_000;

export interface ExchangeOptions {
  readonly fetch: typeof globalThis.fetch;
  /** In milliseconds, for the answer to its end. */
  readonly timeoutMs: number;
  /** For people, e.g. `LedgerBee`. */
  readonly vendor: string;
  /** The call as it may stand in a log: without ids, query and secrets. */
  readonly name: string;
  /** Default 1 MiB. */
  readonly answerLimitBytes?: number;
}

export interface Exchanged {
  readonly response: Response;
  /** `undefined` for a body that is empty, too large or not JSON: what it means depends on the status. */
  readonly body: unknown;
}

/**
 * Never follows a redirect: it would carry the credentials to wherever it points.
 * @throws {VendorError} `timeout` or `unavailable`, and the signal's own reason when the caller gave up.
 */
export async function exchange(
  { fetch, timeoutMs, vendor, name, answerLimitBytes = ANSWER_LIMIT_BYTES }: ExchangeOptions,
  url: URL,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'>,
  signal: AbortSignal,
): Promise<Exchanged> {
  signal.throwIfAborted();
  // By hand: what AbortSignal.any() links to a signal that lives as long as the process is never let go.
  const ending = new AbortController();
  const giveUp = (): void => ending.abort();
  signal.addEventListener('abort', giveUp, { once: true });
  const timer = setTimeout(giveUp, timeoutMs);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: ending.signal });
    return { response, body: await readJson(response, answerLimitBytes) };
  } catch (error) {
    signal.throwIfAborted();
    if (ending.signal.aborted) {
      throw new VendorError('timeout', `${name}: no answer from ${vendor} within ${timeoutMs} ms`);
    }
    throw new VendorError('unavailable', `${name}: ${vendor} could not be reached`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** Seconds or a date, as HTTP has it, in milliseconds from now and at most a day; `null` where there is none. */
export function readRetryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (value === '') return null;
  return boundedWait(/^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now());
}

/** A wait that somebody else asks of us, in milliseconds. */
export function boundedWait(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), RETRY_AFTER_LIMIT_MS);
}

async function readJson(response: Response, limitBytes: number): Promise<unknown> {
  if (response.body === null) return undefined;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limitBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
