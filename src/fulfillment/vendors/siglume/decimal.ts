/**
 * Metered amounts are decimal text in minor units, down to a tenth of a yen. They never become floating-point
 * numbers: those do not add up.
 */

const SCALE_DIGITS = 18;
const DECIMAL = /^(-?)(\d{1,24})(?:\.(\d{1,18}))?$/;

/** The amount in 10⁻¹⁸ minor units; `null` for what is no plain decimal. */
export function parseDecimal(text: string): bigint | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '0', fraction = ''] = match;
  return BigInt(`${sign}${whole}${fraction.padEnd(SCALE_DIGITS, '0')}`);
}
