/** Catalogue reads and resolve (contract §4). Path, scope and answer of resolve are ASSUMED (U10). */
import { CUSTOMER_TYPES } from '../customers.js';
import { json, parseJson, type Reply } from '../http.js';
import { fieldFailure, isCountryCode, isIn, isString, isUuid, optional, validate } from '../validate.js';
import type { Vendor } from '../vendor.js';
import type { ApiCall } from './guard.js';
import { readLanguage } from './query.js';

const RESOLVE_FIELDS = {
  customerId: optional(isUuid),
  countryCode: optional(isCountryCode),
  customerType: optional(isIn(CUSTOMER_TYPES)),
  language: optional(isString),
};

export function listPlans(vendor: Vendor, { request }: ApiCall): Reply {
  const language = readLanguage(request.url.searchParams.get('language'));
  return json({ plans: vendor.catalogue.all().map((plan) => vendor.catalogue.entry(plan, language)) });
}

export function readPlan(vendor: Vendor, { request, params }: ApiCall): Reply {
  const language = readLanguage(request.url.searchParams.get('language'));
  const plan = vendor.catalogue.require(params['planId'] ?? '');
  return json({ plan: vendor.catalogue.entry(plan, language) });
}

/** The plans one buyer may see, and a token that opens the gated ones. */
export function resolvePlans(vendor: Vendor, { request }: ApiCall): Reply {
  const body = validate(parseJson(request), RESOLVE_FIELDS);
  const customerId = (body['customerId'] as string | undefined) ?? null;
  const countryCode = (body['countryCode'] as string | undefined) ?? null;
  const hasHint = countryCode !== null || body['customerType'] !== undefined;
  if ((customerId === null) !== hasHint) {
    throw fieldFailure('customerId', 'exactlyOneOf', 'give customerId, or countryCode and customerType');
  }
  const country = customerId === null ? countryCode : vendor.customers.require(customerId).countryCode;
  const language = readLanguage(body['language']);
  const plans = vendor.catalogue.visibleTo({ customerId, countryCode: country });
  const planIds = plans.map(({ id }) => id);
  const token = vendor.planTokens.mint(customerId, planIds);
  return json({
    plans: plans.map((plan) => vendor.catalogue.entry(plan, language)),
    token: token.token,
    expiresAt: vendor.time.iso(token.expiresAtMs),
  });
}
