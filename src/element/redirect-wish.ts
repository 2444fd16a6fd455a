/** Reads which order the properties of a `<checkout-redirect>` name. Wrong values are told to the developer. */
import type { AttemptKey } from '../core/attempt-handles.js';
import { VENDORS, type Vendor } from '../protocol/vendor.js';
import { say } from './developer-log.js';

export interface RedirectWish {
  readonly handoffUrl: string | null;
  readonly vendor: Vendor;
  readonly order: string | null;
  readonly plan: string | null;
  readonly item: string | null;
  readonly watch: boolean;
}

/** As the page means it: a framework may give a number for a name, and `undefined` for nothing. */
export function wishOf(host: RedirectWish & HTMLElement): RedirectWish {
  const { vendor = null, watch } = host as Partial<RedirectWish>;
  const isKnown = vendor === null || VENDORS.includes(vendor);
  if (!isKnown)
    say('error', `vendor="${vendor}" is not one of ${VENDORS.join(', ')}. Its default is used.`, host);
  return {
    handoffUrl: text(host.handoffUrl),
    vendor: vendor !== null && isKnown ? vendor : 'siglume',
    order: text(host.order),
    plan: text(host.plan),
    item: text(host.item),
    watch: watch === true,
  };
}

/** Two wishes of one name are one. */
export function nameOf({ handoffUrl, vendor, order, plan, item, watch }: RedirectWish): string {
  return JSON.stringify([handoffUrl, vendor, order, plan, item, watch].map(text));
}

export function keyOf({ vendor, order, plan }: RedirectWish): AttemptKey {
  return { vendor, ...(order === null ? {} : { order }), ...(plan === null ? {} : { plan }) };
}

function text(value: string | number | boolean | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
