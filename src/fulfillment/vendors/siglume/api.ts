/** One call to Siglume's API: the envelope's `data` out, or a {@link VendorError} that names the fix. */
import { VendorError } from '../../errors.js';
import { exchange } from '../exchange.js';
import { nameOf, type ApiCall, type TokenName } from './call.js';
import { errorOfAnswer, readFailure } from './refusals.js';

/** A page of statements holds up to 500 payments. */
const ANSWER_LIMIT_BYTES = 4_194_304;

export interface ApiOptions {
  /** Ends in `/v1`, without a slash after it. */
  readonly baseUrl: string;
  readonly tokens: Readonly<Record<TokenName, string>>;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * The `data` of a 2xx answer, or the whole of it where there is no envelope; `undefined` only for
 * {@link ApiCall.unknownCode}. Repeats nothing by itself.
 * @throws {VendorError} and the signal's own reason when the caller gave up.
 */
export async function callApi(options: ApiOptions, call: ApiCall, signal: AbortSignal): Promise<unknown> {
  const { fetch, timeoutMs, tokens } = options;
  const { response, body } = await exchange(
    { fetch, timeoutMs, vendor: 'Siglume', name: nameOf(call), answerLimitBytes: ANSWER_LIMIT_BYTES },
    urlOf(options.baseUrl, call),
    {
      method: call.method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${tokens[call.token]}`,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    },
    signal,
  );
  if (!response.ok) {
    if (isUnknownThing(response, body, call)) return undefined;
    throw errorOfAnswer(response, body, call);
  }
  if (body === undefined) throw unreadable(call, response.status, 'no JSON');
  return unwrap(body);
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
