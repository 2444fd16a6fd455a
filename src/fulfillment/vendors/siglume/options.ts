/** The merchant's settings for Siglume, checked before anything is called. */
import { isLoopbackHost, isSafeUrl } from '../../../protocol/index.js';
import { ConfigurationError } from '../../errors.js';
import { refuseUnknown, type EveryOption } from '../../known-options.js';
import type { ApiOptions } from './api.js';
import { acceptReturnUrl, readReturnOrigin } from './return-url.js';
import { parseWebhookSecret, type SignatureRules } from './verify.js';

const LIVE_BASE_URL = 'https://siglume.com/v1';
/** Siglume's own tolerance, in seconds. */
const DEFAULT_REPLAY_WINDOW_SECONDS = 300;
const DEFAULT_TIMEOUT_MS = 10_000;

/** As Siglume's setup keeps it. */
const MERCHANT_KEY = /^[a-z0-9][a-z0-9_-]{2,63}$/;

export interface SiglumeOptions {
  /** The merchant key, e.g. `nordlys_shop`. No secret. */
  readonly merchant: string;
  /** The token of the Siglume user who set the merchant up. Portal keys, which begin with `cli_`, are refused there. */
  readonly merchantToken: string;
  /** The `whsec_…` secrets that are valid now: the new one and the one before it, while it is changed. */
  readonly webhookSecrets: readonly string[];
  /**
   * Origins the buyer may be sent back to: those listed with Siglume as `checkout_allowed_origins`, and that of
   * the webhook's address, which is allowed there without being listed.
   */
  readonly returnOrigins: readonly string[];
  /**
   * Where every buyer comes back to, on one of `returnOrigins`. Default: the page the checkout was started on, which must
   * lie there. `checkout=returned` or `checkout=cancelled`, and `attempt=<id>`, are added to its query.
   */
  readonly returnUrl?: string;
  /** Signs challenges. With it an attempt's challenge hash is known, and stored, before Siglume is called. */
  readonly challengeSecret?: string;
  /** For the statements of small payments, where another user receives their revenue. Default: `merchantToken`. */
  readonly providerToken?: string;
  /** Takes amounts below the standard band, whose money comes weekly or monthly, if it comes. Default false. */
  readonly allowMeteredPayments?: boolean;
  /** Default `https://siglume.com/v1`. Plain http only on a loopback name, which is then taken for a sandbox. */
  readonly apiBaseUrl?: string;
  /** How far a delivery's time may lie from ours, in seconds, either way. Default 300. */
  readonly replayWindowSeconds?: number;
  /** How long one call to the API may take, in milliseconds. Default 10000. */
  readonly timeoutMs?: number;
  /** Instead of the global `fetch`, e.g. to go through a proxy. Must not follow redirects on its own. */
  readonly fetch?: typeof globalThis.fetch;
}

const KNOWN = {
  merchant: true,
  merchantToken: true,
  webhookSecrets: true,
  returnOrigins: true,
  returnUrl: true,
  challengeSecret: true,
  providerToken: true,
  allowMeteredPayments: true,
  apiBaseUrl: true,
  replayWindowSeconds: true,
  timeoutMs: true,
  fetch: true,
} satisfies EveryOption<SiglumeOptions>;

/** The options, checked and complete. */
export interface SiglumeSettings {
  readonly merchant: string;
  readonly api: ApiOptions;
  readonly signatures: SignatureRules;
  readonly returnOrigins: readonly string[];
  readonly returnUrl: string | null;
  readonly challengeSecret: string | null;
  readonly allowMeteredPayments: boolean;
  /** The API is a sandbox: play money is expected. */
  readonly sandbox: boolean;
}

