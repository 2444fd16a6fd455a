/** What the shop sells beside its plans: priced by the shop, and never by a page. */
import type { PageSettings } from '../pages/settings.js';
import type { Words } from './words.js';

export interface Product {
  /** As an order names it. */
  readonly id: string;
  readonly vendor: 'siglume' | 'ledyer';
  readonly title: string;
  /** Minor units, VAT included. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface OrderLine {
  readonly reference: string;
  readonly title: string;
  readonly quantity: number;
  /** Minor units, of all of them, VAT included. */
  readonly amountMinor: number;
}

/** A download. */
export const TEMPLATES: Product = {
  id: 'templates',
  vendor: 'siglume',
  title: 'The fee proposal pack',
  amountMinor: 2_400,
  currency: 'USD',
};

/** Below Siglume's standard band: such money comes weekly, if it comes. */
export const ONE_TEMPLATE: Product = {
  id: 'one-template',
  vendor: 'siglume',
  title: 'One fee proposal',
  amountMinor: 240,
  currency: 'USD',
};

export const DESK_LINES: readonly OrderLine[] = [
  { reference: 'board-120', title: 'Wall planner', quantity: 2, amountMinor: 375_000 },
  { reference: 'rail-2', title: 'Rail for two planners', quantity: 1, amountMinor: 125_000 },
  { reference: 'marks-60', title: 'Magnet marks, 60', quantity: 1, amountMinor: 125_000 },
];

/** Goods for a company, which pays by invoice. */
export const PLANNERS: Product = {
  id: 'planners',
  vendor: 'ledyer',
  title: 'The studio wall set',
  amountMinor: DESK_LINES.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  currency: 'SEK',
};

const PRODUCTS: readonly Product[] = [TEMPLATES, ONE_TEMPLATE, PLANNERS];

/** `null` for a plan. */
export function productOf(id: string): Product | null {
  return PRODUCTS.find((product) => product.id === id) ?? null;
}

/** `null` on the tab of the plans. */
export function productOn({ vendor, price }: Pick<PageSettings, 'vendor' | 'price'>): Product | null {
  switch (vendor) {
    case 'ledgerbee':
      return null;
    case 'siglume':
      return price === 'small' ? ONE_TEMPLATE : TEMPLATES;
    case 'ledyer':
      return PLANNERS;
  }
}

/** For the buyer to read. */
export function priceOf(
  { amountMinor, currency }: Pick<Product, 'amountMinor' | 'currency'>,
  { locale }: Pick<Words, 'locale'>,
): string {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).format(amountMinor / 100);
}
