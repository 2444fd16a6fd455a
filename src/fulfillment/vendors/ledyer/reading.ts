/** What does Ledyer say of an order, or of a session that may become one? */
import { DecodeError, readRecord, readString } from '../../../protocol/index.js';
import type { LedyerApi } from './api.js';
import { nameOf, type ApiCall } from './call.js';
import { isOrderId, isSessionId } from './ids.js';
import { readOrder, type LedyerOrder } from './order.js';
import { unreadable } from './refusals.js';
import { stateOf, type LedyerState } from './state-map.js';

export interface LedyerReading extends LedyerState {
  /** What was asked for: `or_…`, `se_…` or `ps_…`. */
  readonly subject: string;
  /** The order of the subject, where one is known: also that of a session. */
  readonly orderId: string | null;
  /** `null` while there is no order, only a session. */
  readonly order: LedyerOrder | null;
}

/**
 * The payment status, and the order's amounts and actions with it. Two calls, so the answers may be of two
 * moments: the status is asked first, and an order that is older than it can only be a reason to hold.
 * @param subject Anything that is not shaped like an id is unknown to the vendor by definition.
 * @returns `null`: the vendor does not know it, or not yet: a status that would grant needs its order, which may
 *   be visible only a moment later.
 * @throws {VendorError}
 */
export async function readSubject(
  api: LedyerApi,
  subject: string,
  signal: AbortSignal,
): Promise<LedyerReading | null> {
  const vendorStatus = await readStatus(api, subject, signal);
  if (vendorStatus === null) return null;
  const orderId = isOrderId(subject) ? subject : await readOrderId(api, subject, signal);
  const order = orderId === null ? null : await fetchOrder(api, orderId, signal);
  const state = stateOf(vendorStatus, order);
  if (order === null && needsOrder(state)) return null;
  return { ...state, subject, orderId, order };
}

/**
 * `GET /v1/orders/{id}`.
 * @returns `null`: there is no such order, or only a session so far.
 * @throws {VendorError}
 */
export async function fetchOrder(
  api: LedyerApi,
  orderId: string,
  signal: AbortSignal,
): Promise<LedyerOrder | null> {
  if (!isOrderId(orderId)) return null;
  const call: ApiCall = { method: 'GET', path: `/v1/orders/${orderId}`, mayBeMissing: true };
  const body = await api.call(call, signal);
  return body === undefined ? null : orderOf(body, orderId, call);
}

/** The same as it came, or `null`. @throws {VendorError} */
export async function fetchRawOrder(api: LedyerApi, orderId: string, signal: AbortSignal): Promise<unknown> {
  if (!isOrderId(orderId)) return null;
  const call: ApiCall = { method: 'GET', path: `/v1/orders/${orderId}`, mayBeMissing: true };
  const body = await api.call(call, signal);
  if (body === undefined) return null;
  // Another order's buyer must not end up in this one.
  orderOf(body, orderId, call);
  return body;
}

/** The order in an answer; another than the one asked for is no answer. @throws {VendorError} */
export function orderOf(body: unknown, orderId: string, call: ApiCall): LedyerOrder {
  const order = decoded(call, () => readOrder(body));
  if (order.id !== orderId) throw unreadable(nameOf(call), 200, 'it is about another order');
  return order;
}

/** By path for an order, as its own plugins do; by query for a session, which has no other way. */
async function readStatus(api: LedyerApi, subject: string, signal: AbortSignal): Promise<string | null> {
  if (!isOrderId(subject) && !isSessionId(subject)) return null;
  const call: ApiCall = isOrderId(subject)
    ? { method: 'GET', path: `/v1/orders/${subject}/paymentstatus`, mayBeMissing: true }
    : { method: 'GET', path: '/v1/paymentstatus', query: { sessionId: subject }, mayBeMissing: true };
  const body = await api.call(call, signal);
  if (body === undefined) return null;
  return decoded(call, () => readString(readRecord(body, 'answer'), 'status', 64));
}

/** Of the Checkout product it is known from the start, of the Payments product once the order is made. */
async function readOrderId(api: LedyerApi, sessionId: string, signal: AbortSignal): Promise<string | null> {
  const path = sessionId.startsWith('ps_') ? '/v1/payment-sessions' : '/v1/sessions';
  const call: ApiCall = { method: 'GET', path: `${path}/${sessionId}`, mayBeMissing: true };
  const body = await api.call(call, signal);
  if (body === undefined) return null;
  const { orderId } = decoded(call, () => readRecord(body, 'session'));
  return isOrderId(orderId) ? orderId : null;
}

function needsOrder({ standing }: LedyerState): boolean {
  switch (standing) {
    case 'ready':
    case 'captured':
    case 'refunded':
      return true;
    // A session may be pending or end without an order.
    case 'pending':
    case 'cancelled':
    case 'unknown':
      return false;
  }
}

function decoded<T>(call: ApiCall, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) throw unreadable(nameOf(call), 200, error.message);
    throw error;
  }
}
