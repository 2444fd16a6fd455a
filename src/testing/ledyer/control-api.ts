/** `/_sandbox/…`: what a QA console drives the sandbox with. Open to the partner origins and to the sandbox's own pages. */
import { json, type Reply, type SandboxRequest } from '../ledgerbee/http.js';
import { type Route, route, type RouteHandler } from '../ledgerbee/router.js';
import { controlBody, feedStream, type OriginRule, preflight, withCors } from '../shared/control.js';
import type { LedyerActs } from './acts.js';
import { LEDYER_ASSUMPTIONS, type LedyerAssumptionName } from './assumptions.js';
import { LedyerFailure } from './failure.js';
import { statusWords } from './order-view.js';
import { paymentStatusOf } from './payment-status.js';
import type { LedyerScenarioName } from './scenarios.js';
import type { Vendor } from './vendor.js';

export function controlRoutes(vendor: Vendor, acts: LedyerActs): readonly Route[] {
  const control = (work: RouteHandler): RouteHandler => {
    return async (request, params) => {
      // Refused before the work: a switch must not have been turned by then.
      if (isForeign(vendor, request)) return controlPreflight(vendor, request);
      return withCors(request, await refusing(() => work(request, params)), originRule(vendor));
    };
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
        vendor.scenarios.set(name as LedyerScenarioName, to);
        return json({ scenarios: vendor.scenarios.list() });
      }),
    ),
    route(
      'POST',
      '/_sandbox/assumptions',
      control((request) => {
        const { name, value } = controlBody(request);
        // The setter refuses what is not in the closed list.
        vendor.assumptions.set(name as LedyerAssumptionName, value as never);
        return json({ assumptions: vendor.assumptions.current });
      }),
    ),
    route(
      'POST',
      '/_sandbox/reset',
      control(() => {
        vendor.scenarios.reset();
        vendor.assumptions.reset();
        return json({ scenarios: vendor.scenarios.list() });
      }),
    ),
    route(
      'POST',
      '/_sandbox/tokens/revoke',
      control(() => {
        vendor.tokens.revokeAll();
        return json({});
      }),
    ),
    route(
      'POST',
      '/_sandbox/notifications/:id/replay',
      control(async (_, { id = '' }) => json(await vendor.sender.replay(id))),
    ),
    route(
      'POST',
      '/_sandbox/purchases/:id/:act',
      control((_, { id = '', act = '' }) => {
        if (!Object.hasOwn(acts, act)) throw new RangeError(`unknown act: ${act}`);
        acts[act as keyof LedyerActs](id);
        return json({ purchases: purchasesOf(vendor) });
      }),
    ),
  ];
}

export function controlPreflight(vendor: Vendor, request: SandboxRequest): Reply {
  return preflight(request, originRule(vendor));
}

function stateOf(vendor: Vendor): unknown {
  return {
    pagesOrigin: vendor.pagesOrigin(),
    scenarios: vendor.scenarios.list(),
    assumptions: vendor.assumptions.current,
    assumptionValues: LEDYER_ASSUMPTIONS,
    purchases: purchasesOf(vendor),
    // Without the bodies: one of them may hold an authorization token.
    notifications: vendor.notificationLog.list().map((one) => ({ ...one, body: undefined })),
    activity: vendor.activity.list(),
  };
}

function purchasesOf(vendor: Vendor): unknown {
  return vendor.purchases.list().map((purchase) => ({
    sessionId: purchase.session.id,
    sessionState: purchase.session.state,
    orderId: purchase.orderId,
    reference: purchase.order?.merchantReference ?? purchase.session.reference,
    ...paymentStatusOf(purchase, vendor.assumptions.current),
    words: purchase.order === null ? [] : statusWords(purchase.order),
  }));
}

function originRule(vendor: Vendor): OriginRule {
  return (origin) => {
    if (origin === vendor.pagesOrigin()) return 'own';
    return vendor.partnerOrigins.includes(origin) ? 'partner' : 'foreign';
  };
}

function isForeign(vendor: Vendor, request: SandboxRequest): boolean {
  const origin = request.header('origin');
  return origin !== null && originRule(vendor)(origin) === 'foreign';
}

async function refusing(work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) return json({ message: error.message }, 400);
    if (error instanceof LedyerFailure) return json({ message: error.message }, error.status);
    throw error;
  }
}
