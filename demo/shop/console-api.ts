/** What the QA console asks of the shop: the feed of everything that happens, and its switches. The demo's alone; no shop would serve this. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SCENARIOS, type ScenarioName } from 'checkout-embed/testing';
import { BUYERS } from './buyers.js';
import { GATED_PLAN } from './catalogue.js';
import { FATES, type Fate } from './fates.js';
import { streamFeed } from './console-feed.js';
import { isSameOrigin, readBody, send, sendJson } from './http.js';
import { renderAccess } from './page.js';
import type { ShopOptions } from './server.js';
import { buyerOf, customerIdOf, visitorOf } from './visitor.js';

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export function createConsoleApi(options: ShopOptions): Handler {
  const { backend, sandbox, shopOrigin } = options;
  const { store, catalogue, kit, fates } = backend;

  const reads: Readonly<Record<string, Handler>> = {
    feed: (request, response, url) =>
      streamFeed(options, request, response, url.searchParams.get('order') ?? ''),
    grants: async (_request, response, url) => {
      sendJson(response, 200, await store.grantsOf(url.searchParams.get('order') ?? ''));
    },
    order: async (_request, response, url) => {
      sendJson(response, 200, await kit.orders.read(url.searchParams.get('ref') ?? ''));
    },
    subscriptions: async (_request, response) => {
      sendJson(response, 200, sandbox.subscriptions.list());
      await Promise.resolve();
    },
    deliveries: async (_request, response) => {
      sendJson(response, 200, sandbox.deliveries.list());
      await Promise.resolve();
    },
    mail: async (_request, response) => {
      sendJson(response, 200, sandbox.mail.list());
      await Promise.resolve();
    },
    access: async (request, response) => {
      const session = await visitorOf(store, request, response);
      const granted = await store.accessOf(session, customerIdOf(session, backend.customers));
      send(response, 200, 'text/html; charset=utf-8', renderAccess(granted, buyerOf(session)).text);
    },
  };

  const writes: Readonly<Record<string, Handler>> = {
    /** A fresh order under these scenarios, as this buyer. */
    start: async (request, response) => {
      const { scenarios, buyer, fate, plan } = readStart(await readBody(request));
      sandbox.scenarios.reset();
      for (const { name, times } of scenarios) sandbox.scenarios.set(name, times === null ? true : { times });
      const session = await visitorOf(store, request, response);
      const buyerId = buyer === undefined ? session.buyerId : buyer;
      await store.logIn(session, buyerId);
      const order = await store.newOrder({ id: session.id, buyerId }, plan ?? catalogue.vanity);
      if (fate !== null) fates.set(order.ref, fate);
      sendJson(response, 200, { order: order.ref });
    },
    reset: async (request, response) => {
      sandbox.scenarios.reset();
      sandbox.assumptions.reset();
      const session = await visitorOf(store, request, response);
      await store.logIn(session, null);
      await store.newOrder({ id: session.id, buyerId: null }, catalogue.vanity);
      sendJson(response, 200, {});
    },
    reconcile: async (_request, response) => {
      await kit.tick();
      sendJson(response, 200, {});
    },
    /** Answers once nothing is under way any more: deliveries sent, background work done. */
    quiet: async (_request, response) => {
      await sandbox.idle();
      await kit.tick();
      sendJson(response, 200, {});
    },
    redeliver: async (_request, response) => {
      const last = sandbox.deliveries.list().at(-1);
      if (last !== undefined) await sandbox.deliveries.redeliver(last.id);
      sendJson(response, 200, { redelivered: last?.id ?? null });
    },
  };

  return async (request, response, url) => {
    const name = url.pathname.slice('/_demo/'.length);
    if (request.method === 'POST') {
      if (!isSameOrigin(request, shopOrigin)) {
        sendJson(response, 403, { message: 'Only the shop may do this.' });
        return;
      }
      await (Object.hasOwn(writes, name) ? writes[name] : notFound)?.(request, response, url);
    } else {
      await (Object.hasOwn(reads, name) ? reads[name] : notFound)?.(request, response, url);
    }
  };
}

const notFound: Handler = (_request, response) => {
  sendJson(response, 404, { message: 'No such call.' });
  return Promise.resolve();
};

interface Start {
  readonly scenarios: readonly { readonly name: ScenarioName; readonly times: number | null }[];
  /** `undefined` leaves the login as it is; `null` logs out. */
  readonly buyer: string | null | undefined;
  readonly fate: Fate | null;
  /** `null`: the public plan. */
  readonly plan: typeof GATED_PLAN | null;
}

/** @throws {Error} for a body that the console did not write. */
function readStart(body: string): Start {
  const value = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const asked = Array.isArray(value['scenarios']) ? (value['scenarios'] as unknown[]) : [value];
  const buyer = value['buyer'] === null ? null : BUYERS.find(({ id }) => id === value['buyer'])?.id;
  return {
    scenarios: asked.map(readScenario).filter((one) => one !== null),
    buyer,
    fate: FATES.find((fate) => fate === value['fate']) ?? null,
    plan: value['plan'] === GATED_PLAN ? GATED_PLAN : null,
  };
}

/** As `{ name }` in a list, or as `{ scenario }` alone. */
function readScenario(asked: unknown): Start['scenarios'][number] | null {
  const { name: named, scenario, times } = asked as Readonly<Record<string, unknown>>;
  const name = SCENARIOS.find((one) => one === (named ?? scenario));
  return name === undefined ? null : { name, times: typeof times === 'number' && times > 0 ? times : null };
}
