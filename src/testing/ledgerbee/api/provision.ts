/** `POST /v1/portal-sso/provision` (contract §3.2). The answer's fields are ASSUMED (U9). */
import { type ApiKey, insufficientPermissions, requireScopes, type Scope } from '../api-keys.js';
import { type Customer, CUSTOMER_TYPES, type NewCustomer, VAT_ZONES } from '../customers.js';
import { ApiFailure } from '../envelope.js';
import { json, parseJson, type Reply } from '../http.js';
import { SEED } from '../seed.js';
import {
  type Body,
  fieldFailure,
  isBoolean,
  isCountryCode,
  isEmail,
  isIn,
  isNotEmpty,
  isString,
  isUuid,
  maxLength,
  nested,
  optional,
  required,
  validate,
} from '../validate.js';
import type { Vendor } from '../vendor.js';
import type { ApiCall } from './guard.js';

/** ASSUMED (U11). */
const LONGEST_REFERENCE = 255;

const CUSTOMER_FIELDS = {
  customerNumber: required(isString, isNotEmpty),
  customerType: optional(isIn(CUSTOMER_TYPES)),
  name: optional(isString, isNotEmpty),
  countryCode: optional(isCountryCode),
  vatZone: optional(isIn(VAT_ZONES)),
  customerGroupId: optional(isUuid),
};
const CREATE_FIELDS = ['customerType', 'name', 'countryCode', 'vatZone', 'customerGroupId'] as const;

const FIELDS = {
  email: required(isEmail),
  customerId: optional(isUuid),
  customer: nested(CUSTOMER_FIELDS),
  mintCheckoutBindToken: optional(isBoolean),
  clientReferenceId: optional(isString, isNotEmpty, maxLength(LONGEST_REFERENCE)),
};

/** Idempotent for the customer and the membership; every bind ref is new. */
export function provision(vendor: Vendor, { request, key }: ApiCall): Reply {
  refuseForScenario(vendor);
  const body = validate(parseJson(request), FIELDS);
  if ((body['customerId'] === undefined) === (body['customer'] === undefined)) {
    throw fieldFailure('customerId', 'exactlyOneOf', 'exactly one of customerId and customer must be given');
  }
  const wantsToken = body['mintCheckoutBindToken'] === true;
  if (wantsToken) requireMint(key);
  const email = body['email'] as string;
  const { customer, isNew } = findOrCreate(vendor, body, email);
  const answer = {
    customerId: customer.id,
    ...vendor.customers.join(email, customer.id),
    customerCreated: isNew,
  };
  if (!wantsToken) return json(answer);
  const reference = (body['clientReferenceId'] as string | undefined)?.trim() ?? null;
  const ref = vendor.bindRefs.mint(customer.id, email, reference);
  return json({
    ...answer,
    [vendor.assumptions.current.provisionTokenField]: ref.token,
    checkoutBindTokenExpiresAt: vendor.time.iso(ref.expiresAtMs),
  });
}

function refuseForScenario(vendor: Vendor): void {
  const scopes: readonly Scope[] = ['portal-provision'];
  if (vendor.scenarios.take('missing-scope')) throw insufficientPermissions(scopes);
  if (vendor.scenarios.take('unknown-customer')) {
    throw new ApiFailure(404, 'CUSTOMER_NOT_FOUND', 'Customer not found');
  }
}

function requireMint(key: ApiKey): void {
  requireScopes(key, ['portal-sso-mint']);
}

/** An id is looked up and never created; a customer number is reused as it is, else created. */
function findOrCreate(vendor: Vendor, body: Body, email: string): { customer: Customer; isNew: boolean } {
  if (body['customerId'] !== undefined) {
    return { customer: vendor.customers.require(body['customerId'] as string), isNew: false };
  }
  const given = body['customer'] as Body;
  const existing = vendor.customers.byNumber(given['customerNumber'] as string);
  if (existing !== null) return { customer: existing, isNew: false };
  for (const name of CREATE_FIELDS) {
    if (given[name] === undefined) {
      throw fieldFailure(`customer.${name}`, 'isDefined', `${name} is needed to create the customer`);
    }
  }
  if (!SEED.customerGroups.some(({ id }) => id === given['customerGroupId'])) {
    throw fieldFailure('customer.customerGroupId', 'exists', 'customerGroupId is not a group of this tenant');
  }
  return { customer: vendor.customers.create(given as unknown as NewCustomer, email), isNew: true };
}
