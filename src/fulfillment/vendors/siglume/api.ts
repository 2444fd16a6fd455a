/** One call to Siglume's API: the envelope's `data` out, or a {@link VendorError} that names the fix. */
import { VendorError } from '../../errors.js';
import { nameOf, type ApiCall, type TokenName } from './call.js';
import { errorOfAnswer, readFailure } from './refusals.js';

/** Far above any answer we ask for; a body beyond it is not read on. */
const ANSWER_LIMIT_BYTES = 4_194_304;

export interface ApiOptions {
  /** Ends in `/v1`, without a slash after it. */
  readonly baseUrl: string;
  readonly tokens: Readonly<Record<TokenName, string>>;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

/** A body that is no JSON, or too large to be read. */
const NO_JSON = Symbol('no JSON');

/**
 * The `data` of a 2xx answer, or the whole of it where there is no envelope; `{}` for an empty one; `undefined` only for
 * {@link ApiCall.unknownCode}. Repeats nothing by itself, and never follows a redirect: it would carry the token to
 * wherever it points.
 * @throws {VendorError} and the signal's own reason when the caller gave up.
 */
export async function callApi(options: ApiOptions, call: ApiCall, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  // By hand: what AbortSignal.any() links to a signal that lives as long as the process is never let go.
  const ending = new AbortController();
  const giveUp = (): void => ending.abort();
  signal.addEventListener('abort', giveUp, { once: true });
  const timer = setTimeout(giveUp, options.timeoutMs);
  try {
    const response = await options.fetch(urlOf(options.baseUrl, call), {
      method: call.method,
      redirect: 'manual',
      signal: ending.signal,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${options.tokens[call.token]}`,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    const body = await readJson(response);
    const known = body === NO_JSON ? undefined : body;
    if (!response.ok) {
      if (isUnknownThing(response, known, call)) return undefined;
      throw errorOfAnswer(response, known, call);
    }
    if (body === NO_JSON) throw unreadable(call, response.status, 'no JSON');
    return unwrap(body);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VendorError) throw error;
    if (ending.signal.aborted) {
      throw new VendorError(
        'timeout',
        `${nameOf(call)}: no answer from Siglume within ${options.timeoutMs} ms`,
      );
    }
    throw new VendorError('unavailable', `${nameOf(call)}: Siglume could not be reached`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** An answer of 2xx that is not what was documented. Never taken for "nothing there". */
export function unreadable(call: ApiCall, status: number, problem: string): VendorError {
  return new VendorError(
    'unreadable-answer',
    `${nameOf(call)}: Siglume's answer is not as documented: ${problem}`,
    { status },
  );
}

function isUnknownThing(response: Response, body: unknown, { unknownCode }: ApiCall): boolean {
  return unknownCode !== undefined && response.status === 404 && readFailure(body).code === unknownCode;
}

function urlOf(baseUrl: string, call: ApiCall): URL {
  const url = new URL(`${baseUrl}${call.path}`);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  return url;
}

/** `data` counts where the key exists, whatever it holds. */
function unwrap(body: unknown): unknown {
  const isEnvelope = typeof body === 'object' && body !== null && !Array.isArray(body) && 'data' in body;
  return isEnvelope ? body.data : body;
}

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  if (response.body !== null) {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    for (let length = 0; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > ANSWER_LIMIT_BYTES) {
        await reader.cancel();
        return NO_JSON;
      }
      chunks.push(value);
    }
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return NO_JSON;
  }
}
