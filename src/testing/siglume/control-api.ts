/** `/_sandbox/…`: what a QA console drives the sandbox with. Open to the listed origins and to the checkout itself. */
import { empty, json, parseJson, type Reply, type SandboxRequest } from '../ledgerbee/http.js';
import { type Route, route, type RouteHandler } from '../ledgerbee/router.js';
import { feedStream } from '../shared/control.js';
import { SIGLUME_ASSUMPTIONS, type AssumptionName } from './assumptions.js';
import { ApiFailure } from './failure.js';
import type { FaultName } from './faults.js';
import { READINESS_CHECKS, type ReadinessCheck } from './merchant.js';
import { SESSION_ACTIONS, sessionAction, BATCH_ACTIONS, batchAction } from './buyer-actions.js';
import type { SiglumeVendor } from './vendor.js';

export function controlRoutes(vendor: SiglumeVendor): readonly Route[] {
  const control = (method: Route['method'], path: string, work: RouteHandler): Route =>
    route(method, `/_sandbox${path}`, async (request, params) =>
      withCors(vendor, request, await refusing(() => work(request, params))),
    );
  return [
    control('GET', '/state', () => json(stateOf(vendor))),
    control('GET', '/activity', (request) => feedStream(vendor.activity, request)),
    control('POST', '/faults', (request) => {
      const { name, on, times } = bodyOf(request);
      const to = on === true && times !== undefined ? { times: Number(times) } : on === true;
      vendor.faults.set(name as FaultName, to);
      return json({ faults: vendor.faults.list() });
    }),
    control('POST', '/assumptions', (request) => {
      const { name, value } = bodyOf(request);
      // The setter refuses what is not in the closed list.
      vendor.assumptions.set(name as AssumptionName, value as never);
      return json({ assumptions: vendor.assumptions.current });
    }),
    control('POST', '/readiness', (request) => {
      const { check, met } = bodyOf(request);
      vendor.merchant.setReadiness(check as ReadinessCheck, met === true);
      return json({ missing: vendor.merchant.missing() });
    }),
    control('POST', '/reset', () => {
      vendor.faults.reset();
      vendor.assumptions.reset();
      for (const check of READINESS_CHECKS) vendor.merchant.setReadiness(check, true);
      return json({ faults: vendor.faults.list() });
    }),
    control('POST', '/sessions/:id/:action', (_, { id = '', action = '' }) =>
      json(sessionAction(vendor, id, oneOf(SESSION_ACTIONS, action))),
    ),
    control('POST', '/batches/:id/:action', (_, { id = '', action = '' }) =>
      json(batchAction(vendor, id, oneOf(BATCH_ACTIONS, action))),
    ),
    control('POST', '/periods/close', () => json({ batches: vendor.metered.closePeriods() })),
    control('POST', '/deliveries/:id/:action', async (_, { id = '', action = '' }) =>
      json(await vendor.sender[oneOf(['redeliver', 'replay'], action)](id)),
    ),
  ];
}

export function controlPreflight(vendor: SiglumeVendor, request: SandboxRequest): Reply {
  const headers = {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type, last-event-id',
  };
  return withCors(vendor, request, empty(204, headers));
}

/** Whether a page of another site calls: refused before anything is turned. */
export function isForeignControl(vendor: SiglumeVendor, request: SandboxRequest): boolean {
  const origin = request.header('origin');
  return origin !== null && origin !== vendor.checkoutOrigin() && !vendor.controlOrigins.includes(origin);
}

function stateOf(vendor: SiglumeVendor): unknown {
  return {
    checkoutOrigin: vendor.checkoutOrigin(),
    faults: vendor.faults.list(),
    assumptions: vendor.assumptions.current,
    assumptionValues: SIGLUME_ASSUMPTIONS,
    merchant: { key: vendor.merchant.key, missing: vendor.merchant.missing() },
    sessions: vendor.sessions.list(),
    payments: vendor.payments.list().map(({ session, event, ...payment }) => ({
      ...payment,
      sessionId: session.id,
      eventType: event?.type ?? null,
    })),
    usages: vendor.metered.usages(),
    batches: vendor.metered.batches(),
    deliveries: vendor.log.list(),
    activity: vendor.activity.list(),
  };
}

function withCors(vendor: SiglumeVendor, request: SandboxRequest, reply: Reply): Reply {
  const origin = request.header('origin');
  if (origin === null || origin === vendor.checkoutOrigin()) return reply;
  if (isForeignControl(vendor, request))
    return json({ message: `${origin} may not drive this sandbox` }, 403);
  return { ...reply, headers: { ...reply.headers, 'access-control-allow-origin': origin, vary: 'origin' } };
}

function oneOf<const Name extends string>(names: readonly Name[], given: string): Name {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new RangeError(`unknown action: ${given}; known are ${names.join(', ')}`);
  return found;
}

function bodyOf(request: SandboxRequest): Readonly<Record<string, unknown>> {
  const body = parseJson(request);
  if (typeof body !== 'object' || body === null) throw new RangeError('the body must be a JSON object');
  return body as Readonly<Record<string, unknown>>;
}

async function refusing(work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) return json({ message: error.message }, 400);
    if (error instanceof ApiFailure) return json({ message: error.message }, error.status);
    throw error;
  }
}
