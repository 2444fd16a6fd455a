/** OAuth 2.0 client credentials: who may call, and for how long a token holds. */
import { randomBytes } from 'node:crypto';
import type { VendorTime } from '../ledgerbee/clock.js';
import { TOKEN_PREFIX } from './assumptions.js';
import { LedyerFailure } from './failure.js';

/** Seconds, as documented. */
export const TOKEN_LIFETIME_SECONDS = 3_600;

export interface LedyerCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `ac_…` */
  readonly merchantId: string;
}

interface Token {
  readonly merchantId: string;
  readonly untilMs: number;
}

export class AccessTokens {
  readonly #time: VendorTime;
  readonly #lifetimeSeconds: number;
  readonly #clients = new Map<string, LedyerCredentials>();
  readonly #tokens = new Map<string, Token>();
  #issued = 0;

  constructor(time: VendorTime, lifetimeSeconds: number) {
    this.#time = time;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** How many tokens were given out so far. */
  get issued(): number {
    return this.#issued;
  }

  add(merchantId: string): LedyerCredentials {
    const clientId = randomBytes(12).toString('hex');
    const credentials = { clientId, clientSecret: randomBytes(24).toString('base64url'), merchantId };
    this.#clients.set(clientId, credentials);
    return credentials;
  }

  /**
   * @param authorization The `Authorization` header: `Basic base64(id:secret)`.
   * @throws {LedyerFailure} 401
   */
  issue(authorization: string | null): Readonly<Record<string, string | number>> {
    const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const [clientId = '', clientSecret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    const client = this.#clients.get(clientId);
    if (client === undefined || client.clientSecret !== clientSecret) {
      throw new LedyerFailure(401, 'invalid client credentials');
    }
    const token = TOKEN_PREFIX + randomBytes(48).toString('base64url');
    this.#tokens.set(token, {
      merchantId: client.merchantId,
      untilMs: this.#time.now() + this.#lifetimeSeconds * 1000,
    });
    this.#issued += 1;
    return { access_token: token, expires_in: this.#lifetimeSeconds, scope: 'write', token_type: 'Bearer' };
  }

  /** @returns the merchant's id. @throws {LedyerFailure} 401 */
  authenticate(authorization: string | null): string {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const found = this.#tokens.get(token);
    if (found === undefined || found.untilMs <= this.#time.now()) {
      throw new LedyerFailure(401, 'the access token is invalid or expired');
    }
    return found.merchantId;
  }

  /** Every token given out so far stops holding. */
  revokeAll(): void {
    this.#tokens.clear();
  }
}
