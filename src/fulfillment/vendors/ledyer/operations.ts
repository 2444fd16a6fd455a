/**
 * The calls that change an order at Ledyer: acknowledge and reference for the kit, capture, refund and cancel for
 * an operator. Each looks before it acts and says `already` where the act is done, so that a call whose answer was
 * lost may be made again: within the vendor's window by its key, after that by what get-order shows.
 *
 * Not known: whether the vendor keeps a refusal under its key. An act that was available when we looked and was refused
 * all the same would then be refused under that key for its window; a key per try would cost the promise above.
 */
import { VendorError } from '../../errors.js';
import type { LedyerApi } from './api.js';
import { isLedgerId, isOrderId } from './ids.js';
import { allows, type LedyerLine, type LedyerOrder } from './order.js';
import { fetchOrder, orderOf } from './reading.js';
import { stableKey } from './stable-key.js';

/** The vendor's own limit, in characters. */
export const MAX_REFERENCE_LENGTH = 50;

export type OperationResult =
  | { readonly outcome: 'done' | 'already'; readonly order: LedyerOrder }
  /** The vendor would refuse it now. `order` is `null` where it knows none. */
  | { readonly outcome: 'not-available'; readonly order: LedyerOrder | null };

/** "The order now exists in the merchant's system." Only after it is stored durably. @throws {VendorError} */
export async function acknowledge(
  api: LedyerApi,
  orderId: string,
  signal: AbortSignal,
): Promise<OperationResult> {
  const order = await fetchOrder(api, orderId, signal);
  if (order === null) return { outcome: 'not-available', order };
  if (!order.status.includes('unacknowledged')) return { outcome: 'already', order };
  return done(await post(api, orderId, 'acknowledge', undefined, stableKey('acknowledge', orderId), signal));
}

/**
 * Sets the merchant's reference, which is printed on the invoice, where none is set. A set one stays: it may be
 * of another system of the merchant.
 * @param reference 1 to 50 characters.
 * @throws {VendorError} and {RangeError} for a reference of another length.
 */
export async function setReference(
  api: LedyerApi,
  orderId: string,
  reference: string,
  signal: AbortSignal,
): Promise<OperationResult> {
  if (reference === '' || reference.length > MAX_REFERENCE_LENGTH) {
    throw new RangeError(`a reference has 1 to ${MAX_REFERENCE_LENGTH} characters`);
  }
  const order = await fetchOrder(api, orderId, signal);
  if (order === null) return { outcome: 'not-available', order };
  if (order.merchantReference === reference) return { outcome: 'already', order };
  if (order.merchantReference !== null) return { outcome: 'not-available', order };
  const key = stableKey('reference', orderId, reference);
  return done(await post(api, orderId, 'reference', { reference }, key, signal));
}

/** Captures all that is left. @throws {VendorError} */
export async function captureRest(
  api: LedyerApi,
  orderId: string,
  signal: AbortSignal,
): Promise<OperationResult> {
  const order = await fetchOrder(api, orderId, signal);
  if (order === null) return { outcome: 'not-available', order };
  if (order.uncaptured === null) {
    return { outcome: order.captured.length > 0 ? 'already' : 'not-available', order };
  }
  if (!allows(order, 'capture')) return { outcome: 'not-available', order };
  const { lines, amountMinor } = order.uncaptured;
  // The amount captured before is part of the key: the same rest may be open again after an edit.
  const key = stableKey('capture', orderId, String(order.capturedMinor), String(amountMinor));
  return done(await post(api, orderId, 'capture', captureBody(lines), key, signal));
}

/** Captures whole lines by their `ol_…` ids. @throws {VendorError} */
export async function captureLines(
  api: LedyerApi,
  orderId: string,
  lineIds: readonly string[],
  signal: AbortSignal,
): Promise<OperationResult> {
  const order = await fetchOrder(api, orderId, signal);
  if (order === null || lineIds.length === 0) return { outcome: 'not-available', order };
  const isIn = (lines: readonly LedyerLine[]): boolean =>
    lineIds.every((id) => lines.some((line) => line.id === id));
  if (isIn(order.captured.flatMap(({ lines }) => lines))) return { outcome: 'already', order };
  const open = order.uncaptured?.lines ?? [];
  const isAllowed = allows(order, 'partialCapture') || allows(order, 'capture');
  if (!isAllowed || !isIn(open)) return { outcome: 'not-available', order };
  const lines = open.filter(({ id }) => id !== null && lineIds.includes(id));
  const key = stableKey('capture-lines', orderId, ...[...lineIds].sort());
  return done(await post(api, orderId, 'partialcapture', captureBody(lines), key, signal));
}

