/** One request to one answer: the public API, the portal and the control API share a server. */
import { answered } from './api/guard.js';
import { publicApiRoutes } from './api/routes.js';
import { controlPreflight, controlRoutes } from './control-api.js';
import { ApiFailure } from './envelope.js';
import { empty, page, type Reply, type SandboxRequest } from './http.js';
import { checkoutPreflight } from './portal/checkout-api.js';
import { notFoundPage } from './portal/embed-page.js';
import { portalRoutes } from './portal/routes.js';
import { findRoute } from './router.js';
import type { SubscriptionActions } from './subscription-actions.js';
import type { Vendor } from './vendor.js';

export function createDispatch(
  vendor: Vendor,
  actions: SubscriptionActions,
): (request: SandboxRequest) => Promise<Reply> {
  const routes = [...publicApiRoutes(vendor), ...portalRoutes(vendor), ...controlRoutes(vendor, actions)];
  return async (request) => {
    const path = request.url.pathname;
    if (request.method === 'OPTIONS') return preflight(vendor, request, path);
    if (path.startsWith('/_sandbox/') && isForeign(vendor, request)) return controlPreflight(vendor, request);
    const found = findRoute(routes, request.method, path);
    if (found !== null) return found.handler(request, found.params);
    if (!path.startsWith('/api/')) return page(notFoundPage('en'), 404);
    return answered(vendor, request, () => {
      throw new ApiFailure(404, null, `Cannot ${request.method} ${path.slice('/api'.length)}`);
    });
  };
}

/** The public API is for servers: it answers no preflight. */
function preflight(vendor: Vendor, request: SandboxRequest, path: string): Reply {
  if (path.startsWith('/_sandbox/')) return controlPreflight(vendor, request);
  if (path.startsWith('/api/checkout/')) return checkoutPreflight(vendor, request);
  return empty(404);
}

/** Refused before the handler runs: a switch must not have been turned by then. */
function isForeign(vendor: Vendor, request: SandboxRequest): boolean {
  const origin = request.header('origin');
  if (origin === null || origin === vendor.portalOrigin()) return false;
  return !vendor.settings.current.partnerOrigins.includes(origin);
}
