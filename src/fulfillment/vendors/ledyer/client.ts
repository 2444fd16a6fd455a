/** Ledyer's API as one object: what the adapter and an operator's call ask of it. */
import { LedyerApi } from './api.js';
import {
  acknowledge,
  cancelRest,
  captureLines,
  captureRest,
  refundCapture,
  refundLines,
  setReference,
  type OperationResult,
} from './operations.js';
import { readOptions, type LedyerOptions } from './options.js';
import type { LedyerLine } from './order.js';
import { fetchRawOrder, readSubject, type LedyerReading } from './reading.js';

/** Every call takes a signal; time-outs are the client's own. All throw {@link VendorError}. */
export interface LedyerClient {
  /** State of an order or a session; `null`: the vendor does not know it (yet). */
  read(subject: string, signal: AbortSignal): Promise<LedyerReading | null>;
  /**
   * The order as the vendor tells it, its buyer and lines included, for a merchant that makes its own order from it.
   * Kept and logged nowhere here. `null`: there is no such order (yet).
   */
  rawOrder(orderId: string, signal: AbortSignal): Promise<unknown>;
  acknowledge(orderId: string, signal: AbortSignal): Promise<OperationResult>;
  setReference(orderId: string, reference: string, signal: AbortSignal): Promise<OperationResult>;
  /** Captures all that is left. */
  captureRest(orderId: string, signal: AbortSignal): Promise<OperationResult>;
  /** Captures whole lines by their `ol_…` ids. */
  captureLines(orderId: string, lineIds: readonly string[], signal: AbortSignal): Promise<OperationResult>;
  /** Refunds one capture, named by its `in_…`, as a whole. */
  refundCapture(orderId: string, ledgerId: string, signal: AbortSignal): Promise<OperationResult>;
  /** Refunds a part of one capture; see {@link refundLines} for `refundedBeforeMinor`. */
  refundLines(
    orderId: string,
    ledgerId: string,
    lines: readonly LedyerLine[],
    refundedBeforeMinor: number,
    signal: AbortSignal,
  ): Promise<OperationResult>;
  /** Cancels what is not captured. */
  cancelRest(orderId: string, signal: AbortSignal): Promise<OperationResult>;
}

/**
 * Makes no call before it is asked to, and one token serves all calls.
 * @throws {ConfigurationError} `invalid-option`, naming the option and the fix; no secret is repeated.
 */
export function ledyerClient(options: LedyerOptions): LedyerClient {
  const api = new LedyerApi(readOptions(options));
  return {
    read: (subject, signal) => readSubject(api, subject, signal),
    rawOrder: (orderId, signal) => fetchRawOrder(api, orderId, signal),
    acknowledge: (orderId, signal) => acknowledge(api, orderId, signal),
    setReference: (orderId, reference, signal) => setReference(api, orderId, reference, signal),
    captureRest: (orderId, signal) => captureRest(api, orderId, signal),
    captureLines: (orderId, lineIds, signal) => captureLines(api, orderId, lineIds, signal),
    refundCapture: (orderId, ledgerId, signal) => refundCapture(api, orderId, ledgerId, signal),
    refundLines: (orderId, ledgerId, lines, refundedBeforeMinor, signal) =>
      refundLines(api, orderId, ledgerId, lines, refundedBeforeMinor, signal),
    cancelRest: (orderId, signal) => cancelRest(api, orderId, signal),
  };
}
