/** The portal's own addresses. Break-out, verify and payment paths are ASSUMED; the embed paths are the vendor's. */
import { page, redirect, type Reply, type SandboxRequest, script } from '../http.js';
import type { Payment } from '../payments.js';
import { withOutcome } from '../return-url.js';
import { type Params, type Route, route } from '../router.js';
import type { Vendor } from '../vendor.js';
import { verifyClick } from '../verify-click.js';
import { contactPage, inboxPage, INBOX_SCRIPT, onPayPage, verifiedPage } from './buyer-pages.js';
import { checkoutApiRoutes } from './checkout-api.js';
import { embedPage, notFoundPage, type SurfaceRequest } from './embed-page.js';
import { embedScript } from './embed-script.js';
import { FRAME_SCRIPT } from './frame-script.js';

export function portalRoutes(vendor: Vendor): readonly Route[] {
  const surface =
    (make: (params: Params, query: URLSearchParams) => SurfaceRequest): Route['handler'] =>
    (request, params) =>
      embedPage(vendor, request, make(params, request.url.searchParams));
  const byVanity = (vanity = ''): SurfaceRequest['plan'] => vendor.catalogue.byVanity(vanity);
  const byToken = (planId = '', query: URLSearchParams): SurfaceRequest['plan'] =>
    vendor.planTokens.redeem(query.get('token'), planId) === null ? null : vendor.catalogue.byId(planId);
  const cards = (params: Params): SurfaceRequest => ({
    surface: 'cards',
    plan: byVanity(params['vanity']),
    itemId: null,
    planToken: null,
    isById: false,
  });
  return [
    route('GET', '/embed.js', () => script(embedScript(vendor.assumptions.current))),
    route('GET', '/embed/assets/frame.js', () => script(FRAME_SCRIPT)),
    // Before the vanity routes: `by-id` is no vanity (U4).
    route(
      'GET',
      '/embed/by-id/:planId',
      surface(({ planId }, query) => ({
        surface: 'cards',
        plan: byToken(planId, query),
        itemId: null,
        planToken: query.get('token'),
        isById: true,
      })),
    ),
    route(
      'GET',
      '/embed/checkout/by-id/:planId/:itemId',
      surface(({ planId, itemId }, query) => ({
        surface: 'forced',
        plan: byToken(planId, query),
        itemId: itemId ?? '',
        planToken: query.get('token'),
        isById: true,
      })),
    ),
    route(
      'GET',
      '/embed/checkout/:vanity/:itemId',
      surface((params) => ({ ...cards(params), surface: 'forced', itemId: params['itemId'] ?? '' })),
    ),
    route('GET', '/embed/:vanity', surface(cards)),
    route('GET', '/p/:vanity', surface(cards)),
    route(
      'GET',
      '/checkout/:planId/:itemId',
      surface(({ planId, itemId }, query) => {
        const open = vendor.catalogue.byId(planId ?? '');
        return {
          surface: 'breakout',
          plan: open?.vanity == null ? byToken(planId, query) : open,
          itemId: itemId ?? '',
          planToken: query.get('token'),
          isById: open?.vanity == null,
        };
      }),
    ),
    route('GET', '/verify/:token', (_, { token }) => verify(vendor, token ?? '')),
    route('GET', '/onpay/:id', (_, { id }) => withPayment(vendor, id, (payment) => page(onPayPage(payment)))),
    route('POST', '/onpay/:id/:action', (request, params) => pay(vendor, request, params)),
    route('GET', '/contact', () => page(contactPage())),
    route('GET', '/_sandbox/inbox', () => page(inboxPage(vendor.magicLinks.list()))),
    route('GET', '/_sandbox/inbox.js', () => script(INBOX_SCRIPT)),
    ...checkoutApiRoutes(vendor),
  ];
}

function verify(vendor: Vendor, token: string): Reply {
  const outcome = verifyClick(token, vendor);
  if (outcome.kind === 'pay') return redirect(`/onpay/${outcome.payment.id}`);
  const status = outcome.kind === 'subscribed' ? 200 : outcome.kind === 'unknown' ? 404 : 410;
  return page(verifiedPage(outcome), status);
}

function pay(vendor: Vendor, request: SandboxRequest, { id, action }: Params): Reply {
  return withPayment(vendor, id, (payment) => {
    switch (action) {
      case 'pay':
        return afterPayment(vendor.payments.pay(payment));
      case 'decline':
        vendor.payments.decline(payment);
        return redirect(`/onpay/${payment.id}`);
      case 'close':
        vendor.payments.close(payment);
        return redirect(`/onpay/${payment.id}`);
      default:
        return page(notFoundPage('en'), 404);
    }
  });
}

function afterPayment({ id, subscriptionId, returnUrl }: Payment): Reply {
  return redirect(returnUrl === null ? `/onpay/${id}` : withOutcome(returnUrl, { subscriptionId }));
}

function withPayment(vendor: Vendor, id: string | undefined, then: (payment: Payment) => Reply): Reply {
  const payment = vendor.payments.get(id ?? '');
  return payment === null ? page(notFoundPage('en'), 404) : then(payment);
}
