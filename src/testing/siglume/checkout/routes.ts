/** `/pay/…`: the hosted checkout's addresses. Paths below the session are ASSUMED. */
import { page, redirect, type Reply, type SandboxRequest } from '../../ledgerbee/http.js';
import { type Route, route } from '../../ledgerbee/router.js';
import type { CheckoutSession } from '../checkout-sessions.js';
import { sessionAction } from '../buyer-actions.js';
import { ApiFailure } from '../failure.js';
import { BUYER_HABITS } from '../faults.js';
import type { SiglumeVendor } from '../vendor.js';
import { endPage, stepPage, type EndReason } from './pages.js';

/** Nothing is loaded and nobody may frame it. `form-action` is left out: a payment's answer leads to the shop. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

export function checkoutRoutes(vendor: SiglumeVendor): readonly Route[] {
  return [
    route('GET', '/pay/:id', (_, { id = '' }) =>
      withSession(vendor, id, (session) => arrive(vendor, session)),
    ),
    route('POST', '/pay/:id/:action', (request, { id = '', action = '' }) => {
      if (isForeign(vendor, request)) return page(endPage('unknown', null), 403, HEADERS);
      return withSession(vendor, id, (session) => act(vendor, request, session, action));
    }),
  ];
}

/** The page, or what a buyer without hands does on it. */
function arrive(vendor: SiglumeVendor, session: CheckoutSession): Reply {
  if (endOf(vendor, session) !== null) return show(vendor, session);
  const habit = vendor.faults.takeOneOf(BUYER_HABITS);
  if (habit === null) return show(vendor, session);
  try {
    const isPaying = habit === 'buyer-pays';
    const after = sessionAction(vendor, session.id, isPaying ? 'buy' : 'cancel');
    const isNamed = vendor.assumptions.current.successQuery;
    return redirect(isPaying ? successUrl(after, isNamed) : after.cancelUrl);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return show(vendor, vendor.sessions.require(session.id), error.message, error.status);
  }
}

/** @throws nothing: what a buyer cannot do shows on the page. */
function act(
  vendor: SiglumeVendor,
  request: SandboxRequest,
  session: CheckoutSession,
  action: string,
): Reply {
  const { sessions, payments, assumptions } = vendor;
  const { id } = session;
  try {
    switch (action) {
      case 'sign-in':
        sessions.signIn(id, new URLSearchParams(request.body).get('email') ?? '');
        return redirect(`/pay/${id}`);
      case 'approve':
        sessions.approve(id);
        return redirect(`/pay/${id}`);
      case 'pay':
        // A second press finds it paid: it leads back, and pays nothing.
        if (session.requirementId === null) payments.pay(id);
        return redirect(successUrl(session, assumptions.current.successQuery));
      case 'cancel':
        sessions.cancel(id);
        return redirect(session.cancelUrl);
      default:
        return page(endPage('unknown', null), 404, HEADERS);
    }
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return show(vendor, sessions.require(id), error.message, error.status);
  }
}

function show(
  vendor: SiglumeVendor,
  session: CheckoutSession,
  problem: string | null = null,
  status = 200,
): Reply {
  const end = endOf(vendor, session);
  if (end !== null) {
    const isPaid = end === 'paid' || end === 'processing';
    const back = isPaid ? successUrl(session, vendor.assumptions.current.successQuery) : session.cancelUrl;
    return page(endPage(end, back), status, HEADERS);
  }
  const step = session.authenticatedAt === null ? 'Sign in' : session.approved ? 'Pay' : 'Approve';
  return page(stepPage(session, step, problem), status, HEADERS);
}

/** `null` while the buyer may still do something. */
function endOf({ sessions, payments }: SiglumeVendor, session: CheckoutSession): EndReason | null {
  const payment = payments.of(session);
  if (payment !== null) return payment.settlementStatus === 'pending_payment' ? 'processing' : 'paid';
  switch (session.status) {
    case 'open':
    case 'authenticated':
      return null;
    case 'expired':
      return sessions.isPayable(session) ? null : 'expired';
    case 'paid':
    case 'cancelled':
    case 'failed':
      return session.status;
  }
}

/** Whether the vendor adds anything is ASSUMED (U11). It proves nothing. */
function successUrl({ id, successUrl }: CheckoutSession, isNamed: boolean): string {
  const url = new URL(successUrl);
  if (isNamed) url.searchParams.set('session_id', id);
  return url.href;
}

/** Another site's page must not press a buyer's buttons. `null` is this page's own, which sends no referrer. */
function isForeign(vendor: SiglumeVendor, request: SandboxRequest): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  const origin = request.header('origin');
  return origin !== null && origin !== 'null' && origin !== vendor.checkoutOrigin();
}

function withSession(vendor: SiglumeVendor, id: string, then: (session: CheckoutSession) => Reply): Reply {
  const session = vendor.sessions.get(id);
  return session === null ? page(endPage('unknown', null), 404, HEADERS) : then(session);
}
