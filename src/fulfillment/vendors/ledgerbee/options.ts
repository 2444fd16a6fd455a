/** Are the options usable? Said once, at start, with the option's name and the fix. */
import { isSafeUrl } from '../../../protocol/index.js';
import { ConfigurationError } from '../../errors.js';
import { refuseUnknown, type EveryOption } from '../../known-options.js';
import type { ApiOptions } from './api.js';
import { DeprecationNotices } from './deprecation.js';
import { parseSigningSecret, type SignatureRules } from './verify.js';

/** Standard Webhooks' own tolerance, in seconds. */
const DEFAULT_REPLAY_WINDOW_SECONDS = 300;
const DEFAULT_TIMEOUT_MS = 10_000;

export interface LedgerBeeOptions {
  /** As given with the API key, e.g. `https://api.ledgerbee.com/api/v1`. Plain http only on a loopback name. */
  readonly apiBaseUrl: string;
  /** The Partner SSO key, from Generate SSO key: scopes `portal-provision` and `portal-sso-mint`. */
  readonly ssoKey: string;
  /** An ordinary API key with the scope `subscriptions-read`. */
  readonly apiKey: string;
  /** The `whsec_…` secrets that are valid now: two while one is rolled. */
  readonly webhookSecrets: readonly string[];
  /** How far a delivery's time may lie from ours, in seconds, either way. Default 300. */
  readonly replayWindowSeconds?: number;
  /** How long one call to the API may take, in milliseconds. Default 10000. Minting takes at most 4000 a try. */
  readonly timeoutMs?: number;
  /** Instead of the global `fetch`, e.g. to go through a proxy. Must not follow redirects on its own. */
  readonly fetch?: typeof globalThis.fetch;
}

const KNOWN = {
  apiBaseUrl: true,
  ssoKey: true,
  apiKey: true,
  webhookSecrets: true,
  replayWindowSeconds: true,
  timeoutMs: true,
  fetch: true,
} satisfies EveryOption<LedgerBeeOptions>;

/** @throws {ConfigurationError} `invalid-option` */
export function readOptions(options: LedgerBeeOptions): {
  readonly api: ApiOptions;
  readonly signatures: SignatureRules;
} {
  refuseUnknown(options, KNOWN, 'ledgerbee: ');
  return {
    api: {
      baseUrl: readBaseUrl(options.apiBaseUrl),
      keys: { apiKey: readKey('apiKey', options.apiKey), ssoKey: readKey('ssoKey', options.ssoKey) },
      timeoutMs: readNumber('timeoutMs', options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1, 120_000),
      // Looked up at each call: a host that patches the global fetch later (tracing does) is still heard.
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
      deprecations: new DeprecationNotices(),
    },
    signatures: {
      keys: readSecrets(options.webhookSecrets),
      replayWindowSeconds: readNumber(
        'replayWindowSeconds',
        options.replayWindowSeconds ?? DEFAULT_REPLAY_WINDOW_SECONDS,
        1,
        86_400,
      ),
    },
  };
}

function readBaseUrl(value: unknown): string {
  const refuse = (problem: string): ConfigurationError =>
    invalid(
      'apiBaseUrl',
      `${problem}. Use the address given with the API key, e.g. https://api.ledgerbee.com/api/v1`,
    );
  if (typeof value !== 'string' || !URL.canParse(value)) throw refuse('must be a URL');
  const url = new URL(value);
  if (!isSafeUrl(url)) {
    throw refuse('must be https: it carries the keys (http is allowed on a loopback name only)');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('must have no user, query or fragment');
  }
  const path = url.pathname.replace(/\/+$/, '');
  // Any other base answers 404 to everything, which must not be taken for "no such subscription".
  if (!path.endsWith('/v1')) throw refuse('must end in /v1');
  return `${url.origin}${path}`;
}

function readKey(name: 'apiKey' | 'ssoKey', value: unknown): string {
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw invalid(
      name,
      'must be the key as LedgerBee showed it: visible characters only, no spaces or line breaks',
    );
  }
  return value;
}

function readSecrets(value: unknown): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalid('webhookSecrets', 'must be a list with at least one whsec_… secret');
  }
  return value.map((secret, index) => parseSigningSecret(secret, `ledgerbee: webhookSecrets[${index}]`));
}

function readNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw invalid(name, `must be a number from ${min} to ${max}`);
  }
  return value;
}

function invalid(name: string, problem: string): ConfigurationError {
  return new ConfigurationError('invalid-option', `ledgerbee: ${name} ${problem}`);
}
