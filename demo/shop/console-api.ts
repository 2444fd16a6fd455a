/** What the QA console asks of the shop: the feed of everything that happens, and its switches. The demo's alone; no shop would serve this. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readSettings, SETTINGS } from '../pages/settings.js';
import { actsOf } from './acts.js';
import { streamFeed } from './console-feed.js';
import { readStart } from './console-start.js';
import { isSameOrigin, readBody, send, sendJson } from './http.js';
import { reconcileNow } from './reconcile-now.js';
import { keepRobots, robotOf } from './robots.js';
import type { ShopOptions } from './server.js';
import { renderAccess } from './views/access.js';
import { buyerOf, customerIdOf, visitorOf } from './visitor.js';
import { wordsOf } from './words.js';

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export function createConsoleApi(options: ShopOptions): Handler {
  const { backend, shopOrigin } = options;
  const { store, catalogue, kit, fates, sandboxes, switches, later } = backend;
  const { ledgerbee, siglume, ledyer } = sandboxes;
  const acts = actsOf(backend);

  /** What a sandbox has in its lists, for the tests. */
  const listOf =
    (list: () => unknown): Handler =>
    async (_request, response) => {
      sendJson(response, 200, list());
      await Promise.resolve();
    };

  const reads: Readonly<Record<string, Handler>> = {
    feed: (request, response, url) => streamFeed(options, request, response, url.searchParams),
    grants: async (_request, response, url) => {
      sendJson(response, 200, await store.grantsOf(url.searchParams.get('order') ?? ''));
    },
    order: async (_request, response, url) => {
      sendJson(response, 200, await kit.orders.read(url.searchParams.get('ref') ?? ''));
    },
    subscriptions: listOf(() => ledgerbee.subscriptions.list()),
    deliveries: listOf(() => ledgerbee.deliveries.list()),
    mail: listOf(() => ledgerbee.mail.list()),
    'siglume-sessions': listOf(() => siglume.sessions.list()),
    'siglume-deliveries': listOf(() => siglume.deliveries.list()),
    'ledyer-purchases': listOf(() => ledyer.purchases.list()),
    'ledyer-notifications': listOf(() => ledyer.notifications.list()),
    'ledyer-activity': listOf(() => ledyer.activity.list()),
    access: async (request, response, url) => {
      const session = await visitorOf(store, request, response);
      const granted = await store.accessOf(session, customerIdOf(session, backend.customers));
      const words = wordsOf(readSettings(url.searchParams));
      send(response, 200, 'text/html; charset=utf-8', renderAccess(granted, buyerOf(session), words).text);
    },
  };

  const resetScenarios = (): void => {
    for (const { reset } of Object.values(switches)) reset();
    later.forget();
  };

  const writes: Readonly<Record<string, Handler>> = {
    /** A fresh order under these scenarios, as this buyer. */
    start: async (request, response) => {
      const { vendor, scenarios, buyer, fate, plan } = readStart(await readBody(request), switches);
      resetScenarios();
      const session = await visitorOf(store, request, response);
      const buyerId = buyer === undefined ? session.buyerId : buyer;
      await store.logIn(session, buyerId);
      const order = await store.newOrder({ id: session.id, buyerId }, plan ?? catalogue.vanity);
      if (fate !== null) fates.set(order.ref, fate);
      // The shop's own backend calls Ledyer before the kit does: its troubles begin when the checkout is open.
      if (vendor === 'ledyer') later.keep(order.ref, scenarios);
      else for (const scenario of scenarios) if (robotOf(scenario) === null) switches[vendor].set(scenario);
      if (vendor === 'ledgerbee') keepRobots(order.ref, scenarios, later);
      sendJson(response, 200, { order: order.ref });
    },
    reset: async (request, response) => {
      const { plan } = readStart(await readBody(request), switches);
      resetScenarios();
      for (const { assumptions } of [ledgerbee, siglume, ledyer]) assumptions.reset();
      const session = await visitorOf(store, request, response);
      await store.logIn(session, null);
      await store.newOrder({ id: session.id, buyerId: null }, plan ?? catalogue.vanity);
      sendJson(response, 200, {});
    },
    /** Of all three vendors, for every visitor. */
    'switch-off': (_request, response) => {
      resetScenarios();
      sendJson(response, 200, {});
      return Promise.resolve();
    },
    reconcile: async (request, response) => {
      const { order } = JSON.parse(await readBody(request)) as Readonly<Record<string, unknown>>;
      const session = await visitorOf(store, request, response);
      sendJson(response, 200, { asked: await reconcileNow(backend, session, String(order)) });
    },
    /** Answers once nothing is under way any more: deliveries sent, background work done. */
    quiet: async (_request, response) => {
      await Promise.all([ledgerbee, siglume, ledyer].map((sandbox) => sandbox.idle()));
      await kit.tick();
      sendJson(response, 200, {});
    },
    act: async (request, response) => {
      const asked = JSON.parse(await readBody(request)) as Readonly<Record<string, unknown>>;
      const vendor = SETTINGS.vendor.find((one) => one === asked['vendor']) ?? 'ledgerbee';
      const name = String(asked['act']);
      const act = Object.hasOwn(acts[vendor], name) ? acts[vendor][name] : undefined;
      try {
        if (act === undefined) throw new Error(`${vendor} has no act ${name}.`);
        await act(String(asked['order']));
        sendJson(response, 200, {});
      } catch (error) {
        sendJson(response, 409, { message: error instanceof Error ? error.message : String(error) });
      }
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
