/** Ledyer's API: a token first, then the call; JSON out, or a {@link VendorError} that names the fix. */
import { DecodeError, readInteger, readRecord, readString } from '../../../protocol/index.js';
import { exchange, type Exchanged } from '../exchange.js';
import { AccessTokens, type IssuedToken } from './access-tokens.js';
import { nameOf, type ApiCall } from './call.js';
import type { LedyerSettings } from './options.js';
import { errorOfAnswer, unreadable } from './refusals.js';

const TOKEN_PATH = '/oauth/token';
/** Visible ASCII: it goes into a header. */
const ACCESS_TOKEN = /^[\x21-\x7e]{1,8192}$/;
/** Seconds; documented is 3600. */
const MAX_TOKEN_LIFETIME_SECONDS = 86_400 * 365;

export class LedyerApi {
  readonly #settings: LedyerSettings;
  readonly #tokens: AccessTokens;

  constructor(settings: LedyerSettings) {
    this.#settings = settings;
    this.#tokens = new AccessTokens((signal) => requestToken(settings, signal));
  }

  /**
   * The body of a 2xx answer; `undefined` only for what {@link ApiCall.mayBeMissing}. A token that is refused is
   * dropped and the call made once more with a fresh one: a 401 did nothing, so that is safe for every call.
   * @throws {VendorError} and the signal's own reason when the caller gave up.
   */
  async call(call: ApiCall, signal: AbortSignal): Promise<unknown> {
    const token = await this.#tokens.get(signal);
    let answer = await this.#exchange(call, token, signal);
    if (answer.response.status === 401) {
      this.#tokens.drop(token);
      const fresh = await this.#tokens.get(signal);
      answer = await this.#exchange(call, fresh, signal);
      if (answer.response.status === 401) this.#tokens.drop(fresh);
    }
    const { response, body } = answer;
    // A 404 without JSON is a stranger's: a proxy, or another server at this address.
    if (response.status === 404 && call.mayBeMissing === true && body !== undefined) return undefined;
    if (!response.ok) throw errorOfAnswer(response, nameOf(call));
    if (body === undefined) throw unreadable(nameOf(call), response.status, 'no JSON');
    return body;
  }

  #exchange(call: ApiCall, token: string, signal: AbortSignal): Promise<Exchanged> {
    const { fetch, timeoutMs, apiBaseUrl } = this.#settings;
    const url = new URL(`${apiBaseUrl}${call.path}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    return exchange(
      { fetch, timeoutMs, vendor: 'Ledyer', name: nameOf(call) },
      url,
      {
        method: call.method,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(call.method === 'GET' ? {} : { 'content-type': 'application/json' }),
          ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      },
      signal,
    );
  }
}

/** OAuth 2.0 client credentials, in the form its own plugins use. */
async function requestToken(settings: LedyerSettings, signal: AbortSignal): Promise<IssuedToken> {
  const { fetch, tokenTimeoutMs: timeoutMs, authBaseUrl, clientId, clientSecret } = settings;
  const name = `POST ${TOKEN_PATH}`;
  const { response, body } = await exchange(
    { fetch, timeoutMs, vendor: 'Ledyer', name },
    new URL(`${authBaseUrl}${TOKEN_PATH}`),
    {
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    },
    signal,
  );
  if (!response.ok) throw errorOfAnswer(response, name);
  try {
    const answer = readRecord(body, 'answer');
    const accessToken = readString(answer, 'access_token', 8192);
    if (!ACCESS_TOKEN.test(accessToken)) throw new DecodeError('access_token', 'visible characters');
    const seconds = readInteger(answer, 'expires_in', 1, MAX_TOKEN_LIFETIME_SECONDS);
    return { accessToken, lifetimeMs: seconds * 1000 };
  } catch (error) {
    if (error instanceof DecodeError) throw unreadable(name, response.status, error.message);
    throw error;
  }
}
