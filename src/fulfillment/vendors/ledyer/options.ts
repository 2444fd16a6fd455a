/** What the merchant configures for Ledyer, checked at once so that a mistake is told at start and not by a lost order. */
import { isSafeUrl } from '../../../protocol/index.js';
import { ConfigurationError } from '../../errors.js';
import { refuseUnknown, type EveryOption } from '../../known-options.js';

const DEFAULT_TIMEOUT_MS = 10_000;
/** Its own integrations give the token endpoint far longer than the API. */
const DEFAULT_TOKEN_TIMEOUT_MS = 20_000;
const MERCHANT_ID = /^ac_[0-9A-Za-z]{1,64}$/;

export interface LedyerOptions {
  /** Which of Ledyer's hosts are called. */
  readonly environment: 'sandbox' | 'live';
  /** From the merchant portal: Settings, API credentials. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** `ac_…`. When set, a notification that names another merchant is refused. */
  readonly merchantId?: string;
  /** Instead of the environment's token host, without a path. Plain http only on a loopback name. */
  readonly authBaseUrl?: string;
  /** Instead of the environment's API host, without a path. Plain http only on a loopback name. */
  readonly apiBaseUrl?: string;
  /** How long one call to the API may take, in milliseconds. Default 10000. */
  readonly timeoutMs?: number;
  /** How long the token endpoint may take, in milliseconds. Default 20000. */
  readonly tokenTimeoutMs?: number;
  /** Instead of the global `fetch`, e.g. to go through a proxy. Must not follow redirects on its own. */
  readonly fetch?: typeof globalThis.fetch;
}

const KNOWN = {
  environment: true,
  clientId: true,
  clientSecret: true,
  merchantId: true,
  authBaseUrl: true,
  apiBaseUrl: true,
  timeoutMs: true,
  tokenTimeoutMs: true,
  fetch: true,
} satisfies EveryOption<LedyerOptions>;

export interface LedyerSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly merchantId: string | null;
  /** Origins. */
  readonly authBaseUrl: string;
  readonly apiBaseUrl: string;
  readonly timeoutMs: number;
  readonly tokenTimeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
}

/** @throws {ConfigurationError} `invalid-option`; no secret is repeated. */
export function readOptions(options: LedyerOptions): LedyerSettings {
  refuseUnknown(options, KNOWN, 'ledyer: ');
  const { environment, merchantId } = options;
  if (!['sandbox', 'live'].includes(environment)) throw invalid('environment', "must be 'sandbox' or 'live'");
  if (merchantId !== undefined && !(typeof merchantId === 'string' && MERCHANT_ID.test(merchantId))) {
    throw invalid('merchantId', 'must be the ac_… id that the merchant portal shows');
  }
  return {
    // RFC 6749 §2.3.1 has them form-encoded before base64; for what the vendor gives out that is the same.
    clientId: readCredential('clientId', options.clientId, /^[\x21-\x39\x3b-\x7e]+$/),
    clientSecret: readCredential('clientSecret', options.clientSecret, /^[\x21-\x7e]+$/),
    merchantId: merchantId ?? null,
    authBaseUrl: readOrigin('authBaseUrl', options.authBaseUrl ?? `https://auth.${environment}.ledyer.com`),
    apiBaseUrl: readOrigin('apiBaseUrl', options.apiBaseUrl ?? `https://api.${environment}.ledyer.com`),
    timeoutMs: readTimeout('timeoutMs', options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    tokenTimeoutMs: readTimeout('tokenTimeoutMs', options.tokenTimeoutMs ?? DEFAULT_TOKEN_TIMEOUT_MS),
    // Looked up at each call: a host that patches the global fetch later (tracing does) is still heard.
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
  };
}

function readCredential(name: 'clientId' | 'clientSecret', value: unknown, shape: RegExp): string {
  if (typeof value === 'string' && shape.test(value)) return value;
  throw invalid(
    name,
    'must be as the merchant portal showed it: visible characters only, no spaces or line breaks',
  );
}

function readOrigin(name: 'authBaseUrl' | 'apiBaseUrl', value: unknown): string {
  if (typeof value !== 'string' || !URL.canParse(value)) throw invalid(name, 'must be a URL');
  const url = new URL(value);
  if (!isSafeUrl(url)) {
    throw invalid(name, 'must be https: it carries credentials (http is allowed on a loopback name only)');
  }
  if (
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  ) {
    throw invalid(name, 'must be a host alone, such as https://api.live.ledyer.com; the version is added');
  }
  return url.origin;
}

function readTimeout(name: 'timeoutMs' | 'tokenTimeoutMs', value: unknown): number {
  if (typeof value === 'number' && value >= 1 && value <= 120_000) return value;
  throw invalid(name, 'must be a number from 1 to 120000');
}

function invalid(name: string, problem: string): ConfigurationError {
  return new ConfigurationError('invalid-option', `ledyer: ${name} ${problem}`);
}
