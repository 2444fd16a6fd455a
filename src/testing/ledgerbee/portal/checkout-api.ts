/** `/api/checkout/session…` on the portal's own origin. Paths and bodies are ASSUMED (U20). */
import { answered } from '../api/guard.js';
import type { Confirmation, Session } from '../checkout-sessions.js';
import { empty, json, parseJson, type Reply, type SandboxRequest } from '../http.js';
import { acceptReturnUrl } from '../return-url.js';
import { type Route, route } from '../router.js';
import { fieldFailure, isEmail, isIn, isString, optional, required, validate } from '../validate.js';
import type { Vendor } from '../vendor.js';

const MINT_FIELDS = {
  planVersionId: required(isString),
  planItemId: required(isString),
  bindRef: optional(isString),
  lang: required(isIn(['en', 'da'])),
  token: optional(isString),
  returnUrl: optional(isString),
};
const CONFIRM_FIELDS = {
  email: optional(isEmail),
  acceptedTermsVersion: required(isString),
  startDate: optional(isString),
};

export function checkoutApiRoutes(vendor: Vendor): readonly Route[] {
  const open = (work: (request: SandboxRequest, id: string) => Reply | Promise<Reply>): Route['handler'] => {
    return async (request, params) => {
      const reply = await answered(vendor, request, () => work(request, params['id'] ?? ''));
      return { ...reply, headers: { ...reply.headers, ...allowPartner(vendor, request) } };
    };
  };
  return [
    route(
      'POST',
      '/api/checkout/session',
      open((request) => mint(vendor, request)),
    ),
    route(
      'GET',
      '/api/checkout/session/:id',
      open((_, id) => json(view(vendor, vendor.sessions.resume(id)))),
    ),
    route(
      'POST',
      '/api/checkout/session/:id/confirm',
      open((request, id) => confirm(vendor, request, id)),
    ),
  ];
}

/** The allowlist drives CORS too. */
export function checkoutPreflight(vendor: Vendor, request: SandboxRequest): Reply {
  return empty(204, {
    ...allowPartner(vendor, request),
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type',
  });
}

export function allowPartner(vendor: Vendor, request: SandboxRequest): Readonly<Record<string, string>> {
  const origin = request.header('origin');
  const isListed = !vendor.scenarios.isOn('origin-not-allowlisted');
  const isPartner = origin !== null && isListed && vendor.settings.current.partnerOrigins.includes(origin);
  return isPartner ? { 'access-control-allow-origin': origin, vary: 'origin' } : { vary: 'origin' };
}

function mint(vendor: Vendor, request: SandboxRequest): Reply {
  const body = validate(parseJson(request), MINT_FIELDS);
  const session = vendor.sessions.mint({
    planVersionId: body['planVersionId'] as string,
    planItemId: body['planItemId'] as string,
    bindRef: (body['bindRef'] as string | undefined) ?? null,
    lang: body['lang'] as 'en' | 'da',
    planToken: (body['token'] as string | undefined) ?? null,
    returnUrl: acceptReturnUrl(body['returnUrl'], vendor.settings.current.partnerOrigins),
  });
  return json(view(vendor, session), 201);
}

async function confirm(vendor: Vendor, request: SandboxRequest, id: string): Promise<Reply> {
  const session = vendor.sessions.resume(id);
  const body = validate(parseJson(request), CONFIRM_FIELDS);
  if (session.bound === null && body['email'] === undefined) {
    throw fieldFailure('email', 'isEmail', 'email must be an email');
  }
  const confirmation = await vendor.sessions.confirm(id, {
    email: (body['email'] as string | undefined) ?? null,
    acceptedTermsVersion: body['acceptedTermsVersion'] as string,
    startDate: (body['startDate'] as string | undefined) ?? null,
  });
  return json(withPaymentUrl(confirmation));
}

function withPaymentUrl(confirmation: Confirmation): unknown {
  if (confirmation.status !== 'PAYMENT_REQUIRED') return confirmation;
  return { status: confirmation.status, paymentUrl: `/onpay/${confirmation.paymentId}` };
}

function view(vendor: Vendor, session: Session): unknown {
  const { bound } = session;
  const name = bound === null ? null : (vendor.customers.get(bound.customerId)?.name ?? bound.email);
  return {
    id: session.id,
    expiresAt: vendor.time.iso(session.expiresAtMs),
    customer: bound === null ? null : { name, email: bound.email },
    terms: { version: vendor.settings.current.termsVersion },
    paymentRequired: bound !== null && session.item.cardPayFirst,
    submitTwice: session.submitTwice,
  };
}
