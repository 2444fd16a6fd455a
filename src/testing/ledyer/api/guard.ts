/** What every call of the API passes: the scenarios, the token, the idempotency key; and how a refusal is written. */
import { json, type Reply, type SandboxRequest } from '../../ledgerbee/http.js';
import type { Params, RouteHandler } from '../../ledgerbee/router.js';
import { RATE_LIMIT_RETRY_AFTER_SECONDS } from '../assumptions.js';
import { answerOf, LedyerFailure } from '../failure.js';
import type { Vendor } from '../vendor.js';

export interface ApiCall {
  readonly request: SandboxRequest;
  readonly params: Params;
  /** Whose token it is. */
  readonly merchantId: string;
}

/** Wraps a handler of the API. Changes go through their idempotency key. */
export function guarded(vendor: Vendor, handler: (call: ApiCall) => Reply): RouteHandler {
  return (request, params) =>
    answered(vendor, request, () => {
      const trouble = troubleOf(vendor);
      if (trouble !== null) return trouble;
      if (vendor.scenarios.take('token-expired')) vendor.tokens.revokeAll();
      const merchantId = vendor.tokens.authenticate(request.header('authorization'));
      const work = (): Reply => handler({ request, params, merchantId });
      if (request.method === 'GET') return work();
      const scope = `${merchantId} ${request.method} ${request.url.pathname}`;
      const key = request.header('idempotency-key');
      const reply = vendor.idempotency.once(key, scope, request.body, work);
      return vendor.scenarios.take('api-loses-answer') ? { ...reply, instead: 'end' } : reply;
    });
}

/** Runs a handler; a failure becomes the vendor's error, and the call shows in the feed. */
export function answered(vendor: Vendor, request: SandboxRequest, work: () => Reply): Reply {
  const note = (status: number): void => {
    const path = request.url.pathname.replace(/at_\w+/, 'at_…');
    vendor.activity.add('api', `${request.method} ${path} → ${status}`, { status });
  };
  try {
    const reply = work();
    note(reply.status);
    return reply;
  } catch (error) {
    if (!(error instanceof LedyerFailure)) throw error;
    note(error.status);
    return answerOf(error, vendor.assumptions.current.errorShape);
  }
}

/** What the API does instead of its work. */
function troubleOf({ scenarios }: Vendor): Reply | null {
  const nothing = { status: 200, headers: {}, body: '' } as const;
  if (scenarios.take('api-hangs')) return { ...nothing, instead: 'silence' };
  if (scenarios.take('api-down')) throw new LedyerFailure(503, 'service unavailable');
  if (scenarios.take('api-rate-limited')) {
    const headers = { 'retry-after': String(RATE_LIMIT_RETRY_AFTER_SECONDS) };
    throw new LedyerFailure(429, 'too many requests', null, headers);
  }
  if (scenarios.take('api-garbage')) {
    return { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>It works!</h1>' };
  }
  if (scenarios.take('api-redirects')) {
    return json({}, 307, { location: 'http://elsewhere.localhost/v1' });
  }
  return null;
}
