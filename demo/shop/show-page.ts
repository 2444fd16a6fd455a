/** Answers with one of the shop's pages, as its address asks for it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { keptQuery, readSettings, type PageSettings } from '../pages/settings.js';
import { GATED_PLAN } from './catalogue.js';
import type { Attributes } from './html.js';
import { send } from './http.js';
import { pageHeaders } from './policy.js';
import { productOn } from './products.js';
import { sendRobot } from './robots.js';
import type { ShopOptions } from './server.js';
import type { Session } from './store.js';
import { applyAssumptions } from './switches.js';
import type { AccessView } from './views/access.js';
import { renderConfirmation } from './views/confirmation.js';
import { renderPlanners } from './views/planners.js';
import { renderPlans } from './views/plans.js';
import { renderTemplates } from './views/templates.js';
import { buyerOf, customerIdOf, visitorOf } from './visitor.js';

export async function showTab(
  options: ShopOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { backend } = options;
  const session = await visitorOf(backend.store, request, response);
  const asItWas = backend.lastLook.restore(session.id, url.searchParams);
  if (asItWas !== null) {
    response.setHeader('Location', asItWas);
    send(response, 303, 'text/plain', '');
    return;
  }
  backend.lastLook.keep(session.id, url.searchParams);
  const settings = readSettings(url.searchParams);
  applyAssumptions(backend.switches, url.searchParams);
  sendPage(options, response, settings, await renderTab(options, session, settings, url.searchParams));
}

/** Only to whoever placed the order: its reference is in the address, and addresses are passed on. */
export async function showConfirmation(
  options: ShopOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { store } = options.backend;
  const session = await visitorOf(store, request, response);
  const order = await store.orderOf(session, url.searchParams.get('order') ?? '');
  if (order === null) {
    send(response, 404, 'text/plain; charset=utf-8', 'No such order here.');
    return;
  }
  const settings: PageSettings = { ...readSettings(url.searchParams), vendor: 'ledyer' };
  const view = {
    settings,
    orderRef: order.ref,
    links: linksOf(options, settings),
    robot: null,
    ...(await accessView(options, session)),
  };
  sendPage(options, response, settings, renderConfirmation(view));
}

async function renderTab(
  options: ShopOptions,
  session: Session,
  settings: PageSettings,
  query: URLSearchParams,
): Promise<string> {
  const { backend, shopOrigin } = options;
  const { store, catalogue } = backend;
  const isGated = settings.plan === 'gated';
  const product = productOn(settings);
  const sold = product?.id ?? (isGated ? GATED_PLAN : catalogue.vanity);
  const { ref: orderRef } = await store.currentOrder(session, sold);
  const access = await accessView(options, session);
  const view = { settings, orderRef, links: linksOf(options, settings), robot: null, ...access };
  switch (product?.vendor) {
    case undefined:
      return renderPlans({
        ...view,
        robot: sendRobot(orderRef, backend.later, backend.switches.ledgerbee),
        shopOrigin,
        catalogue,
        gatedUrl: isGated ? await catalogue.gatedUrl() : null,
      });
    case 'siglume':
      return renderTemplates({ ...view, product });
    case 'ledyer':
      return renderPlanners({
        ...view,
        isUnavailable: query.get('notice') === 'unavailable',
        query: keptQuery(query),
      });
  }
}

function linksOf({ backend }: ShopOptions, { vendor }: PageSettings): Attributes {
  const { ledgerbee, ledyer } = backend.sandboxes;
  switch (vendor) {
    case 'ledgerbee':
      return { 'data-link-inbox': `${ledgerbee.portalOrigin}/_sandbox/inbox` };
    case 'siglume':
      return {};
    case 'ledyer':
      return { 'data-link-dashboard': ledyer.dashboardUrl };
  }
}

async function accessView({ backend }: ShopOptions, session: Session): Promise<AccessView> {
  return {
    buyer: buyerOf(session),
    access: await backend.store.accessOf(session, customerIdOf(session, backend.customers)),
  };
}

function sendPage(
  { backend, shopOrigin }: ShopOptions,
  response: ServerResponse,
  { policy, vendor }: PageSettings,
  body: string,
): void {
  const formOrigins = vendor === 'ledyer' ? [backend.sandboxes.ledyer.pagesOrigin] : [];
  const headers = pageHeaders(policy, shopOrigin, backend.catalogue.portalOrigin, formOrigins);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Cache-Control', 'no-store');
  send(response, 200, 'text/html; charset=utf-8', body);
}
