/**
 * Everything this adapter ASSUMES about Ledyer: its documentation does not say, or the page was not to be had.
 * Meeting the real answer changes this file.
 */
import { DecodeError, type JsonRecord } from '../../../protocol/index.js';

/** Every currency of the vendor's markets (SEK, NOK, DKK, EUR) has two decimals. */
const MINOR_PER_UNIT_DIGITS = 2;
const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/;

/**
 * An amount in minor units: the vendor's object, whose `minorUnits` older answers lack, or the plain number
 * that requests carry. `null` where there is none.
 * @throws {DecodeError}
 */
export function readMinor(record: JsonRecord, field: string): number | null {
  const value = record[field];
  if (value === undefined || value === null) return null;
  const minor = typeof value === 'object' ? minorOfObject(value as JsonRecord) : value;
  if (typeof minor === 'number' && Number.isSafeInteger(minor)) return minor;
  throw new DecodeError(field, 'an amount');
}

/** The currency of an amount object, or `null`. */
export function currencyOf(record: JsonRecord, field: string): string | null {
  const value = record[field];
  if (typeof value !== 'object' || value === null) return null;
  const { currency } = value as JsonRecord;
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : null;
}

function minorOfObject({ minorUnits, amount }: JsonRecord): unknown {
  if (minorUnits !== undefined && minorUnits !== null) return minorUnits;
  const match = typeof amount === 'string' ? DECIMAL.exec(amount) : null;
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  return Number(`${sign}${whole}${fraction.padEnd(MINOR_PER_UNIT_DIGITS, '0')}`);
}
