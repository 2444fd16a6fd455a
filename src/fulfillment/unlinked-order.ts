/** The merchant's own function for an order that the vendor has and nobody here has linked. */
import type { Vendor } from '../protocol/index.js';

/** What the vendor's API says of it. Nothing of it comes from the delivery but `authorizationToken`. */
export interface UnlinkedOrder {
  readonly vendor: Vendor;
  /** `null` while there is only a session. */
  readonly orderId: string | null;
  readonly sessionId: string | null;
  /** The order that it is linked to already, where only an authorization is news; else `null`. */
  readonly orderRef: string | null;
  /** The vendor's own word. */
  readonly vendorStatus: string;
  /** What it comes to, in minor units. `null`: the vendor does not say. */
  readonly amountMinor: number | null;
  /** ISO 4217. */
  readonly currency: string | null;
  /**
   * Set where the buyer authorized a purchase later, and the vendor's order is yet to be made with it. A secret, and
   * as yet unproven: the vendor refuses one that is none of its own.
   */
  readonly authorizationToken: string | null;
  /** The same for every repetition. The call may be repeated until it was answered: make the order unique by it. */
  readonly key: string;
  /** Aborted shortly before another process may take over. */
  readonly signal: AbortSignal;
}

/** The merchant's order for it. */
export interface MadeOrder {
  readonly orderRef: string;
  /** Where this call made the vendor's order. */
  readonly orderId?: string;
  /** What the order is to come to, in minor units. When set, another amount at the vendor goes to review. */
  readonly amountMinor?: number;
  /** ISO 4217. */
  readonly currency?: string;
}

/**
 * Makes the merchant's order, or finds it. `null`: it is none of the merchant's, and a person looks. What it throws is
 * logged by name, and it is called again later.
 */
export type OnUnlinkedOrder = (order: UnlinkedOrder) => Promise<MadeOrder | null> | MadeOrder | null;
