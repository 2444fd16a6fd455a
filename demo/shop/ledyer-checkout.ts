/** "To checkout" on Ledyer's tab: the shop's backend opens a session at Ledyer, tells the kit whose it is, and sends the buyer there. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LedyerSandbox } from 'checkout-embed/testing';
import { keptQuery, readSettings, type PageSettings } from '../pages/settings.js';
import { isSameOrigin, readForm, send } from './http.js';
import { DESK_LINES, PLANNERS } from './products.js';
import type { ShopOptions } from './server.js';
import type { LedyerIds } from './store.js';
import { visitorOf } from './visitor.js';

/** Ledyer's words: percent × 100, and the level from which a person at the buyer's company signs. */
const VAT = 2_500;
const SIGNED_LEVEL = 300;

export async function openLedyerCheckout(
  options: ShopOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { backend, shopOrigin } = options;
  const { store, kit, sandboxes, later, switches, fates } = backend;
  if (request.method !== 'POST' || !isSameOrigin(request, shopOrigin)) {
    send(response, 403, 'text/plain', 'Go to the checkout from the shop.');
    return;
  }
  const session = await visitorOf(store, request, response);
  const order = await store.orderOf(session, (await readForm(request)).get('order') ?? '');
  if (order?.plan !== PLANNERS.id) {
    send(response, 404, 'text/plain', 'No such order here.');
    return;
  }
  const query = keptQuery(url.searchParams);
  const confirmation = `${shopOrigin}/confirmation?${query}&order=${order.ref}`;
  // An order that was paid, or may have been, is looked at and not bought again.
  const status = (await kit.orders.read(order.ref))?.status ?? 'open';
  if (!['open', 'pending', 'failed'].includes(status)) {
    redirect(response, confirmation);
    return;
  }
  try {
    const ids =
      (await store.ledyerIds(order.ref)) ??
      (await store.keepLedyerIds(
        order.ref,
        await openSession(sandboxes.ledyer, order.ref, readSettings(url.searchParams), confirmation),
      ));
    const { currency } = PLANNERS;
    const amountMinor = PLANNERS.amountMinor + (fates.of(order.ref) === 'other-amount' ? 100 : 0);
    await kit.linkOrder(order.ref, { vendor: 'ledyer', ...ids, amountMinor, currency });
    later.begin(order.ref, switches.ledyer);
    redirect(response, sandboxes.ledyer.checkoutUrl(ids.sessionId));
  } catch (error) {
    process.stderr.write(`Ledyer's checkout: ${String(error)}\n`);
    redirect(response, `/?${query}&notice=unavailable#basket`);
  }
}

/**
 * Under the order's own key: a second press that comes before the first is stored gets the same session.
 * @throws {Error} when Ledyer does not answer as documented.
 */
async function openSession(
  { authBaseUrl, apiBaseUrl, credentials }: LedyerSandbox,
  orderRef: string,
  { signatory }: PageSettings,
  confirmation: string,
): Promise<LedyerIds> {
  const token = await call(`${authBaseUrl}/oauth/token?grant_type=client_credentials`, {
    Authorization: `Basic ${Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64')}`,
  });
  const headers = {
    Authorization: `Bearer ${String(token['access_token'])}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': orderRef,
  };
  const body = sessionOf(orderRef, confirmation, signatory === 'asked');
  const opened = await call(`${apiBaseUrl}/v1/sessions`, headers, body);
  return { sessionId: String(opened['sessionId']), orderId: String(opened['orderId']) };
}

function sessionOf(orderRef: string, confirmation: string, isSigned: boolean): object {
  const vatOf = (amountMinor: number): number => (amountMinor * VAT) / (10_000 + VAT);
  const total = PLANNERS.amountMinor;
  return {
    country: 'SE',
    currency: PLANNERS.currency,
    locale: 'en-SE',
    reference: orderRef,
    customer: { companyId: '559311-8714', companyName: 'Nordlys Kontor AB', email: 'ida@nordlys.example' },
    orderLines: DESK_LINES.map(({ reference, title, quantity, amountMinor }) => ({
      type: 'physical',
      reference,
      description: title,
      quantity,
      vat: VAT,
      totalAmount: amountMinor,
      totalVatAmount: vatOf(amountMinor),
    })),
    totalOrderAmount: total,
    totalOrderAmountExclVat: total - vatOf(total),
    totalOrderVatAmount: vatOf(total),
    settings: {
      urls: { terms: new URL('/', confirmation).href, confirmation },
      ...(isSigned ? { security: { level: SIGNED_LEVEL } } : {}),
    },
  };
}

async function call(
  url: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}`);
  return (await answer.json()) as Record<string, unknown>;
}

function redirect(response: ServerResponse, location: string): void {
  response.setHeader('Location', location);
  send(response, 303, 'text/plain', '');
}
