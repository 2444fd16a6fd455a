/**
 * What every call of the public API passes: key, rate limit, licence, scope, in this order ("403
 * `LICENSE.REQUIRED`, whatever the scopes"), and how a refusal is written.
 */
import { type ApiKey, requireScopes, type Scope } from '../api-keys.js';
import { ApiFailure, envelopeOf } from '../envelope.js';
import { json, type Reply, type SandboxRequest } from '../http.js';
import type { Params, RouteHandler } from '../router.js';
import type { Licence } from '../settings.js';
import type { Vendor } from '../vendor.js';

const RATE_LIMIT_WINDOW_SECONDS = 2;

export interface ApiCall {
  readonly request: SandboxRequest;
  readonly params: Params;
  readonly key: ApiKey;
}

/** Wraps a handler of the public API. */
export function guarded(
  vendor: Vendor,
  needs: { readonly scopes: readonly Scope[]; readonly licence?: Licence },
  handler: (call: ApiCall) => Reply | Promise<Reply>,
): RouteHandler {
  return (request, params) =>
    answered(vendor, request, async () => {
      const key = authenticate(vendor, request);
      if (vendor.scenarios.take('rate-limited')) throw rateLimited(vendor);
      const { licence } = needs;
      if (licence !== undefined && !vendor.settings.current.licences.includes(licence)) {
        throw new ApiFailure(403, 'LICENSE.REQUIRED', 'License required', { licenseKey: licence });
      }
      requireScopes(key, needs.scopes);
      const reply = await handler({ request, params, key });
      return key.expiresAt === null
        ? reply
        : { ...reply, headers: { ...reply.headers, 'x-api-key-expires-at': key.expiresAt } };
    });
}

/** Runs a handler; a failure becomes the vendor's envelope, and the call shows in the feed. */
export async function answered(
  vendor: Vendor,
  request: SandboxRequest,
  work: () => Reply | Promise<Reply>,
): Promise<Reply> {
  const path = request.url.pathname;
  const note = (status: number, code: string | null): void =>
    vendor.activity.add('api', `${request.method} ${path} → ${status}`, { status, code });
  try {
    const reply = await work();
    note(reply.status, null);
    return reply;
  } catch (error) {
    const failure =
      error instanceof ApiFailure
        ? error
        : new ApiFailure(500, null, `Internal Server Error: ${String(error)}`);
    note(failure.statusCode, failure.code);
    return json(envelopeOf(failure, path, vendor.time.iso()), failure.statusCode, failure.headers);
  }
}

function authenticate(vendor: Vendor, request: SandboxRequest): ApiKey {
  // The query form works at the vendor too; it leaks into logs, and nobody should use it.
  const given = request.header('x-api-key') ?? request.url.searchParams.get('x-api-key');
  return vendor.apiKeys.authenticate(given, request.remoteAddress, vendor.time.now());
}

/** No limit is documented for these calls; keys have "rate limit tiers". The form of this answer is ASSUMED. */
function rateLimited(vendor: Vendor): ApiFailure {
  const resetSeconds = Math.ceil(vendor.time.now() / 1000) + RATE_LIMIT_WINDOW_SECONDS;
  return new ApiFailure(429, 'RATE_LIMITED', 'Too Many Requests', null, {
    'retry-after': String(RATE_LIMIT_WINDOW_SECONDS),
    'x-rate-limit-remaining': '0',
    'x-rate-limit-reset': String(resetSeconds),
    'access-control-expose-headers': 'X-Rate-Limit-Remaining, X-Rate-Limit-Reset',
  });
}
