/** Ledyer's API as far as a merchant's backend needs it, and the token endpoint, which the real one keeps on a host of its own. */
import { json, type Reply, type SandboxRequest } from '../../ledgerbee/http.js';
import { type Route, route, type RouteHandler } from '../../ledgerbee/router.js';
import { LedyerFailure } from '../failure.js';
import * as actions from '../order-actions.js';
import { orderView } from '../order-view.js';
import type { LedyerOrder } from '../order.js';
import type { Purchase } from '../purchases.js';
import { readBody, updateSession } from '../session.js';
import type { Vendor } from '../vendor.js';
import { type ApiCall, answered, guarded } from './guard.js';
import { sessionView } from './session-view.js';
import { statusRoutes } from './status.js';

export function apiRoutes(vendor: Vendor): readonly Route[] {
  const api = (handler: (call: ApiCall) => Reply): RouteHandler => guarded(vendor, handler);
  return [
    route('POST', '/oauth/token', (request) => issueToken(vendor, request)),
    ...sessionRoutes(vendor, api),
    ...statusRoutes(vendor),
    route(
      'GET',
      '/v1/orders/:id',
      api((call) => orderReply(vendor, readOrder(vendor, call))),
    ),
    ...orderRoutes(vendor, api),
  ];
}

type Api = (handler: (call: ApiCall) => Reply) => RouteHandler;
type Body = Readonly<Record<string, unknown>>;

function sessionRoutes(vendor: Vendor, api: Api): readonly Route[] {
  const products = [
    ['checkout', '/v1/sessions'],
    ['payments', '/v1/payment-sessions'],
  ] as const;
  return products.flatMap(([product, path]) => [
    route(
      'POST',
      path,
      api(({ request, merchantId }) => {
        const merchant = { ...vendor.merchant, merchantId };
        const { session, orderId } = vendor.trade.open(product, readBody(request), merchant);
        const { id: sessionId, expiresAt } = session;
        return json({ sessionId, ...(orderId === null ? {} : { orderId }), expiresAt });
      }),
    ),
    route(
      'GET',
      `${path}/:id`,
      api((call) => json(sessionView(visibleSession(vendor, call), vendor))),
    ),
    route(
      'POST',
      `${path}/:id`,
      api((call) => {
        const purchase = owned(vendor.purchases.require(call.params['id'] ?? ''), call);
        const session = updateSession(purchase.session, readBody(call.request));
        return json(sessionView(vendor.purchases.put({ ...purchase, session }), vendor));
      }),
    ),
  ]);
}

function orderRoutes(vendor: Vendor, api: Api): readonly Route[] {
  const act = (
    work: (order: LedyerOrder, body: Body, now: actions.Now, ledgerId: string) => actions.Changed,
  ) =>
    api((call) => {
      const { id, ledgerId = '' } = ownOrder(vendor, call);
      const body = readBody(call.request);
      return orderReply(
        vendor,
        vendor.trade.act(id, (order, now) => work(order, body, now, ledgerId)),
      );
    });
  return [
    route(
      'POST',
      '/v1/authorization-tokens/:token/order',
      api(({ params }) => {
        const purchase = vendor.trade.orderFromToken(params['token'] ?? '');
        return json({ orderId: purchase.orderId });
      }),
    ),
    route(
      'POST',
      '/v1/orders/:id/acknowledge',
      api((call) => {
        const { id } = ownOrder(vendor, call);
        if (vendor.scenarios.take('acknowledge-fails')) throw new LedyerFailure(503, 'service unavailable');
        return orderReply(vendor, vendor.trade.acknowledge(id));
      }),
    ),
    route('POST', '/v1/orders/:id/reference', act(actions.setReference)),
    route('POST', '/v1/orders/:id/capture', act(actions.capture)),
    route('POST', '/v1/orders/:id/partialcapture', act(actions.partialCapture)),
    route(
      'POST',
      '/v1/orders/:id/refund/:ledgerId',
      act((order, body, now, ledgerId) => actions.refund(order, ledgerId, body, now)),
    ),
    route(
      'POST',
      '/v1/orders/:id/partialrefund/:ledgerId',
      act((order, body, now, ledgerId) => actions.partialRefund(order, ledgerId, body, now)),
    ),
    route(
      'POST',
      '/v1/orders/:id/extendexpiry',
      act((order, _, now) => actions.extendExpiry(order, now)),
    ),
    route('POST', '/v1/orders/:id', act(actions.edit)),
    route(
      'DELETE',
      '/v1/orders/:id',
      act((order, _, now) => actions.cancel(order, now)),
    ),
  ];
}

/** `grant_type` in the form or in the query: both are in use, and both work. */
function issueToken(vendor: Vendor, request: SandboxRequest): Reply {
  return answered(vendor, request, () => {
    if (vendor.scenarios.take('token-endpoint-down')) throw new LedyerFailure(503, 'service unavailable');
    if (vendor.scenarios.take('credentials-refused'))
      throw new LedyerFailure(401, 'invalid client credentials');
    const grant =
      new URLSearchParams(request.body).get('grant_type') ?? request.url.searchParams.get('grant_type');
    if (grant !== 'client_credentials') throw new LedyerFailure(400, 'unsupported grant type', 'grant_type');
    vendor.activity.add('token', 'an access token was given out');
    return json(vendor.tokens.issue(request.header('authorization')));
  });
}

/** As reads show it, which may lag behind, or know a status before the order. @throws {LedyerFailure} 403, 404 */
function readOrder(vendor: Vendor, call: ApiCall): Purchase {
  const id = call.params['id'] ?? '';
  const purchase = vendor.scenarios.take('order-hidden') ? null : vendor.purchases.visible(id);
  if (purchase === null || purchase.order?.id !== id) throw new LedyerFailure(404, 'not found');
  return owned(purchase, call);
}

function visibleSession(vendor: Vendor, call: ApiCall): Purchase {
  const id = call.params['id'] ?? '';
  const isServed = vendor.assumptions.current.sessionCall === 'both' || !id.startsWith('or_');
  const purchase = isServed ? vendor.purchases.visible(id) : null;
  if (purchase === null) throw new LedyerFailure(404, 'not found');
  return owned(purchase, call);
}

function ownOrder(vendor: Vendor, call: ApiCall): { readonly id: string; readonly ledgerId?: string } {
  const id = call.params['id'] ?? '';
  owned(vendor.trade.requireOrder(id), call);
  const { ledgerId } = call.params;
  return ledgerId === undefined ? { id } : { id, ledgerId };
}

function owned(purchase: Purchase, { merchantId }: ApiCall): Purchase {
  if (purchase.session.merchantId !== merchantId)
    throw new LedyerFailure(403, 'the order is another merchant’s');
  return purchase;
}

function orderReply(vendor: Vendor, { order }: Purchase): Reply {
  if (order === null) throw new LedyerFailure(404, 'not found');
  return json(
    orderView(order, {
      minorUnits: vendor.assumptions.current.minorUnits,
      withoutCapture: vendor.scenarios.isOn('capture-not-available'),
    }),
  );
}
