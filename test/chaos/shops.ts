/**
 * The merchants under chaos: one per class of effect, each with a kit and a schema of its own in every process.
 * A further class is a further line here, its effects in `kit/effects.ts`, and what it promises in `verdict.ts`.
 */
export const SHOPS = [
  { name: 'sql', effectClass: 'transaction' },
  { name: 'api', effectClass: 'idempotent' },
] as const;

export type Shop = (typeof SHOPS)[number];

/** Of the kit's tables. */
export function schemaOf(shop: Shop): string {
  return `kit_${shop.name}`;
}

export function basePathOf(shop: Shop): string {
  return `/${shop.name}/checkout`;
}

/** Of the merchants' pages. */
export const PAGE_ORIGIN = 'http://shop.test';