/** @throws {ConfigurationError} `invalid-option`, naming the option and the fix; no secret is repeated. */
export function readOptions(options: SiglumeOptions): SiglumeSettings {
  refuseUnknown(options, KNOWN, 'siglume: ');
  const { merchantToken, providerToken, challengeSecret } = options;
  const baseUrl = readBaseUrl(options.apiBaseUrl ?? LIVE_BASE_URL);
  const returnOrigins = readOrigins(options.returnOrigins);
  const sandbox = isLoopbackHost(new URL(baseUrl).hostname);
  const tokens = {
    merchantToken: readToken('merchantToken', merchantToken),
    providerToken: readToken('providerToken', providerToken ?? merchantToken),
  };
  return {
    merchant: readMerchant(options.merchant),
    api: {
      baseUrl,
      tokens,
      timeoutMs: readNumber('timeoutMs', options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, 120_000),
      // Looked up at each call: a host that patches the global fetch later (tracing does) is still heard.
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    },
    signatures: {
      keys: readSecrets(options.webhookSecrets),
      // A window that is no number would be none at all.
      replayWindowSeconds: readNumber(
        'replayWindowSeconds',
        options.replayWindowSeconds ?? DEFAULT_REPLAY_WINDOW_SECONDS,
        1,
        86_400,
      ),
    },
    returnOrigins,
    returnUrl: options.returnUrl === undefined ? null : readReturnUrl(options.returnUrl, returnOrigins),
    challengeSecret: challengeSecret === undefined ? null : readChallengeSecret(challengeSecret),
    allowMeteredPayments: readFlag('allowMeteredPayments', options.allowMeteredPayments ?? false),
    sandbox,
  };
}

function readMerchant(value: unknown): string {
  const key = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (MERCHANT_KEY.test(key)) return key;
  throw invalid(
    'merchant',
    'must be the merchant key: 3 to 64 of a-z, 0-9, "_" and "-", a letter or digit first',
  );
}

function readBaseUrl(value: unknown): string {
  const refuse = (problem: string): ConfigurationError =>
    invalid('apiBaseUrl', `${problem}. Leave it out for ${LIVE_BASE_URL}`);
  if (typeof value !== 'string' || !URL.canParse(value)) throw refuse('must be a URL');
  const url = new URL(value);
  if (!isSafeUrl(url)) {
    throw refuse('must be https: it carries the token (http is allowed on a loopback name only)');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('must have no user, query or fragment');
  }
  const path = url.pathname.replace(/\/+$/, '');
  // Any other base answers 404 to everything, which reads like a checkout that is not enabled.
  if (!path.endsWith('/v1')) throw refuse('must end in /v1');
  return `${url.origin}${path}`;
}

function readToken(name: 'merchantToken' | 'providerToken', value: unknown): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw invalid(name, "must be a Siglume user's token: visible characters only, no spaces or line breaks");
  }
  if (value.startsWith('cli_')) {
    throw invalid(name, 'is a portal key (cli_…), which Siglume refuses here: use the token of the user');
  }
  return value;
}

function readSecrets(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid('webhookSecrets', 'must be a list with at least one whsec_… secret');
  }
  return value.map((secret, index) => parseWebhookSecret(secret, `siglume: webhookSecrets[${index}]`));
}

function readOrigins(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid('returnOrigins', 'must list at least one origin, such as https://shop.example');
  }
  const origins = value.map((entry: unknown, index) => {
    const origin = readReturnOrigin(entry);
    if (origin !== null) return origin;
    throw invalid(`returnOrigins[${index}]`, 'must be an https origin (http on a loopback name only)');
  });
  return [...new Set(origins)];
}

function readReturnUrl(value: unknown, origins: readonly string[]): string {
  const url = acceptReturnUrl(value, origins);
  if (url === null) throw invalid('returnUrl', 'must be a URL on one of the returnOrigins');
  return url;
}

function readChallengeSecret(value: unknown): string {
  const secret = typeof value === 'string' ? value.trim() : '';
  if (secret === '')
    throw invalid('challengeSecret', 'must be the secret that the merchant setup showed once');
  return secret;
}

function readFlag(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalid(name, 'must be true or false');
  return value;
}

function readNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw invalid(name, `must be a number from ${min} to ${max}`);
  }
  return value;
}

function invalid(name: string, problem: string): ConfigurationError {
  return new ConfigurationError('invalid-option', `siglume: ${name} ${problem}`);
}
