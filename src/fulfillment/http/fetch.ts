import { ConfigurationError } from '../errors.js';
import type { Receiver } from '../receive.js';
import { empty, refuse, RefusalError } from './answers.js';
import { readBytes } from './body.js';
import { offerDirectDelivery, type DirectDelivery } from './direct-delivery.js';
import {
  bindTokenRoute,
  eventsRoute,
  signalsRoute,
  startRoute,
  statusRoute,
  type HandoffServices,
} from './handoff-routes.js';
import { OriginPolicy } from './origin.js';
import { webhookRoute } from './webhook-route.js';

export interface FetchServices extends HandoffServices {
  readonly receiver: Receiver;
  readonly basePath: string;
  readonly origins: readonly string[];
  readonly closing: () => boolean;
}

type Route = (services: FetchServices, request: Request, id: string) => Promise<Response>;

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
export function createFetch(services: FetchServices): (request: Request) => Promise<Response> {
  const policy = new OriginPolicy(services.origins);
  const deliver = directDelivery(services);
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const inside = pathname.startsWith(`${services.basePath}/`);
    const path = inside ? pathname.slice(services.basePath.length + 1).split('/') : [];
    const [first, vendor] = path;
    if (first === 'webhooks' && vendor !== undefined && path.length === 2) {
      const { method, headers } = request;
      const answer = await deliver(vendor, {
        method,
        headers,
        readBytes: (maxBytes) => readBytes(request, maxBytes),
      });
      return typeof answer === 'number' ? empty(answer) : answer;
    }
    const isPages = first === 'attempts';
    try {
      refuseWhileClosing(services);
      if (!isPages) throw new RefusalError('not_found', 'No such route');
      if (request.method === 'OPTIONS') return policy.preflight(request);
      policy.check(request);
      return policy.expose(request, await attemptRoute(services, request, path));
    } catch (error) {
      const refused = refuse(toRefusal(services, error));
      return isPages ? policy.expose(request, refused) : refused;
    }
  };
  offerDirectDelivery(fetch, { basePath: services.basePath, deliver });
  return fetch;
}

/** What becomes of a delivery, for every way it can come in. */
function directDelivery(services: FetchServices): DirectDelivery['deliver'] {
  return async (vendor, request) => {
    try {
      refuseWhileClosing(services);
      return await webhookRoute(services.context, services.receiver, vendor, request);
    } catch (error) {
      return refuse(toRefusal(services, error));
    }
  };
}

function refuseWhileClosing({ closing }: FetchServices): void {
  if (closing()) throw new RefusalError('unavailable', 'The kit is closing', { 'Retry-After': '1' });
}

function attemptRoute(services: FetchServices, request: Request, path: readonly string[]): Promise<Response> {
  const [, id, action = ''] = path;
  if (id === undefined) {
    allowOnly('POST', request);
    return startRoute(services, request);
  }
  const found =
    path.length <= 3 && Object.hasOwn(ATTEMPT_ROUTES, action) ? ATTEMPT_ROUTES[action] : undefined;
  if (found === undefined || id === '' || (path.length === 3 && action === '')) {
    throw new RefusalError('not_found', 'No such route');
  }
  allowOnly(found.method, request);
  return found.route(services, request, id);
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
  context.log({
    level: 'error',
    event: configuration ? 'http.misconfigured' : 'http.failed',
    // A host's own mistake is told in full, to the host; any other error may hold what is nobody's to read.
    message: configuration ? error.message : 'A request failed',
    fields: { error: error instanceof Error ? error.name : 'unknown', code: codeOf(error) },
  });
  return isUnreachable(error)
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
