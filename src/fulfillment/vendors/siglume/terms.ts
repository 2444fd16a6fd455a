/**
 * What was asked to be paid, and what a delivery says was. The vendor's own classifier compares none of it: a
 * genuine event about other money would pass.
 */
import type { JsonRecord } from '../../../protocol/index.js';
import { isKeepable } from './fields.js';

/** The two currencies there are. Minor units: yen, or US cents. */
export const CURRENCIES = ['JPY', 'USD'] as const;
export type Currency = (typeof CURRENCIES)[number];

export function isCurrency(value: unknown): value is Currency {
  return CURRENCIES.some((currency) => currency === value);
}

/** What an event says of its money. `null`: it does not say. */
export interface ClaimedTerms {
  readonly merchant: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** Said, and in a form that equals nothing. */
  readonly malformed: readonly ('merchant' | 'amount' | 'currency')[];
  /** The event calls itself one of a sandbox. */
  readonly sandbox: boolean;
}

/** What the merchant's own order says. */
export interface ExpectedTerms {
  readonly merchant: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Whether this adapter talks to a sandbox. Play money never pays a real order. */
  readonly sandbox: boolean;
}

export type TermsMismatch = 'merchant' | 'amount' | 'currency' | 'environment';

export function readClaimedTerms(data: JsonRecord): ClaimedTerms {
  const malformed: ('merchant' | 'amount' | 'currency')[] = [];
  const text = (field: 'merchant' | 'currency'): string | null => {
    const value = data[field] ?? null;
    if (value === null) return null;
    if (typeof value === 'string' && value.trim() !== '' && isKeepable(value.trim())) return value.trim();
    malformed.push(field);
    return null;
  };
  const merchant = text('merchant');
  const currency = text('currency');
  const amount = data['amount_minor'] ?? null;
  const isWhole = typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0;
  if (amount !== null && !isWhole) malformed.push('amount');
  return {
    merchant,
    amountMinor: isWhole ? amount : null,
    currency,
    malformed,
    sandbox: data['environment'] === 'sandbox',
  };
}

/**
 * Every way in which an event is not about the order it was matched to; empty when it is. What it does not say is not held
 * against it: its `challenge_hash` binds merchant, amount and currency already.
 */
export function compareTerms(claimed: ClaimedTerms, expected: ExpectedTerms): readonly TermsMismatch[] {
  const mismatches: TermsMismatch[] = [...claimed.malformed];
  // The vendor lowercases merchant keys and uppercases currencies.
  if (claimed.merchant !== null && claimed.merchant.toLowerCase() !== expected.merchant.toLowerCase()) {
    mismatches.push('merchant');
  }
  if (claimed.amountMinor !== null && claimed.amountMinor !== expected.amountMinor) mismatches.push('amount');
  if (claimed.currency !== null && claimed.currency.toUpperCase() !== expected.currency.toUpperCase()) {
    mismatches.push('currency');
  }
  if (claimed.sandbox && !expected.sandbox) mismatches.push('environment');
  return mismatches;
}
