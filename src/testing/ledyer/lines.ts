/** Order lines and their sums: what the vendor checks before it takes them, and how it writes amounts back. */
import { LedyerFailure } from './failure.js';
import { newId } from './ids.js';

export const LINE_TYPES = [
  'physical',
  'digital',
  'service',
  'shippingFee',
  'discount',
  'giftCard',
  'surcharge',
] as const;
export type LedyerLineType = (typeof LINE_TYPES)[number];

/** Amounts in minor units. */
export interface LedyerLine {
  /** `ol_…` */
  readonly id: string;
  readonly type: LedyerLineType;
  readonly reference: string;
  readonly description: string;
  readonly quantity: number;
  /** Percent × 100: 2500 is 25 %. */
  readonly vat: number;
  /** VAT included. Negative for a discount or a gift card. */
  readonly totalAmount: number;
  readonly totalVatAmount: number;
}

/** Without an id: the vendor gives it. */
export type NewLine = Omit<LedyerLine, 'id'>;

type Fields = Readonly<Record<string, unknown>>;

/** @throws {LedyerFailure} 400 for the shape, 422 for amounts that do not add up. */
export function readLines(value: unknown, path = 'orderLines'): readonly LedyerLine[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new LedyerFailure(400, 'must be a list of lines', path);
  return value.map((entry: unknown, index) => readLine(entry, `${path}[${index}]`));
}

export function sumOf(lines: readonly LedyerLine[]): { readonly total: number; readonly vat: number } {
  return {
    total: lines.reduce((sum, line) => sum + line.totalAmount, 0),
    vat: lines.reduce((sum, line) => sum + line.totalVatAmount, 0),
  };
}

/** The vendor's object for an amount; `minorUnits` is missing from older samples. */
export function amountObject(minor: number, currency: string, minorUnits: boolean): Fields {
  const formatted = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2 }).format(minor / 100);
  return {
    amount: (minor / 100).toFixed(2),
    currency,
    formatted,
    formattedWithCurrency: `${currency} ${formatted}`,
    ...(minorUnits ? { minorUnits: minor } : {}),
  };
}

function readLine(entry: unknown, path: string): LedyerLine {
  if (typeof entry !== 'object' || entry === null) throw new LedyerFailure(400, 'must be an object', path);
  const fields = entry as Fields;
  const line: LedyerLine = {
    id: typeof fields['id'] === 'string' ? fields['id'] : newId('ol'),
    type: readType(fields['type'], `${path}.type`),
    reference: readText(fields['reference'], `${path}.reference`),
    description: readText(fields['description'], `${path}.description`),
    quantity: readWhole(fields['quantity'], `${path}.quantity`),
    vat: readWhole(fields['vat'], `${path}.vat`),
    totalAmount: readWhole(fields['totalAmount'], `${path}.totalAmount`),
    totalVatAmount: readWhole(fields['totalVatAmount'], `${path}.totalVatAmount`),
  };
  if (line.quantity <= 0) throw new LedyerFailure(400, 'must be at least 1', `${path}.quantity`);
  const vat = line.totalAmount - (line.totalAmount * 10_000) / (10_000 + line.vat);
  if (Math.abs(line.totalVatAmount - vat) > 1) {
    throw new LedyerFailure(422, 'does not fit the amount and the rate', `${path}.totalVatAmount`);
  }
  return line;
}

function readType(value: unknown, path: string): LedyerLineType {
  const found = LINE_TYPES.find((type) => type === value);
  if (found === undefined) throw new LedyerFailure(400, `must be one of ${LINE_TYPES.join(', ')}`, path);
  return found;
}

function readText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '' || value.length > 255) {
    throw new LedyerFailure(400, 'must be a string of 1 to 255 characters', path);
  }
  return value;
}

function readWhole(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value)) throw new LedyerFailure(400, 'must be a whole number', path);
  return value as number;
}
