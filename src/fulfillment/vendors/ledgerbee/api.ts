/** One call to LedgerBee's public API: JSON out, or a {@link VendorError} that names the fix. */
import { VendorError } from '../../errors.js';
import type { Log } from '../../ports.js';
import { nameOf, type ApiCall, type KeyName } from './call.js';
import type { DeprecationNotices } from './deprecation.js';
import { errorOfAnswer, isEnvelope } from './refusals.js';

/** Far above any answer we ask for; a body beyond it is not read on. */
const ANSWER_LIMIT_BYTES = 1_048_576;

export interface ApiOptions {
  /** Ends in `/v1`, without a slash after it. */
  readonly baseUrl: string;
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly deprecations: DeprecationNotices;
}

/**
 * The body of a 2xx answer; `undefined` only for what {@link ApiCall.mayBeMissing}. Never follows a redirect: it would carry the key to wherever it points.
 * @throws {VendorError} and the signal's own reason when the caller gave up.
 */
export async function callApi(
  options: ApiOptions,
  call: ApiCall,
  signal: AbortSignal,
  log: Log = silent,
): Promise<unknown> {
  const timeoutMs = call.timeoutMs ?? options.timeoutMs;
  signal.throwIfAborted();
  // By hand: what AbortSignal.any() links to a signal that lives as long as the process is never let go.
  const ending = new AbortController();
  const giveUp = (): void => ending.abort();
  signal.addEventListener('abort', giveUp, { once: true });
  const timer = setTimeout(giveUp, timeoutMs);
  try {
    const response = await options.fetch(urlOf(options.baseUrl, call), {
      method: call.method,
      redirect: 'manual',
      signal: ending.signal,
      headers: {
        accept: 'application/json',
        'x-api-key': options.keys[call.key],
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    options.deprecations.note(response, call, log);
    const body = await readJson(response);
    if (response.status === 404 && call.mayBeMissing === true && isEnvelope(body)) return undefined;
    if (!response.ok) throw errorOfAnswer(response, body, call);
    if (body === undefined) throw unreadable(call, response.status, 'no JSON');
    return body;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VendorError) throw error;
    if (ending.signal.aborted) {
      throw new VendorError('timeout', `${nameOf(call)}: no answer from LedgerBee within ${timeoutMs} ms`);
    }
    throw new VendorError('unavailable', `${nameOf(call)}: LedgerBee could not be reached`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** An answer of 2xx that is not what was documented. Never taken for "nothing there". */
export function unreadable(call: ApiCall, status: number, problem: string): VendorError {
  return new VendorError(
    'unreadable-answer',
    `${nameOf(call)}: LedgerBee's answer is not as documented: ${problem}`,
    {
      status,
    },
  );
}

/** For callers that keep no log. */
function silent(): void {}

function urlOf(baseUrl: string, call: ApiCall): URL {
  const url = new URL(`${baseUrl}${call.path}`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  return url;
}

/** `undefined` for a body that is empty, too large or not JSON: what it means depends on the status. */
async function readJson(response: Response): Promise<unknown> {
  if (response.body === null) return undefined;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > ANSWER_LIMIT_BYTES) {
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
