/** One request to one answer: the API, the buyer's pages and the control API share a server. */
import { empty, type Reply, type SandboxRequest } from '../ledgerbee/http.js';
import { findRoute } from '../ledgerbee/router.js';
import type { LedyerActs } from './acts.js';
import { answered } from './api/guard.js';
import { apiRoutes } from './api/routes.js';
import { controlPreflight, controlRoutes } from './control-api.js';
import { LedyerFailure } from './failure.js';
import { checkoutRoutes } from './pages/checkout.js';
import { dashboardRoutes } from './pages/dashboard.js';
import { signatoryRoutes } from './pages/signatory.js';
import type { Vendor } from './vendor.js';

export function createDispatch(
  vendor: Vendor,
  acts: LedyerActs,
): (request: SandboxRequest) => Promise<Reply> {
  const routes = [
    ...apiRoutes(vendor),
    ...checkoutRoutes(vendor),
    ...signatoryRoutes(vendor),
    ...dashboardRoutes(vendor),
    ...controlRoutes(vendor, acts),
  ];
  return async (request) => {
    const { pathname } = request.url;
    if (request.method === 'OPTIONS') {
      return pathname.startsWith('/_sandbox/') ? controlPreflight(vendor, request) : empty(404);
    }
    const found = findRoute(routes, request.method, pathname);
    if (found !== null) return found.handler(request, found.params);
    return answered(vendor, request, () => {
      throw new LedyerFailure(404, 'not found');
    });
  };
}
