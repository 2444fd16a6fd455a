/** One request to one answer: API, checkout and control API share a server. */
import { empty, page, type Reply, type SandboxRequest } from '../ledgerbee/http.js';
import { findRoute } from '../ledgerbee/router.js';
import { answered } from './api/guard.js';
import { apiRoutes } from './api/routes.js';
import { endPage } from './checkout/pages.js';
import { checkoutRoutes } from './checkout/routes.js';
import { controlPreflight, controlRoutes, isForeignControl } from './control-api.js';
import { ApiFailure } from './failure.js';
import type { SiglumeVendor } from './vendor.js';

export function createDispatch(vendor: SiglumeVendor): (request: SandboxRequest) => Promise<Reply> {
  const routes = [...apiRoutes(vendor), ...checkoutRoutes(vendor), ...controlRoutes(vendor)];
  return async (request) => {
    const path = request.url.pathname;
    const isControl = path.startsWith('/_sandbox/');
    // The API is for servers: it answers no preflight.
    if (request.method === 'OPTIONS') return isControl ? controlPreflight(vendor, request) : empty(404);
    if (isControl && isForeignControl(vendor, request)) return controlPreflight(vendor, request);
    const found = findRoute(routes, request.method, path);
    if (found !== null) return found.handler(request, found.params);
    if (!path.startsWith('/v1/')) return page(endPage('unknown', null), 404);
    return answered(vendor, request, () => {
      throw new ApiFailure(404, 'ROUTE_NOT_FOUND', 'No such route');
    });
  };
}
