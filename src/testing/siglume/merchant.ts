/** The one merchant of the sandbox: its key, its secrets, where its buyers may return to, and what is missing for live use. */
import { randomBytes } from 'node:crypto';
import { isLoopbackHost } from '../ledgerbee/loopback.js';
import { invalidField } from './failure.js';
import { newId } from './ids.js';

/** What live hosted checkout asks for. Each can be taken away by a test. */
export const READINESS_CHECKS = [
  'merchant_registered',
  'settlement_wallet',
  'billing_mandate',
  'webhook_https',
  'terms_accepted',
  'sandbox_confirmed',
  'merchant_responsibility_attested',
  'live_mode',
] as const;
export type ReadinessCheck = (typeof READINESS_CHECKS)[number];

/** As the vendor's setup keeps it. */
const MERCHANT_KEY = /^[a-z0-9][a-z0-9_-]{2,63}$/;

export class Merchant {
  readonly key: string;
  readonly accountId = newId('macc');
  readonly #missing = new Set<ReadinessCheck>();
  readonly #changed: (summary: string) => void;
  #challengeSecret = newChallengeSecret();
  #mandateId = newId('mandate');
  #allowedOrigins: readonly string[];
  #callbackUrl: string | null;

  /** @throws {RangeError} for a key that the vendor's setup would refuse. */
  constructor(
    key: string,
    allowedOrigins: readonly string[],
    callbackUrl: string | null,
    changed: (summary: string) => void,
  ) {
    if (!MERCHANT_KEY.test(key)) throw new RangeError(`no merchant key: ${key}`);
    this.key = key;
    this.#allowedOrigins = allowedOrigins.map((origin) => readOrigin(origin) ?? refuse(origin));
    this.#callbackUrl = callbackUrl;
    this.#changed = changed;
  }

  get challengeSecret(): string {
    return this.#challengeSecret;
  }

  get mandateId(): string {
    return this.#mandateId;
  }

  get callbackUrl(): string | null {
    return this.#callbackUrl;
  }

  get allowedOrigins(): readonly string[] {
    return this.#allowedOrigins;
  }

  rotateChallengeSecret(): string {
    this.#challengeSecret = newChallengeSecret();
    this.#changed('challenge secret rotated');
    return this.#challengeSecret;
  }

  /**
   * What setup changes. Origins are listed as absolute URLs and kept as origins, without repetition.
   * @throws {ApiFailure} 422
   */
  update(change: { readonly callbackUrl?: string; readonly allowedOrigins?: readonly unknown[] }): void {
    const origins = change.allowedOrigins?.map((entry) => {
      const origin = readOrigin(entry);
      if (origin === null) throw invalidField('checkout_allowed_origins', 'must hold absolute https URLs');
      return origin;
    });
    if (change.callbackUrl !== undefined && readOrigin(change.callbackUrl) === null) {
      throw invalidField('webhook_callback_url', 'must be an absolute https URL without user info');
    }
    if (origins !== undefined) this.#allowedOrigins = [...new Set(origins)];
    this.#callbackUrl = change.callbackUrl ?? this.#callbackUrl;
    this.#changed('merchant set up again');
  }

  /** Listed, or the origin of the webhook's address. */
  allowsReturnTo(url: string): boolean {
    const origin = readOrigin(url);
    if (origin === null) return false;
    return this.#allowedOrigins.includes(origin) || origin === readOrigin(this.#callbackUrl);
  }

  setReadiness(check: ReadinessCheck, isMet: boolean): void {
    if (!READINESS_CHECKS.includes(check)) throw new RangeError(`unknown check: ${check}`);
    if (isMet) this.#missing.delete(check);
    else this.#missing.add(check);
    this.#changed(`${check} ${isMet ? 'met' : 'missing'}`);
  }

  missing(): readonly ReadinessCheck[] {
    return READINESS_CHECKS.filter((check) => this.#missing.has(check));
  }
}

/** https, or http on a loopback name; no user info. Plain http beyond `localhost` names is the sandbox's own leave. */
function readOrigin(value: unknown): string | null {
  if (typeof value !== 'string' || !URL.canParse(value)) return null;
  const url = new URL(value);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  return isSafe && url.username === '' && url.password === '' ? url.origin : null;
}

function refuse(origin: string): never {
  throw new RangeError(`no return origin: ${origin}`);
}

function newChallengeSecret(): string {
  return `edrp_${randomBytes(24).toString('base64url')}`;
}
