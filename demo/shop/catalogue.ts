/** The plans that the shop sells, in LedgerBee's ids. A real shop has these in its configuration. */
import type { LedgerBeeSandbox } from 'checkout-embed/testing';
import type { CustomerSource } from './buyers.js';
import type { Item } from '../pages/settings.js';

/** What an order of the gated plan names; it has no vanity. */
export const GATED_PLAN = 'gated';

export interface Catalogue {
  readonly portalOrigin: string;
  readonly vanity: string;
  readonly planId: string;
  readonly items: Readonly<Record<Item, string>>;
  readonly gatedPlanId: string;
  readonly customers: CustomerSource;
  /** The embed URL of the gated plan, for the customer who may see it. Fresh each time: its token dies. */
  gatedUrl(): Promise<string>;
}

export function catalogueOf(sandbox: LedgerBeeSandbox): Catalogue {
  const { vanity, id: planId, items } = sandbox.plans.pro;
  const { company } = sandbox.customers;
  return {
    portalOrigin: sandbox.portalOrigin,
    vanity,
    planId,
    items: { priced: items.monthly.id, 'pay-first': items.payFirst.id },
    gatedPlanId: sandbox.plans.gated.id,
    gatedUrl: () => resolveGated(sandbox),
    customers: { knownCustomerId: company.id, customerGroupId: company.customerGroupId },
  };
}

/** @throws {Error} when the vendor does not answer as documented. */
async function resolveGated({
  apiBaseUrl,
  keys,
  customers,
  plans,
  portalOrigin,
}: LedgerBeeSandbox): Promise<string> {
  const answer = await fetch(`${apiBaseUrl}/portal/plans/resolve`, {
    method: 'POST',
    headers: { 'X-Api-Key': keys.api, 'Content-Type': 'application/json' },
    body: JSON.stringify({ customerId: customers.company.id }),
  });
  if (!answer.ok) throw new Error(`LedgerBee answered ${answer.status} to the gated plan.`);
  const { token } = (await answer.json()) as { readonly token: string };
  return `${portalOrigin}/embed/by-id/${plans.gated.id}?token=${encodeURIComponent(token)}`;
}
