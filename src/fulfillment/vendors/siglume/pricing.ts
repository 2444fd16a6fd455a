/** Which pricing band will Siglume put an amount into? Nobody can choose it, and it decides when money comes. */
import type { Currency } from './terms.js';

/** `standard` settles at once; `micro` weekly and `nano` monthly, in batches. */
export type PricingBand = 'standard' | MeteredBand;
export type MeteredBand = 'micro' | 'nano';

/** The smallest amount of each band, in minor units. */
const LOWER_BOUNDS: Readonly<Record<Currency, Readonly<Record<'standard' | 'micro', number>>>> = {
  JPY: { standard: 501, micro: 50 },
  USD: { standard: 301, micro: 31 },
};

/** @param amountMinor A positive whole number. */
export function pricingBandOf(amountMinor: number, currency: Currency): PricingBand {
  const { standard, micro } = LOWER_BOUNDS[currency];
  if (amountMinor >= standard) return 'standard';
  return amountMinor >= micro ? 'micro' : 'nano';
}

/** How often a band's payments settle. */
export const SETTLEMENT_CADENCE = { micro: 'weekly', nano: 'monthly' } as const;
export type SettlementCadence = (typeof SETTLEMENT_CADENCE)[MeteredBand];

/** Siglume's generated routes answer with this name; merchants who know the vendor look for it. */
export const METERED_INTEGRATION_REQUIRED = 'METERED_INTEGRATION_REQUIRED';
