/** Customers of the tenant, and the portal users that provisioning gives a membership in them. */
import { randomUUID } from 'node:crypto';
import { ApiFailure } from './envelope.js';
import { SEED } from './seed.js';

export const VAT_ZONES = ['domestic', 'eu', 'abroad', 'domestic_without_vat'] as const;
/** ASSUMED (U11). */
export const CUSTOMER_TYPES = ['company', 'private'] as const;

/** The fields of a customer that reads answer with (contract §3.5, those seen). */
export interface Customer {
  readonly id: string;
  readonly customerNumber: string;
  readonly customerType: (typeof CUSTOMER_TYPES)[number];
  readonly name: string;
  readonly email: string | null;
  readonly countryCode: string;
  readonly vatZone: (typeof VAT_ZONES)[number];
  readonly customerGroupId: string;
  readonly customerGroupNumber: number;
  readonly customerGroupName: string;
  readonly externalSystemId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly isActive: boolean;
  readonly billingRelationship: 'self' | 'parent_pays';
}

export type NewCustomer = Pick<
  Customer,
  'customerType' | 'customerNumber' | 'name' | 'countryCode' | 'vatZone' | 'customerGroupId'
>;

export interface CustomerFilter {
  readonly customerNumber: string | null;
  readonly externalSystemId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export class Customers {
  readonly #customers = new Map<string, Customer>();
  /** Portal user id by e-mail, membership id by user and customer. */
  readonly #users = new Map<string, string>();
  readonly #memberships = new Map<string, string>();

  constructor() {
    for (const customer of Object.values(SEED.customers)) this.#customers.set(customer.id, customer);
  }

  get(id: string): Customer | null {
    return this.#customers.get(id) ?? null;
  }

  /** @throws {ApiFailure} 404 `CUSTOMER_NOT_FOUND`. */
  require(id: string): Customer {
    const customer = this.get(id);
    if (customer === null) throw new ApiFailure(404, 'CUSTOMER_NOT_FOUND', 'Customer not found');
    return customer;
  }

  byNumber(customerNumber: string): Customer | null {
    return this.#find((customer) => customer.customerNumber === customerNumber);
  }

  /** By customer number; filters are joined by AND. */
  list(filter: CustomerFilter): readonly Customer[] {
    return [...this.#customers.values()]
      .filter(
        (customer) =>
          (filter.customerNumber === null || customer.customerNumber === filter.customerNumber) &&
          (filter.externalSystemId === null || customer.externalSystemId === filter.externalSystemId) &&
          Object.entries(filter.metadata).every(([key, value]) => customer.metadata[key] === value),
      )
      .sort((left, right) => left.customerNumber.localeCompare(right.customerNumber));
  }

  create(fresh: NewCustomer, email: string | null): Customer {
    const group = SEED.customerGroups.find(({ id }) => id === fresh.customerGroupId);
    const customer: Customer = {
      ...fresh,
      id: randomUUID(),
      email,
      customerGroupNumber: group?.customerGroupNumber ?? 0,
      customerGroupName: group?.name ?? '',
      externalSystemId: null,
      metadata: {},
      isActive: true,
      billingRelationship: 'self',
    };
    this.#customers.set(customer.id, customer);
    return customer;
  }

  /** The customer of an anonymous buyer who proved the address: theirs already, or a new private one. */
  forVerifiedEmail(email: string): Customer {
    return (
      this.#find((customer) => customer.email?.toLowerCase() === email.toLowerCase()) ??
      this.create(
        {
          customerType: 'private',
          customerNumber: `P${this.#customers.size + 1001}`,
          name: email,
          countryCode: 'DK',
          vatZone: 'domestic',
          customerGroupId: SEED.customers.person.customerGroupId,
        },
        email,
      )
    );
  }

  /** Gives a credential-less portal user an active membership. Repeating it changes nothing. */
  join(email: string, customerId: string): { portalUserId: string; membershipId: string } {
    const portalUserId = remember(this.#users, email.toLowerCase());
    return { portalUserId, membershipId: remember(this.#memberships, `${portalUserId} ${customerId}`) };
  }

  #find(matches: (customer: Customer) => boolean): Customer | null {
    return [...this.#customers.values()].find(matches) ?? null;
  }
}

function remember(ids: Map<string, string>, key: string): string {
  const id = ids.get(key) ?? randomUUID();
  ids.set(key, id);
  return id;
}
