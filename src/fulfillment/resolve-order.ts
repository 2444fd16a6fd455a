import {
  DecodeError,
  readInteger,
  readOptionalString,
  readRecord,
  readString,
  VENDORS,
} from '../protocol/index.js';
import type { StartAttemptRequest } from '../protocol/index.js';
import { ConfigurationError } from './errors.js';
import { callMerchant } from './merchant-call.js';
import type { ResolvedOrder, ResolveOrder } from './ports.js';

/** What an order is for, as an attempt keeps it. */
export interface Expectation {
  readonly orderRef: string;
  readonly planId: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
}

/**
 * Asks the merchant what is being sold.
 * @returns `null` where the merchant's function does.
 * @throws {ConfigurationError} when the answer has not the shape of an order.
 * @throws {MerchantFunctionError} when the merchant's function throws.
 */
export async function resolveExpectation(
  resolveOrder: ResolveOrder,
  request: Request,
  body: StartAttemptRequest,
): Promise<Expectation | null> {
  const resolved = await callMerchant<ResolvedOrder | null | undefined>('resolveOrder', () =>
    resolveOrder(request, body),
  );
  if (resolved === null || resolved === undefined) return null;
  return readExpectation(resolved, 'resolveOrder gave an order whose');
}

/**
 * What an order is for, as the merchant says it.
 * @param whose Begins the sentence about a field that is wrong.
 * @throws {ConfigurationError} `invalid-option`
 */
export function readExpectation(given: unknown, whose: string): Expectation {
  try {
    return decodeExpectation(given);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ConfigurationError('invalid-option', `${whose} ${error.message}`, { cause: error });
  }
}

function decodeExpectation(given: unknown): Expectation {
  const record = readRecord(given, 'order');
  const orderRef = readString(record, 'orderRef');
  // Those are the names of orders that came without a reference.
  if (VENDORS.some((vendor) => orderRef.startsWith(`${vendor}:`))) {
    throw new DecodeError('orderRef', "a reference that does not begin with a vendor's name and a colon");
  }
  const has = (field: string): boolean => record[field] !== undefined && record[field] !== null;
  return {
    orderRef,
    planId: readOptionalString(record, 'planId') ?? null,
    amountMinor: has('amountMinor') ? readInteger(record, 'amountMinor', 0, Number.MAX_SAFE_INTEGER) : null,
    currency: readOptionalString(record, 'currency', 3) ?? null,
  };
}
