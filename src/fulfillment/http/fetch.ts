import { ConfigurationError } from '../errors.js';
import type { Intake } from '../intake.js';
import { MerchantFunctionError, placeOf } from '../merchant-call.js';
import type { Readiness } from '../readiness.js';
import { empty, refuse, RefusalError } from './answers.js';
import { readBytes } from './body.js';
import type { ClientLimits } from './client-limits.js';
import { offerDirectDelivery, type DirectDelivery } from './direct-delivery.js';
import {
  bindTokenRoute,
  eventsRoute,
  signalsRoute,
  startRoute,
  statusRoute,
  type HandoffServices,
} from './handoff-routes.js';
import { healthRoute, readyRoute } from './health-routes.js';
import { OriginPolicy } from './origin.js';
import { webhookRoute, type DeliveryReceivers } from './webhook-route.js';

/** What the runtime knows of a request beside the `Request`. */
export interface FetchInfo {
  /**
   * The address of whoever is calling, as far as the host trusts it. Without one, callers who show neither a token nor
   * a login are not rate-limited.
   */
  readonly clientAddress?: string | undefined;
}

export interface FetchServices extends HandoffServices {
  readonly receivers: DeliveryReceivers;
  readonly basePath: string;
  readonly origins: readonly string[];
  readonly intake: Intake;
  readonly limits: ClientLimits;
  readonly readiness: Readiness;
}

type Route = (
  services: FetchServices,
  request: Request,
  id: string,
  address: string | undefined,
) => Promise<Response>;

/** The routes under `attempts/`, by what follows the id, and the one method of each. */
const ATTEMPT_ROUTES: Readonly<Record<string, { readonly method: string; readonly route: Route }>> = {
  '': { method: 'GET', route: statusRoute },
  'bind-token': { method: 'POST', route: bindTokenRoute },
  signals: { method: 'POST', route: signalsRoute },
  events: { method: 'GET', route: eventsRoute },
};

/**
 * The kit's HTTP face: one function from request to response, for every runtime that speaks them. It never
 * throws; what is not under the base path is 404.
 */
export function createFetch(
  services: FetchServices,
): (request: Request, info?: FetchInfo) => Promise<Response> {
  const policy = new OriginPolicy(services.origins);
  const deliver = directDelivery(services);
  const answer = async (request: Request, address: string | undefined): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const inside = pathname.startsWith(`${services.basePath}/`);
    const path = inside ? pathname.slice(services.basePath.length + 1).split('/') : [];
    const [first, vendor] = path;
    if (first === 'webhooks' && vendor !== undefined && path.length === 2) {
      const { method, headers } = request;
      const delivered = await deliver(vendor, {
        method,
        headers,
        readBytes: (maxBytes) => readBytes(request, maxBytes),
      });
      return typeof delivered === 'number' ? empty(delivered) : delivered;
    }
    const isPages = first === 'attempts';
    try {
      const probe = path.length === 1 ? probeRoute(services, request, first) : null;
      if (probe !== null) return await probe;
      refuseWhileClosed(services);
      if (!isPages) throw new RefusalError('not_found', 'No such route');
      if (request.method === 'OPTIONS') return policy.preflight(request);
      policy.check(request);
      return policy.expose(request, await attemptRoute(services, request, path, address));
    } catch (error) {
      const refused = refuseFor(services, error);
      return isPages ? policy.expose(request, refused) : refused;
    }
  };
  const fetch = (request: Request, info?: FetchInfo): Promise<Response> => {
    // Frameworks pass objects of their own as the second argument.
    const address: unknown = info?.clientAddress;
    return services.intake.track(answer(request, typeof address === 'string' ? address : undefined));
  };
  offerDirectDelivery(fetch, {
    basePath: services.basePath,
    deliver: (vendor, request) => services.intake.track(deliver(vendor, request)),
  });
  return fetch;
}

/** Answered also while closing: that is what they are asked for. `null`: no such route. */
function probeRoute(
  { readiness }: FetchServices,
  request: Request,
  name: string | undefined,
): Response | Promise<Response> | null {
  if (name === 'health') return healthRoute(request);
  return name === 'ready' ? readyRoute(readiness, request) : null;
}

/** What becomes of a delivery, for every way it can come in. */
function directDelivery(services: FetchServices): DirectDelivery['deliver'] {
  return async (vendor, request) => {
    try {
      refuseWhileClosed(services);
      return await webhookRoute(services.context, services.receivers, vendor, request);
    } catch (error) {
      return refuseFor(services, error);
    }
  };
}

function refuseWhileClosed({ intake }: FetchServices): void {
  if (intake.phase !== 'closed') return;
  throw new RefusalError('unavailable', 'The kit is closing', { 'Retry-After': '1' });
}

function refuseFor(services: FetchServices, error: unknown): Response {
  const refusal = toRefusal(services, error);
  services.context.metrics?.count('checkout_embed_refusals_total', 1, { code: refusal.code });
  return refuse(refusal);
}

function attemptRoute(
  services: FetchServices,
  request: Request,
  path: readonly string[],
  address: string | undefined,
): Promise<Response> {
  const [, id, action = ''] = path;
  if (id === undefined) {
    allowOnly('POST', request);
    return startRoute(services, request, address);
  }
  const found =
    path.length <= 3 && Object.hasOwn(ATTEMPT_ROUTES, action) ? ATTEMPT_ROUTES[action] : undefined;
  if (found === undefined || id === '' || (path.length === 3 && action === '')) {
    throw new RefusalError('not_found', 'No such route');
  }
  allowOnly(found.method, request);
  return found.route(services, request, id, address);
}

function allowOnly(method: string, request: Request): void {
  if (request.method !== method) {
    throw new RefusalError('method_not_allowed', `This route answers ${method}`, {
      Allow: `${method}, OPTIONS`,
    });
  }
}

function toRefusal({ context }: FetchServices, error: unknown): RefusalError {
  if (error instanceof RefusalError) return error;
  const configuration = error instanceof ConfigurationError;
  const merchants = error instanceof MerchantFunctionError ? error : null;
  const thrown = merchants === null ? error : merchants.cause;
  context.log({
    level: 'error',
    event: configuration ? 'http.misconfigured' : 'http.failed',
    // A host's own mistake is told in full, to the host; any other error may hold what is nobody's to read.
    message: configuration ? error.message : (merchants?.message ?? 'A request failed'),
    fields: {
      ...(merchants === null ? {} : { function: merchants.functionName, at: placeOf(thrown) }),
      error: thrown instanceof Error ? thrown.name : 'unknown',
      code: codeOf(thrown),
    },
  });
  return isUnreachable(thrown)
    ? new RefusalError('unavailable', 'The database cannot be reached', { 'Retry-After': '2' })
    : new RefusalError('internal', 'The request failed; the log says more');
}

/** Connection trouble (class 08), a server that starts or stops (57P), or a socket's own error. */
function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null) return /^(08|57P|53)/.test(code) || /^E[A-Z]+$/.test(code);
  return (
    error instanceof Error &&
    /connection (terminated|timeout)|timeout exceeded when trying to connect/i.test(error.message)
  );
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
