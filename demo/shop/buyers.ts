/** The demo's two accounts. A real shop has a login of its own; what matters is that the page never says who it is. */
import type { Identity } from 'checkout-embed/fulfillment';

export interface Buyer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Known to LedgerBee already: bound by the id of the seeded customer. */
export const IDA: Buyer = { id: 'ida', name: 'Ida Lund', email: 'ida@nordlys.example' };
/** Not known yet: bound by data from which LedgerBee makes a customer. */
export const KARL: Buyer = { id: 'karl', name: 'Karl Brandt', email: 'karl@brandt.example' };

export const BUYERS: readonly Buyer[] = [IDA, KARL];

export interface CustomerSource {
  /** The vendor's id of the customer that the shop made earlier for Ida. */
  readonly knownCustomerId: string;
  readonly customerGroupId: string;
}

export function identityOf(buyer: Buyer, source: CustomerSource): Identity {
  if (buyer.id === IDA.id) return { email: buyer.email, customerId: source.knownCustomerId };
  return {
    email: buyer.email,
    customer: {
      customerType: 'company',
      customerNumber: `plumbline-${buyer.id}`,
      name: buyer.name,
      countryCode: 'DK',
      vatZone: 'domestic',
      customerGroupId: source.customerGroupId,
    },
  };
}
