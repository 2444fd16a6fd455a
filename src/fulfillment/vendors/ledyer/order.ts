/** What get-order says of an order: amounts, parts, and what may be done. Read into our own shape. */
import {
  DecodeError,
  readOptionalString,
  readRecord,
  readString,
  type JsonRecord,
} from '../../../protocol/index.js';
import { currencyOf, readMinor } from './assumed.js';
import { isLedgerId, isOrderId } from './ids.js';

/** More of either than any honest order has. */
const MAX_PARTS = 1_000;

/** Amounts in minor units. */
export interface LedyerLine {
  readonly id: string | null;
  readonly type: string;
  readonly reference: string;
  readonly description: string;
  readonly quantity: number;
  /** Percent × 100. */
  readonly vat: number;
  /** VAT included; negative for a discount. */
  readonly totalAmount: number;
  readonly totalVatAmount: number;
}

/** The open rest of an order, one capture of it, or one refund. */
export interface LedyerPart {
  /** `in_…` */
  readonly ledgerId: string;
  readonly lines: readonly LedyerLine[];
  readonly amountMinor: number;
  /** What may be done to it now, e.g. `capture`, `refund`. */
  readonly availableActions: readonly string[];
}

export interface LedyerOrder {
  /** `or_…` */
  readonly id: string;
  /** The vendor's words, e.g. `['unacknowledged', 'uncaptured']`. */
  readonly status: readonly string[];
  /** The merchant's own, once it is set. */
  readonly merchantReference: string | null;
  /** ISO 4217; `null` where no amount names one. */
  readonly currency: string | null;
  /** Of all that is not cancelled. */
  readonly amountMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** `null` when nothing is left. */
  readonly uncaptured: LedyerPart | null;
  readonly captured: readonly LedyerPart[];
  readonly refunded: readonly LedyerPart[];
}

/** @throws {DecodeError} */
export function readOrder(body: unknown): LedyerOrder {
  const order = readRecord(body, 'order');
  const id = order['id'];
  if (!isOrderId(id)) throw new DecodeError('id', 'an order id');
  const uncaptured = isAbsent(order['uncaptured']) ? null : readPart(order['uncaptured'], 'uncaptured');
  const captured = readParts(order['captured'], 'captured');
  const refunded = readParts(order['refunded'], 'refunded');
  const capturedMinor = readMinor(order, 'capturedAmount') ?? sum(captured);
  return {
    id,
    status: readWords(order['status']),
    merchantReference: readReference(order),
    currency:
      currencyOf(order, 'totalOrderAmount') ?? currencyOf(order, 'capturedAmount') ?? readCurrency(order),
    amountMinor: readMinor(order, 'totalOrderAmount') ?? capturedMinor + (uncaptured?.amountMinor ?? 0),
    capturedMinor,
    refundedMinor: readMinor(order, 'refundedAmount') ?? sum(refunded),
    uncaptured,
    captured,
    refunded,
  };
}

/** What may be done to the open rest now. */
export function allows(order: LedyerOrder, action: string): boolean {
  return order.uncaptured?.availableActions.includes(action) ?? false;
}

function readParts(value: unknown, field: string): readonly LedyerPart[] {
  return readList(value, field).map((part, index) => readPart(part, `${field}[${index}]`));
}

function readPart(value: unknown, field: string): LedyerPart {
  const part = readRecord(value, field);
  const ledgerId = part['ledgerId'];
  if (!isLedgerId(ledgerId)) throw new DecodeError(`${field}.ledgerId`, 'a ledger id');
  const lines = readList(part['orderLines'], `${field}.orderLines`).map(readLine);
  return {
    ledgerId,
    lines,
    amountMinor: lines.reduce((total, line) => total + line.totalAmount, 0),
    availableActions: readList(part['availableActions'], `${field}.availableActions`).map((action) =>
      readString(readRecord(action, 'availableActions'), 'type'),
    ),
  };
}

function readLine(value: unknown): LedyerLine {
  const line = readRecord(value, 'orderLines');
  const amount = (field: string): number => {
    const minor = readMinor(line, field);
    if (minor === null) throw new DecodeError(`orderLines.${field}`, 'an amount');
    return minor;
  };
  const plain = (field: string): number => {
    const number = line[field];
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw new DecodeError(`orderLines.${field}`, 'a number');
    return number;
  };
  return {
    id: readOptionalString(line, 'id') ?? null,
    type: readString(line, 'type'),
    reference: readString(line, 'reference'),
    description: readString(line, 'description', 1000),
    quantity: plain('quantity'),
    vat: plain('vat'),
    totalAmount: amount('totalAmount'),
    totalVatAmount: amount('totalVatAmount'),
  };
}

function readList(value: unknown, field: string): readonly unknown[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value) || value.length > MAX_PARTS) throw new DecodeError(field, 'a list');
  return value;
}

function readWords(value: unknown): readonly string[] {
  return readList(value, 'status').filter((word): word is string => typeof word === 'string');
}

/** Empty until it is set. */
function readReference(order: JsonRecord): string | null {
  const value = order['merchantReference'];
  return value === '' ? null : (readOptionalString(order, 'merchantReference') ?? null);
}

function readCurrency(order: JsonRecord): string | null {
  const value = order['currency'];
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? value : null;
}

function sum(parts: readonly LedyerPart[]): number {
  return parts.reduce((total, part) => total + part.amountMinor, 0);
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
