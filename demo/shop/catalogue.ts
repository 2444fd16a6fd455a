/** What the shop sells, in the vendor's ids. A real shop has these in its configuration. */
import type { LedgerBeeSandbox } from 'checkout-embed/testing';
import type { CustomerSource } from './buyers.js';
import type { Item } from './settings.js';

export interface Catalogue {
  readonly portalOrigin: string;
  readonly vanity: string;
  readonly planId: string;
  readonly items: Readonly<Record<Item, string>>;
  readonly customers: CustomerSource;
}

export function catalogueOf(sandbox: LedgerBeeSandbox): Catalogue {
  const { vanity, id: planId, items } = sandbox.plans.pro;
  const { company } = sandbox.customers;
  return {
    portalOrigin: sandbox.portalOrigin,
    vanity,
    planId,
    items: { priced: items.monthly.id, 'pay-first': items.payFirst.id },
    customers: { knownCustomerId: company.id, customerGroupId: company.customerGroupId },
  };
}
