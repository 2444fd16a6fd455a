/** Siglume's price list: which band an amount falls into, what it costs the seller, when it settles. */

export type Currency = 'JPY' | 'USD';
export type Band = 'standard' | 'micro' | 'nano';
export type MeteredBand = Exclude<Band, 'standard'>;

export const TOKEN: Readonly<Record<Currency, string>> = { JPY: 'JPYC', USD: 'USDC' };

export const CADENCE: Readonly<Record<Band, string>> = {
  standard: 'per_payment',
  micro: 'weekly',
  nano: 'monthly',
};

/** Unsettled exposure of one scope at which it settles early and takes nothing new. Minor units of either currency. */
export const SETTLEMENT_THRESHOLD_MINOR = 10_000;

const LOWER_BOUNDS = { JPY: { standard: 501, micro: 50 }, USD: { standard: 301, micro: 31 } } as const;
/** In tenths of a minor unit, so that the sums are whole. */
const METERED_FEE_TENTHS = { JPY: { micro: 20, nano: 2 }, USD: { micro: 10, nano: 1 } } as const;
/** The plan `launch`: 1.8 %, and at least JPY 30 or USD 0.20. */
const STANDARD_FEE_BPS = 180;
const STANDARD_FEE_MIN_MINOR = { JPY: 30, USD: 20 } as const;

export function isCurrency(value: unknown): value is Currency {
  return value === 'JPY' || value === 'USD';
}

export function bandOf(amountMinor: number, currency: Currency): Band {
  const { standard, micro } = LOWER_BOUNDS[currency];
  if (amountMinor >= standard) return 'standard';
  return amountMinor >= micro ? 'micro' : 'nano';
}

/** Tenths of a minor unit. */
export function feeTenths(amountMinor: number, currency: Currency): number {
  const band = bandOf(amountMinor, currency);
  if (band !== 'standard') return METERED_FEE_TENTHS[currency][band];
  const fee = Math.ceil((amountMinor * STANDARD_FEE_BPS) / 10_000);
  return Math.max(fee, STANDARD_FEE_MIN_MINOR[currency]) * 10;
}

/** Decimal text in minor units. */
export function decimal(tenths: number): string {
  return tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1);
}

/** The three amounts of a metered payment that count, and their two old names. */
export function meteredAmounts(grossMinor: number, feeInTenths: number): Readonly<Record<string, string>> {
  const gross = decimal(grossMinor * 10);
  return {
    protocol_fee_minor: decimal(feeInTenths),
    provider_gross_amount_minor: gross,
    provider_usage_amount_minor: gross,
    provider_receivable_minor: decimal(grossMinor * 10 - feeInTenths),
    gross_buyer_debit_minor: gross,
    buyer_debit_minor: gross,
    rounding_delta_minor: '0',
  };
}
