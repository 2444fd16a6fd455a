/** `/_sandbox/…`: what a QA console drives the sandbox with. Open to the partner origins and to the portal itself. */
import { ASSUMPTIONS, type AssumptionName } from './assumptions.js';
import { ApiFailure } from './envelope.js';
import { empty, json, parseJson, type Reply, type SandboxRequest } from './http.js';
import { type Route, route, type RouteHandler } from './router.js';
import type { ScenarioName } from './scenarios.js';
import { SEED } from './seed.js';
import type { SubscriptionActions } from './subscription-actions.js';
import type { Vendor } from './vendor.js';

const KEEP_ALIVE_MS = 15_000;

export function controlRoutes(vendor: Vendor, actions: SubscriptionActions): readonly Route[] {
  const control = (work: RouteHandler): RouteHandler => {
    return async (request, params) => withCors(vendor, request, await refusing(() => work(request, params)));
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
      control((request) => activityStream(vendor, request)),
    ),
    route(
      'POST',
      '/_sandbox/scenarios',
      control((request) => {
        const { name, on, times } = bodyOf(request);
        const to = on === true && times !== undefined ? { times: Number(times) } : on === true;
        vendor.scenarios.set(name as ScenarioName, to);
        return json({ scenarios: vendor.scenarios.list() });
      }),
    ),
    route(
      'POST',
      '/_sandbox/assumptions',
      control((request) => {
        const { name, value } = bodyOf(request);
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
  return withCors(
    vendor,
    request,
    empty(204, {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type, last-event-id',
    }),
  );
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

/** Server-sent events: what `Last-Event-ID` missed (all that is kept, without one), then what happens. */
function activityStream(vendor: Vendor, request: SandboxRequest): Reply {
  const last = request.header('last-event-id');
  const fromNow = last === null && request.url.searchParams.get('after') === 'now';
  const missed = fromNow ? [] : vendor.activity.list(Number(last ?? 0) || 0);
  const frame = (entry: { readonly seq: number }): string =>
    `id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    body: (write) => {
      write(`retry: 1000\n\n${missed.map(frame).join('')}`);
      const unsubscribe = vendor.activity.subscribe((entry) => write(frame(entry)));
      const beat = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS).unref();
      return () => {
        unsubscribe();
        clearInterval(beat);
      };
    },
  };
}

/** A page of another site must not turn the switches: no CORS header, and a foreign `Origin` is refused. */
function withCors(vendor: Vendor, request: SandboxRequest, reply: Reply): Reply {
  const origin = request.header('origin');
  if (origin === null || origin === vendor.portalOrigin()) return reply;
  return isPartner(vendor, origin)
    ? { ...reply, headers: { ...reply.headers, 'access-control-allow-origin': origin, vary: 'origin' } }
    : json({ message: `${origin} is not a partner origin of this sandbox` }, 403);
}

function isPartner(vendor: Vendor, origin: string): boolean {
  return vendor.settings.current.partnerOrigins.includes(origin);
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
    if (error instanceof ApiFailure) return json({ message: error.message }, error.statusCode);
    throw error;
  }
}
