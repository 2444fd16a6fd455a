/** Reads which order the properties of a `<checkout-redirect>` name. Wrong values are told to the developer. */
import type { AttemptKey } from '../core/attempt-handles.js';
import { VENDORS, type Vendor } from '../protocol/vendor.js';
import { say } from './developer-log.js';
import { tellMisspelled } from './misspelled.js';

/** What names the order. A change of any begins anew. */
export interface RedirectWish {
  readonly handoffUrl: string | null;
  readonly vendor: Vendor;
  readonly order: string | null;
  readonly plan: string | null;
  readonly item: string | null;
  readonly watch: boolean;
}

/** The properties as they stand: not everybody's page is type-checked. */
export type GivenWish = { readonly [Name in keyof RedirectWish]?: unknown };

const DEFAULT_VENDOR = 'siglume' satisfies Vendor;

/** What the page means by them: a framework may give a number for a name, and `undefined` or `false` for nothing. */
export function wishOf({ handoffUrl, vendor, order, plan, item, watch }: GivenWish): RedirectWish {
  return {
    handoffUrl: nameIn(handoffUrl),
    vendor: VENDORS.find((one) => one === vendor) ?? DEFAULT_VENDOR,
    order: nameIn(order),
    plan: nameIn(plan),
    item: nameIn(item),
    watch: Boolean(watch),
  };
}

/** Two wishes of one name are one. */
export function nameOf({ handoffUrl, vendor, order, plan, item, watch }: RedirectWish): string {
  return JSON.stringify([handoffUrl, vendor, order, plan, item, watch]);
}

export function keyOf({ vendor, order, plan }: RedirectWish): AttemptKey {
  return { vendor, ...(order === null ? {} : { order }), ...(plan === null ? {} : { plan }) };
}

/**
 * To the developer: what is not what it should be, and what is taken instead.
 * @param isNew Whether the property of this name was set just now.
 */
export function reportWish(host: GivenWish & HTMLElement, isNew: (name: string) => boolean): void {
  tellMisspelled(host);
  const { vendor, order, plan, item } = host;
  if (isNew('vendor') && !isNothing(vendor) && !VENDORS.some((one) => one === vendor)) {
    const given = typeof vendor === 'string' ? vendor : typeof vendor;
    say('error', `vendor="${given}" is not one of ${VENDORS.join(', ')}. Its default is used.`, host);
  }
  for (const [name, value] of Object.entries({ order, plan, item })) {
    if (!isNew(name) || isNothing(value) || isName(value)) continue;
    say(
      'error',
      `${name} is of type ${typeof value}: allowed are a string and a number. It counts as none.`,
      host,
    );
  }
}

function nameIn(value: unknown): string | null {
  return isName(value) && value !== '' ? String(value) : null;
}

function isName(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === '';
}
