/** What every call of the API passes: token, faults, and how a refusal is written. */
import { json, parseJson, type Reply, type SandboxRequest } from '../../ledgerbee/http.js';
import type { Params, RouteHandler } from '../../ledgerbee/router.js';
import { ASSUMED } from '../assumptions.js';
import { ApiFailure, failureReply } from '../failure.js';
import { REFUSAL_FAULTS, type RefusalFault } from '../faults.js';
import type { SiglumeVendor } from '../vendor.js';

export interface ApiCall {
  readonly request: SandboxRequest;
  readonly params: Params;
  /** A JSON object; `{}` for a call without a body. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Those that any call can meet; the others are the hosted checkout's own. */
const ANY_CALL: ReadonlySet<RefusalFault> = new Set([
  'unauthorized',
  'forbidden',
  'rate-limited',
  'server-error',
  'unavailable',
  'not-json',
  'redirected',
]);

/** Wraps a handler of the API. */
export function guarded(
  vendor: SiglumeVendor,
  handler: (call: ApiCall) => Reply | Promise<Reply>,
  isCheckout = false,
): RouteHandler {
  return (request, params) =>
    answered(vendor, request, () => {
      authenticate(vendor, request);
      const names = REFUSAL_FAULTS.filter((name) => isCheckout || ANY_CALL.has(name));
      const fault = vendor.faults.takeOneOf(names);
      if (fault === 'not-json') return html(502);
      if (fault === 'redirected') return redirected(vendor, request);
      if (fault !== null) throw failureOf(vendor, fault);
      return handler({ request, params, body: bodyOf(request) });
    });
}

/** Runs a handler; a failure becomes the vendor's envelope, and the call shows in the feed. */
export async function answered(
  vendor: SiglumeVendor,
  request: SandboxRequest,
  work: () => Reply | Promise<Reply>,
): Promise<Reply> {
  const note = (status: number, code: string | null): void =>
    vendor.activity.add('api', `${request.method} ${request.url.pathname} → ${status}`, { status, code });
  try {
    const reply = await work();
    note(reply.status, null);
    return reply;
  } catch (error) {
    const failure =
      error instanceof ApiFailure
        ? error
        : new ApiFailure(500, 'INTERNAL_ERROR', `Internal: ${String(error)}`);
    note(failure.status, failure.code);
    return failureReply(failure, vendor.assumptions.current.errorEnvelope);
  }
}

/** A page where JSON was asked for, as a proxy in front of the vendor would answer. */
export function html(status: number): Reply {
  return {
    ...json(null, status),
    headers: { 'content-type': 'text/html' },
    body: '<html>Bad Gateway</html>',
  };
}

/** Status and code ASSUMED (U8). */
function authenticate(vendor: SiglumeVendor, request: SandboxRequest): void {
  const [scheme, token = ''] = (request.header('authorization') ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && token.startsWith('cli_')) {
    throw new ApiFailure(403, 'FORBIDDEN', 'Portal keys are refused');
  }
  if (scheme?.toLowerCase() !== 'bearer' || token !== vendor.merchantToken) {
    throw new ApiFailure(401, 'UNAUTHORIZED', 'A valid bearer token is needed');
  }
}

function bodyOf(request: SandboxRequest): ApiCall['body'] {
  const body = parseJson(request);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiFailure(422, 'VALIDATION_ERROR', 'The body must be a JSON object');
  }
  return body as ApiCall['body'];
}

/** To another host: whoever follows hands the token over. */
function redirected(vendor: SiglumeVendor, request: SandboxRequest): Reply {
  return {
    status: 307,
    headers: { location: `${vendor.checkoutOrigin()}${request.url.pathname}` },
    body: '',
  };
}

/** Statuses of the billing codes are ASSUMED (U24). */
function failureOf(
  vendor: SiglumeVendor,
  fault: Exclude<RefusalFault, 'not-json' | 'redirected'>,
): ApiFailure {
  switch (fault) {
    case 'not-enabled':
      return new ApiFailure(409, 'HOSTED_CHECKOUT_NOT_ENABLED', 'Hosted checkout is not enabled');
    case 'feature-disabled':
      return new ApiFailure(409, 'FEATURE_DISABLED', 'The feature is disabled');
    case 'feature-disabled-404':
      return new ApiFailure(404, 'FEATURE_DISABLED', 'The feature is disabled');
    case 'not-found':
      return new ApiFailure(404, 'NOT_FOUND', 'Not found');
    case 'not-found-no-code':
      return new ApiFailure(404, null, 'Not found');
    case 'route-not-found':
      return new ApiFailure(404, 'ROUTE_NOT_FOUND', 'No such route');
    case 'readiness-required':
      return notReady(vendor, ['live_mode']);
    case 'merchant-not-found':
      return new ApiFailure(404, 'EXTERNAL_402_MERCHANT_NOT_FOUND', 'No such merchant');
    case 'billing-setup-required':
      return new ApiFailure(409, 'EXTERNAL_402_MERCHANT_BILLING_SETUP_REQUIRED', 'No billing mandate');
    case 'billing-past-due':
      return new ApiFailure(409, 'EXTERNAL_402_MERCHANT_BILLING_PAST_DUE', 'Billing is past due');
    case 'billing-suspended':
      return new ApiFailure(409, 'EXTERNAL_402_MERCHANT_BILLING_SUSPENDED', 'Billing is suspended');
    case 'validation-failed':
      return new ApiFailure(422, 'VALIDATION_ERROR', 'success_url is not accepted', {
        details: { field: 'success_url' },
      });
    case 'unauthorized':
      return new ApiFailure(401, 'UNAUTHORIZED', 'The token has expired');
    case 'forbidden':
      return new ApiFailure(403, 'FORBIDDEN', 'Not this user');
    case 'rate-limited':
      return new ApiFailure(429, 'RATE_LIMITED', 'Too many requests', {
        headers: { 'retry-after': String(ASSUMED.retryAfterSeconds) },
      });
    case 'server-error':
      return new ApiFailure(500, 'INTERNAL_ERROR', 'Something broke');
    case 'unavailable':
      return new ApiFailure(503, 'SERVICE_UNAVAILABLE', 'Maintenance');
  }
}

/** The layout of the list is ASSUMED (U18). */
export function notReady(vendor: SiglumeVendor, missing: readonly string[]): ApiFailure {
  const list = { missing_requirements: missing };
  const isInDetails = vendor.assumptions.current.missingRequirements === 'in-details';
  return new ApiFailure(
    409,
    'HOSTED_CHECKOUT_READINESS_REQUIRED',
    'The account is not ready for hosted checkout',
    isInDetails ? { details: list } : { extra: list },
  );
}