/** Refunds one capture as a whole. @param ledgerId `in_…` of the capture. @throws {VendorError} */
export async function refundCapture(
  api: LedyerApi,
  orderId: string,
  ledgerId: string,
  signal: AbortSignal,
): Promise<OperationResult> {
  const order = await fetchOrder(api, orderId, signal);
  const taken = order?.captured.find((part) => part.ledgerId === ledgerId);
  if (order === null || taken === undefined || !isLedgerId(ledgerId))
    return { outcome: 'not-available', order };
  if (!taken.availableActions.includes('refund')) {
    const isAllBack = taken.availableActions.length === 0 && order.refundedMinor >= taken.amountMinor;
    return { outcome: isAllBack ? 'already' : 'not-available', order };
  }
  return done(
    await post(api, orderId, `refund/${ledgerId}`, {}, stableKey('refund', orderId, ledgerId), signal),
  );
}

/**
 * Refunds a part of one capture.
 * @param refundedBeforeMinor What the order's refunds came to when this one was decided, in minor units. It tells
 *   a repetition from a second refund of the same lines: the vendor cannot. Where somebody else refunded the
 *   very same sum meanwhile, it is taken for this one: rather too little than twice.
 * @throws {VendorError}
 */
export async function refundLines(
  api: LedyerApi,
  orderId: string,
  ledgerId: string,
  lines: readonly LedyerLine[],
  refundedBeforeMinor: number,
  signal: AbortSignal,
): Promise<OperationResult> {
  const order = await fetchOrder(api, orderId, signal);
  const taken = order?.captured.find((part) => part.ledgerId === ledgerId);
  if (order === null || taken === undefined || !isLedgerId(ledgerId))
    return { outcome: 'not-available', order };
  const total = sumOf(lines);
  if (order.refundedMinor === refundedBeforeMinor + total) return { outcome: 'already', order };
  if (order.refundedMinor !== refundedBeforeMinor || !taken.availableActions.includes('partialRefund')) {
    return { outcome: 'not-available', order };
  }
  const body = { orderLines: lines.map((line) => ({ ...line, id: undefined })), totalRefundAmount: total };
  const key = stableKey('refund-lines', orderId, ledgerId, String(refundedBeforeMinor), String(total));
  return done(await post(api, orderId, `partialrefund/${ledgerId}`, body, key, signal));
}

/** Cancels what is not captured; captured and refunded lines stay. @throws {VendorError} */
export async function cancelRest(
  api: LedyerApi,
  orderId: string,
  signal: AbortSignal,
): Promise<OperationResult> {
  const order = await fetchOrder(api, orderId, signal);
  if (order === null) return { outcome: 'not-available', order };
  if (order.uncaptured === null) {
    return { outcome: order.captured.length === 0 ? 'already' : 'not-available', order };
  }
  const call = {
    method: 'DELETE',
    path: `/v1/orders/${orderId}`,
    idempotencyKey: stableKey('cancel', orderId, order.uncaptured.ledgerId),
  } as const;
  return done(orderOf(await api.call(call, signal), orderId, call));
}

async function post(
  api: LedyerApi,
  orderId: string,
  act: string,
  body: unknown,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<LedyerOrder> {
  if (!isOrderId(orderId)) throw new VendorError('rejected', 'Not an order id of Ledyer');
  const call = { method: 'POST', path: `/v1/orders/${orderId}/${act}`, body, idempotencyKey } as const;
  return orderOf(await api.call(call, signal), orderId, call);
}

function captureBody(lines: readonly LedyerLine[]): unknown {
  const orderLines = lines.map((line) => ({ ...line, id: line.id ?? undefined }));
  return { orderLines, totalCaptureAmount: sumOf(lines) };
}

function sumOf(lines: readonly LedyerLine[]): number {
  return lines.reduce((total, line) => total + line.totalAmount, 0);
}

function done(order: LedyerOrder): OperationResult {
  return { outcome: 'done', order };
}
