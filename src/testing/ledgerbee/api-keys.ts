/**
 * API keys with scopes. Two kinds: the Partner SSO key that the operator generates on the SSO tab, and
 * ordinary keys. Neither may hold the other's scopes (contract §3.2; that the SSO key may not is ASSUMED, U36).
 */
import { randomBytes } from 'node:crypto';
import { ApiFailure } from './envelope.js';

export const SSO_SCOPES = ['portal-provision', 'portal-sso-mint'] as const;
export const ORDINARY_SCOPES = [
  'subscriptions-read',
  'subscriptions-write',
  'portal-catalog-read',
  'customers-read',
  'webhook-endpoints-read',
  'webhook-endpoints-write',
] as const;
export type Scope = (typeof SSO_SCOPES)[number] | (typeof ORDINARY_SCOPES)[number];

export interface ApiKey {
  readonly key: string;
  readonly scopes: readonly Scope[];
  /** ISO 8601, or `null` for a key without an end. */
  readonly expiresAt: string | null;
  /** Addresses that may use it; empty: all. */
  readonly ipWhitelist: readonly string[];
}

export type NewApiKey = Partial<Pick<ApiKey, 'scopes' | 'expiresAt' | 'ipWhitelist'>>;

export class ApiKeys {
  readonly #keys = new Map<string, ApiKey>();

  /** "Generate SSO key". */
  createSso(options: NewApiKey = {}): ApiKey {
    return this.#add('lb_sandbox_sso_', { scopes: SSO_SCOPES, ...options });
  }

  /** @throws {ApiFailure} `API_KEY_SCOPE_NOT_ASSIGNABLE` for a scope that only the SSO key may hold. */
  create(options: NewApiKey = {}): ApiKey {
    const wanted = options.scopes ?? ORDINARY_SCOPES;
    const restricted = wanted.filter((scope) => (SSO_SCOPES as readonly string[]).includes(scope));
    if (restricted.length > 0) {
      throw new ApiFailure(400, 'API_KEY_SCOPE_NOT_ASSIGNABLE', 'Scope cannot be assigned', {
        scopes: restricted,
      });
    }
    return this.#add('lb_sandbox_api_', { scopes: wanted, ...options });
  }

  /**
   * The key of a request. A key under `Authorization: Bearer` is refused: Bearer is for OAuth access tokens,
   * which the sandbox does not issue.
   * @throws {ApiFailure} 401 `UNAUTHORIZED`.
   */
  authenticate(given: string | null, remoteAddress: string, nowMs: number): ApiKey {
    const key = given === null ? undefined : this.#keys.get(given);
    if (key === undefined || (key.expiresAt !== null && Date.parse(key.expiresAt) <= nowMs)) {
      throw new ApiFailure(401, 'UNAUTHORIZED', 'Invalid API key');
    }
    if (key.ipWhitelist.length > 0 && !key.ipWhitelist.includes(remoteAddress.replace(/^::ffff:/, ''))) {
      throw new ApiFailure(401, 'UNAUTHORIZED', 'Invalid API key', { reason: 'ip_whitelist_mismatch' });
    }
    return key;
  }

  #add(prefix: string, options: NewApiKey): ApiKey {
    const key: ApiKey = {
      key: prefix + randomBytes(18).toString('hex'),
      scopes: options.scopes ?? [],
      expiresAt: options.expiresAt ?? null,
      ipWhitelist: options.ipWhitelist ?? [],
    };
    this.#keys.set(key.key, key);
    return key;
  }
}

/** @throws {ApiFailure} 403 `INSUFFICIENT_PERMISSIONS`. */
export function requireScopes(key: ApiKey, requiredScopes: readonly Scope[]): void {
  if (!requiredScopes.every((scope) => key.scopes.includes(scope)))
    throw insufficientPermissions(requiredScopes);
}

export function insufficientPermissions(requiredScopes: readonly Scope[]): ApiFailure {
  return new ApiFailure(403, 'INSUFFICIENT_PERMISSIONS', 'Insufficient permissions', { requiredScopes });
}
