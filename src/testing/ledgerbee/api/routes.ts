/** The public API: every call, with the scopes and licence it asks for. */
import { json } from '../http.js';
import { type Route, route } from '../router.js';
import type { Vendor } from '../vendor.js';
import { listPlans, readPlan, resolvePlans } from './catalogue.js';
import { createListCustomers, readCustomer } from './customers.js';
import { type ApiCall, guarded } from './guard.js';
import { provision } from './provision.js';
import {
  assignSubscription,
  cancelSubscription,
  listSubscriptions,
  readSubscription,
} from './subscriptions.js';
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  rollSecret,
  testEndpoint,
  updateEndpoint,
} from './webhook-endpoints.js';

export function publicApiRoutes(vendor: Vendor): readonly Route[] {
  const portal = { licence: 'CustomerPortal' } as const;
  const billing = { licence: 'Subscription' } as const;
  const listCustomers = createListCustomers(vendor);
  const readEndpoints = { scopes: ['webhook-endpoints-read'] } as const;
  const writeEndpoints = { scopes: ['webhook-endpoints-write'] } as const;
  const readCatalogue = { ...portal, scopes: ['portal-catalog-read'] } as const;
  const readBilling = { ...billing, scopes: ['subscriptions-read'] } as const;
  const writeBilling = { ...billing, scopes: ['subscriptions-write'] } as const;
  const readCustomers = { scopes: ['customers-read'] } as const;
  const endpoints = '/api/v1/webhook-endpoints';
  return [
    route('GET', '/api/v1/api-key', guarded(vendor, { scopes: [] }, describeKey)),
    route(
      'POST',
      '/api/v1/portal-sso/provision',
      guarded(vendor, { ...portal, scopes: ['portal-provision'] }, (call) => provision(vendor, call)),
    ),
    route(
      'GET',
      '/api/v1/portal/plans',
      guarded(vendor, readCatalogue, (call) => listPlans(vendor, call)),
    ),
    route(
      'POST',
      '/api/v1/portal/plans/resolve',
      guarded(vendor, readCatalogue, (call) => resolvePlans(vendor, call)),
    ),
    route(
      'GET',
      '/api/v1/portal/plans/:planId',
      guarded(vendor, readCatalogue, (call) => readPlan(vendor, call)),
    ),
    route('GET', '/api/v1/customers', guarded(vendor, readCustomers, listCustomers)),
    route(
      'GET',
      '/api/v1/customers/:id',
      guarded(vendor, readCustomers, (call) => readCustomer(vendor, call)),
    ),
    route(
      'GET',
      '/api/v1/subscriptions',
      guarded(vendor, readBilling, (call) => listSubscriptions(vendor, call)),
    ),
    route(
      'POST',
      '/api/v1/subscriptions',
      guarded(vendor, writeBilling, (call) => assignSubscription(vendor, call)),
    ),
    route(
      'POST',
      '/api/v1/subscriptions/cancel',
      guarded(vendor, writeBilling, (call) => cancelSubscription(vendor, call)),
    ),
    route(
      'GET',
      '/api/v1/subscriptions/:id',
      guarded(vendor, readBilling, (call) => readSubscription(vendor, call)),
    ),
    route(
      'GET',
      endpoints,
      guarded(vendor, readEndpoints, () => listEndpoints(vendor)),
    ),
    route(
      'POST',
      endpoints,
      guarded(vendor, writeEndpoints, (call) => createEndpoint(vendor, call)),
    ),
    route(
      'PATCH',
      `${endpoints}/:id`,
      guarded(vendor, writeEndpoints, (call) => updateEndpoint(vendor, call)),
    ),
    route(
      'DELETE',
      `${endpoints}/:id`,
      guarded(vendor, writeEndpoints, (call) => deleteEndpoint(vendor, call)),
    ),
    route(
      'POST',
      `${endpoints}/:id/roll-secret`,
      guarded(vendor, writeEndpoints, (call) => rollSecret(vendor, call)),
    ),
    route(
      'POST',
      `${endpoints}/:id/test`,
      guarded(vendor, writeEndpoints, (call) => testEndpoint(vendor, call)),
    ),
  ];
}

/** Any valid key may look at itself. The tiers are ASSUMED. */
function describeKey({ key }: ApiCall): ReturnType<typeof json> {
  return json({
    expiresAt: key.expiresAt,
    ipWhitelist: key.ipWhitelist,
    scopes: key.scopes,
    rateLimitTiers: [{ name: 'default', limit: 600, windowSeconds: 60 }],
  });
}
