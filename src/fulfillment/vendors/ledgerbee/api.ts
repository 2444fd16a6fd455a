/** One call to LedgerBee's public API: JSON out, or a {@link VendorError} that names the fix. */
import { VendorError } from '../../errors.js';
import type { Log } from '../../ports.js';
import { exchange } from '../exchange.js';
import { nameOf, type ApiCall, type KeyName } from './call.js';
import type { DeprecationNotices } from './deprecation.js';
import { errorOfAnswer, isEnvelope } from './refusals.js';

export interface ApiOptions {
  /** Ends in `/v1`, without a slash after it. */
  readonly baseUrl: string;
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly deprecations: DeprecationNotices;
}

/**
 * The body of a 2xx answer; `undefined` only for what {@link ApiCall.mayBeMissing}.
 * @throws {VendorError} and the signal's own reason when the caller gave up.
 */
export async function callApi(
  options: ApiOptions,
  call: ApiCall,
  signal: AbortSignal,
  log: Log = silent,
): Promise<unknown> {
  const { response, body } = await exchange(
    {
      fetch: options.fetch,
      timeoutMs: call.timeoutMs ?? options.timeoutMs,
      vendor: 'LedgerBee',
      name: nameOf(call),
    },
    urlOf(options.baseUrl, call),
    {
      method: call.method,
      headers: {
        accept: 'application/json',
        'x-api-key': options.keys[call.key],
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    },
    signal,
  );
  options.deprecations.note(response, call, log);
  if (response.status === 404 && call.mayBeMissing === true && isEnvelope(body)) return undefined;
  if (!response.ok) throw errorOfAnswer(response, body, call);
  if (body === undefined) throw unreadable(call, response.status, 'no JSON');
  return body;
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
