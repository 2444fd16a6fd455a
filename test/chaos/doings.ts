/** What was done for an order, wherever: at the sink or in the merchant's own table. */
import type { EffectKind } from '../../src/fulfillment/index.js';

/** Of the sink that looks at no key. */
export const BLIND_PATH = '/blind';

export interface Doing {
  readonly orderRef: string;
  readonly kind: EffectKind;
  /** The idempotency key it was done under. */
  readonly key: string;
}
