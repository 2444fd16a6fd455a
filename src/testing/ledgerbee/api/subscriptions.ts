/** List, read, assign and cancel subscriptions (contract §7). The list's shape is ASSUMED (U13). */
import { json, parseJson, type Reply } from '../http.js';
import { type Subscription, SUBSCRIPTION_STATUSES } from '../subscriptions.js';
import {
  type Body,
  fieldFailure,
  isBoolean,
  isIn,
  isIntBetween,
  isIsoDate,
  isListOf,
  isObject,
  isString,
  isUuid,
  optional,
  required,
  validate,
} from '../validate.js';
import type { Vendor } from '../vendor.js';
import type { ApiCall } from './guard.js';
import { onPage, readPage } from './query.js';

const STRATEGIES = ['end_of_cycle', 'immediately', 'specific_date', 'clear_schedule'] as const;

const ASSIGN_FIELDS = {
  customerId: required(isUuid),
  planId: required(isUuid),
  startDate: required(isIsoDate),
  endDate: optional(isIsoDate),
  billingCycleAnchor: optional(isIsoDate),
  prorationBehavior: optional(isIn(['none', 'create_prorations', 'always_invoice'])),
  trialDays: optional(isIntBetween(0, 365)),
  billingDirection: optional(isIn(['advance', 'arrears'])),
  productOverrides: optional(isListOf(isObject)),
  paymentMethodId: optional(isString),
  automaticBilling: optional(isBoolean),
  customerDepartmentId: optional(isString),
  departmentContactOverrideId: optional(isString),
};

const CANCEL_FIELDS = {
  id: required(isUuid),
  strategy: required(isIn(STRATEGIES)),
  refundBehavior: optional(isIn(['none', 'last_invoice', 'prorated'])),
  effectiveDate: optional(isIsoDate),
};

export function listSubscriptions(vendor: Vendor, { request }: ApiCall): Reply {
  const query = request.url.searchParams;
  const { page, limit } = readPage(query);
  const status = query.get('status');
  if (status !== null && !SUBSCRIPTION_STATUSES.some((known) => known === status)) {
    throw fieldFailure('status', 'isIn', `status must be one of ${SUBSCRIPTION_STATUSES.join(', ')}`);
  }
  const matching = vendor.subscriptions.list().filter(
    (subscription) =>
      matches(query.get('customerId'), subscription.customerId) &&
      matches(status, subscription.status) &&
      // Case-sensitive and exact: it is the merchant's opaque word.
      matches(query.get('partnerReferenceId'), subscription.partnerReferenceId),
  );
  const data = onPage(matching, { page, limit }).map(publicView);
  return json(
    vendor.assumptions.current.listShape === 'array' ? data : { data, total: matching.length, page, limit },
  );
}

export function readSubscription(vendor: Vendor, { params }: ApiCall): Reply {
  return json(publicView(vendor.subscriptions.require(params['id'] ?? '')));
}

/** What sales staff do: it carries no partner reference. */
export function assignSubscription(vendor: Vendor, { request }: ApiCall): Reply {
  const body = validate(parseJson(request), ASSIGN_FIELDS);
  const customer = vendor.customers.require(body['customerId'] as string);
  const plan = vendor.catalogue.require(body['planId'] as string);
  const subscription = vendor.subscriptions.create({
    customerId: customer.id,
    planId: plan.id,
    planItemId: null,
    partnerReferenceId: null,
    startDate: body['startDate'] as string,
    endDate: (body['endDate'] as string | undefined) ?? null,
    trialDays: (body['trialDays'] as number | undefined) ?? 0,
  });
  return json(publicView(subscription), 201);
}

export function cancelSubscription(vendor: Vendor, { request }: ApiCall): Reply {
  const body = validate(parseJson(request), CANCEL_FIELDS);
  return json(publicView(cancel(vendor, body)));
}

function cancel(vendor: Vendor, body: Body): Subscription {
  const id = body['id'] as string;
  const subscription = vendor.subscriptions.require(id);
  switch (body['strategy'] as (typeof STRATEGIES)[number]) {
    case 'immediately':
      return vendor.subscriptions.churn(id);
    case 'clear_schedule':
      return vendor.subscriptions.clearCancellation(id);
    case 'end_of_cycle':
      return vendor.subscriptions.scheduleCancellation(id, endOfCycle(vendor, subscription));
    case 'specific_date': {
      const effectiveMs = Date.parse(String(body['effectiveDate']));
      if (Number.isNaN(effectiveMs)) {
        throw fieldFailure('effectiveDate', 'isDefined', 'effectiveDate is needed for specific_date');
      }
      return vendor.subscriptions.scheduleCancellation(id, effectiveMs);
    }
  }
}

/** The end of the period that runs now, counted from the start date. */
function endOfCycle(vendor: Vendor, subscription: Subscription): number {
  const item = vendor.catalogue
    .byId(subscription.planId)
    ?.items.find(({ id }) => id === subscription.planItemId);
  const start = new Date(subscription.startDate);
  for (let cycle = 1; ; cycle += 1) {
    const end = new Date(start);
    if (item?.interval === 'year') end.setUTCFullYear(start.getUTCFullYear() + cycle);
    else end.setUTCMonth(start.getUTCMonth() + cycle);
    if (end.getTime() > vendor.time.now()) return end.getTime();
  }
}

function publicView(subscription: Subscription): Readonly<Record<string, unknown>> {
  const { id, customerId, planId, status, partnerReferenceId, startDate, endDate, createdAt, updatedAt } =
    subscription;
  return { id, customerId, planId, status, partnerReferenceId, startDate, endDate, createdAt, updatedAt };
}

function matches(wanted: string | null, value: string | null): boolean {
  return wanted === null || wanted === value;
}
