/**
 * A way past `Request` and `Response` for deliveries: under a burst, making the two for each costs a Node server
 * more than all the rest of its work. Tied to the very function a kit made, so a host that wraps `kit.fetch` in
 * its own keeps what that one does.
 */
import type { VendorAdapter } from '../ports.js';
import type { DeliveryRequest } from './webhook-route.js';

export interface DirectDelivery {
  /** Where the kit's routes begin. */
  readonly basePath: string;
  /** Never throws. Gives the status that accepts the delivery, or a whole refusal. */
  readonly deliver: (
    vendor: string,
    request: DeliveryRequest,
  ) => Promise<VendorAdapter['acceptedStatus'] | Response>;
}

type Fetch = (request: Request) => Promise<Response>;

const offered = new WeakMap<Fetch, DirectDelivery>();

export function offerDirectDelivery(fetch: Fetch, direct: DirectDelivery): void {
  offered.set(fetch, direct);
}

export function directDeliveryOf({ fetch }: { readonly fetch: Fetch }): DirectDelivery | undefined {
  return offered.get(fetch);
}
