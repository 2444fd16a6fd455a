/** `/_sandbox/…`: what a QA console drives the sandbox with. Open to the partner origins and to the portal itself. */
import { ASSUMPTIONS, type AssumptionName } from './assumptions.js';
import { ApiFailure } from './envelope.js';
import { json, type Reply, type SandboxRequest } from './http.js';
import { type Route, route, type RouteHandler } from './router.js';
import type { ScenarioName } from './scenarios.js';
import { SEED } from './seed.js';
import type { SubscriptionActions } from './subscription-actions.js';
import { controlBody, feedStream, type OriginRule, preflight, withCors } from '../shared/control.js';
import type { Vendor } from './vendor.js';

export function controlRoutes(vendor: Vendor, actions: SubscriptionActions): readonly Route[] {
  const control = (work: RouteHandler): RouteHandler => {
    return async (request, params) =>
      withCors(request, await refusing(() => work(request, params)), originRule(vendor));
  };
  return [
    route(
      'GET',
      '/_sandbox/state',
      control(() => json(stateOf(vendor))),
    ),
    route(
      'GET',
      '/_sandbox/activity',
      control((request) => feedStream(vendor.activity, request)),
    ),
    route(
      'POST',
      '/_sandbox/scenarios',
      control((request) => {
        const { name, on, times } = controlBody(request);
        const to = on === true && times !== undefined ? { times: Number(times) } : on === true;
        vendor.scenarios.set(name as ScenarioName, to);
        return json({ scenarios: vendor.scenarios.list() });
      }),
    ),
    route(
      'POST',
      '/_sandbox/assumptions',
      control((request) => {
        const { name, value } = controlBody(request);
        // The setter refuses what is not in the closed list.
        vendor.assumptions.set(name as AssumptionName, value as never);
        return json({ assumptions: vendor.assumptions.current });
      }),
    ),
    route(
      'POST',
      '/_sandbox/reset',
      control(() => {
        vendor.scenarios.reset();
        vendor.assumptions.reset();
        vendor.settings.reset();
        return json({ scenarios: vendor.scenarios.list() });
      }),
    ),
    route(
      'POST',
      '/_sandbox/deliveries/:id/:action',
      control(async (_, { id = '', action = '' }) => {
        if (action !== 'redeliver' && action !== 'replay') throw new RangeError(`unknown action: ${action}`);
        return json(await vendor.sender[action](id));
      }),
    ),
    route(
      'POST',
      '/_sandbox/subscriptions/:id/:action',
      control((_, { id = '', action = '' }) => {
        if (!Object.hasOwn(actions, action)) throw new RangeError(`unknown action: ${action}`);
        return json(actions[action as keyof SubscriptionActions](id));
      }),
    ),
  ];
}

export function controlPreflight(vendor: Vendor, request: SandboxRequest): Reply {
  return preflight(request, originRule(vendor));
}

function stateOf(vendor: Vendor): unknown {
  return {
    portalOrigin: vendor.portalOrigin(),
    scenarios: vendor.scenarios.list(),
    assumptions: vendor.assumptions.current,
    assumptionValues: ASSUMPTIONS,
    settings: vendor.settings.current,
    plans: vendor.catalogue.all().map((plan) => vendor.catalogue.entry(plan, 'en')),
    customers: Object.values(SEED.customers),
    subscriptions: vendor.subscriptions.list(),
    deliveries: vendor.deliveryLog.list(),
    mail: vendor.magicLinks.list(),
    activity: vendor.activity.list(),
  };
}

function originRule(vendor: Vendor): OriginRule {
  return (origin) => {
    if (origin === vendor.portalOrigin()) return 'own';
    return vendor.settings.current.partnerOrigins.includes(origin) ? 'partner' : 'foreign';
  };
}

async function refusing(work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) return json({ message: error.message }, 400);
    if (error instanceof ApiFailure) return json({ message: error.message }, error.statusCode);
    throw error;
  }
}
