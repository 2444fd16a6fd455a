/**
 * The merchants under chaos: one per class of effect, each with a kit and a schema of its own in every process.
 * A further class is a further line here, its effects in `kit/effects.ts`, and what it promises in `verdict.ts`.
 */
import type { VendorName } from './vendor.js';

export const SHOPS = [
  { name: 'sql', effectClass: 'transaction' },
  { name: 'api', effectClass: 'idempotent' },
  { name: 'card', effectClass: 'once-or-review' },
] as const;

export type Shop = (typeof SHOPS)[number];

/** Of the kit's tables. */
export function schemaOf(shop: Shop): string {
  return `kit_${shop.name}`;
}

export function basePathOf(shop: Shop): string {
  return `/${shop.name}/checkout`;
}

/** Where the merchant's own backend is told which checkout it has opened for an order. */
export function linkPathOf(shop: Shop): string {
  return `/${shop.name}/link`;
}

/** Orders of this shop at this vendor begin so. */
export function prefixOf(shop: Shop, vendor: VendorName): string {
  return `${shop.name}-${vendor}-`;
}

/** Of the merchants' pages. A vendor that sends buyers back over plain http does so to loopback names alone. */
export const PAGE_ORIGIN = 'http://shop.localhost';

/** What a hosted checkout is opened for. */
export const PRICE = { amountMinor: 1_200, currency: 'JPY' } as const;
