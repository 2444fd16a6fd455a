import { createHash } from 'node:crypto';
import { ConfigurationError } from '../errors.js';
import { hashIdentity } from '../identity.js';
import { callMerchant } from '../merchant-call.js';
import type { ClientKey, Clock, Identity, Log } from '../ports.js';
import { RateLimiter } from '../rate-limit.js';
import type { LimitedCall, RateLimits } from '../rate-limits.js';
import { RefusalError } from './answers.js';
import { clientOf } from './client-address.js';

/** Tokens that were found good lately and are counted for themselves. */
const MAX_PROVEN = 50_000;
const SAY_EVERY_MS = 60_000;

export interface ClientLimitsOptions {
  /** `false`: nothing is limited. */
  readonly limits: RateLimits | false;
  /** The host's own word on who a client is; `null`: the kit's. */
  readonly clientKey: ClientKey | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is known of a caller before its call is served. */
export interface Caller {
  /** As the adapter says; `undefined` where the runtime gives none. */
  readonly address: string | undefined;
  /** From `Authorization`, not checked yet. */
  readonly token?: string | null;
  /** By the merchant's login. */
  readonly identity?: Identity | null;
}

/**
 * Limits what one client may do. A client is whoever holds a good token, else a login, else an address. A token
 * counts for itself only once it was found good: before, its call is its address's, so that made-up tokens are
 * no fresh allowances. Callers who show nothing and have no address of their own (behind a proxy that was not
 * announced, or on a runtime that gives none) are not limited: they would all be one client, and the first to
 * press would lock out the rest of the shop.
 */
export class ClientLimits {
  readonly #options: ClientLimitsOptions;
  readonly #limiter = new RateLimiter();
  /** Hashes of tokens, in the order of last use. */
  readonly #proven = new Set<string>();
  #addresslessSaid = false;
  #refusedSaidAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ClientLimitsOptions) {
    this.#options = options;
  }

  /** @throws {RefusalError} `rate_limited`, with `Retry-After` in whole seconds. */
  async admit(call: LimitedCall, request: Request, caller: Caller): Promise<void> {
    const { limits, clientKey, clock } = this.#options;
    if (limits === false) return;
    const client = clientKey === null ? this.#clientOf(caller) : await askHost(clientKey, request);
    if (client === null) {
      this.#sayAddressless(clientKey !== null);
      return;
    }
    const waitMs = this.#limiter.take(`${call} ${client}`, limits[call], clock());
    if (waitMs === 0) return;
    this.#sayRefused(call, client, request);
    throw new RefusalError('rate_limited', 'Too many calls. Come again after the time in Retry-After.', {
      'Retry-After': String(Math.ceil(waitMs / 1000)),
    });
  }

  /** The token was found good: from now on it is a client of its own. */
  prove(token: string | null): void {
    if (token === null || this.#options.limits === false || this.#options.clientKey !== null) return;
    const hash = hashOf(token);
    this.#proven.delete(hash);
    this.#proven.add(hash);
    if (this.#proven.size > MAX_PROVEN) {
      for (const oldest of this.#proven) {
        this.#proven.delete(oldest);
        break;
      }
    }
  }

  #clientOf({ token = null, identity = null, address }: Caller): string | null {
    if (token !== null) {
      const hash = hashOf(token);
      if (this.#proven.has(hash)) return `token ${hash}`;
    }
    if (identity !== null) return `login ${hashIdentity(identity).toString('base64url')}`;
    const client = address === undefined ? null : clientOf(address);
    return client === null ? null : `address ${client}`;
  }

  /** Once a minute: whoever presses must not fill the log too. */
  #sayRefused(call: LimitedCall, client: string, request: Request): void {
    const nowMs = this.#options.clock();
    if (Math.abs(nowMs - this.#refusedSaidAtMs) < SAY_EVERY_MS) return;
    this.#refusedSaidAtMs = nowMs;
    this.#options.log({
      level: 'warn',
      event: 'http.rate-limited',
      message:
        'A client calls too often and was told when to come again; others that do are not said for a minute. Where ' +
        '`by` is `address` and `forwarded` is true, a proxy may stand for many: see `trustedProxies` of toNodeHandler.',
      fields: {
        call,
        by: client.slice(0, client.indexOf(' ')),
        forwarded: request.headers.has('x-forwarded-for') || request.headers.has('forwarded'),
      },
    });
  }

  #sayAddressless(byHost: boolean): void {
    if (byHost || this.#addresslessSaid) return;
    this.#addresslessSaid = true;
    this.#options.log({
      level: 'info',
      event: 'http.no-client-address',
      message:
        'Callers without token or login are not rate-limited: their requests carry no public address. Pass ' +
        '`trustedProxies` to toNodeHandler, `{ clientAddress }` to kit.fetch, or the option `clientKey`.',
    });
  }
}

/**
 * @throws {ConfigurationError} where the host's function gives something else.
 * @throws {MerchantFunctionError} where it throws.
 */
async function askHost(clientKey: ClientKey, request: Request): Promise<string | null> {
  const key: unknown = await callMerchant('clientKey', () => clientKey(request));
  if (key === null || key === undefined) return null;
  if (typeof key !== 'string') {
    throw new ConfigurationError('invalid-option', 'clientKey must give a string, or null for no limit');
  }
  // As long as it likes to be, it is kept at one length.
  return `host ${hashOf(key)}`;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
