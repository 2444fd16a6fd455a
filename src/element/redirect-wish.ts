/** Reads which order the attributes of a `<checkout-redirect>` name. Wrong values are told to the developer. */
import type { AttemptKey } from '../core/attempt-handles.js';
import { VENDORS, type Vendor } from '../protocol/vendor.js';
import { say } from './developer-log.js';

/** What names the order. A change of any begins anew. */
const WISH = ['handoffUrl', 'vendor', 'order', 'plan', 'item', 'watch'] as const;

/** The attributes as they stand. */
export interface RedirectWish {
  readonly handoffUrl: string | null;
  readonly vendor: Vendor;
  readonly order: string | null;
  readonly plan: string | null;
  readonly item: string | null;
  readonly watch: boolean;
}

/** Two wishes of one name are one. */
export function nameOf(wish: RedirectWish): string {
  return JSON.stringify(WISH.map((name) => wish[name]));
}

export function keyOf(wish: RedirectWish & HTMLElement): AttemptKey {
  const { vendor, order, plan } = wish;
  const isKnown = VENDORS.includes(vendor);
  if (!isKnown) {
    say('error', `vendor="${vendor}" is not one of ${VENDORS.join(', ')}. Its default is used.`, wish);
  }
  return {
    vendor: isKnown ? vendor : 'siglume',
    ...(order === null ? {} : { order }),
    ...(plan === null ? {} : { plan }),
  };
}
