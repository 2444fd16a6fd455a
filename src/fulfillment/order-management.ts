/** A person's calls on the vendor's side of a linked order. What follows from them is read, never written from an answer. */
import type { Vendor } from '../protocol/index.js';
import { callVendor, type VendorOperation } from './call-vendor.js';
import type { KitContext } from './context.js';
import type { CaptureOptions, LinkedVendor, OperationAnswer, RefundOptions } from './ports.js';
import { listSubjects } from './postgres/list-subjects.js';
import { lockOrder } from './postgres/lock-order.js';
import { markDirty } from './postgres/mark-dirty.js';
import { transaction } from './postgres/transaction.js';

export type ManagementResult =
  | (OperationAnswer & { readonly vendor: Vendor; readonly subject: string })
  /** No purchase at a vendor of this kind is linked to the order. */
  | { readonly outcome: 'not-linked' }
  /** Several are: which one is meant is for a person to say, at the vendor. */
  | { readonly outcome: 'ambiguous'; readonly subjects: readonly string[] };

/**
 * Capture, refund and cancel, by the merchant's own order reference. Each looks before it acts and says `already`
 * where it is done, so that a call whose answer was lost may be made again, from any process. The order is read
 * afterwards, and what it has come to is decided from that.
 *
 * Refunding single lines is not among them: the vendor's refunds name no lines, so that a repetition looks like a second
 * refund of the same. Only who decided it knows what had been refunded before; see `refundLines` of the vendor's client.
 *
 * All throw {@link VendorError}: then nobody knows whether it was done, and the same call may be made again.
 */
export interface ManagedOrders {
  /** Captures all that is left, or whole lines. Never before the vendor says that it would take it. */
  capture(orderRef: string, options?: CaptureOptions): Promise<ManagementResult>;
  /** Refunds one capture as a whole. */
  refund(orderRef: string, options?: RefundOptions): Promise<ManagementResult>;
  /** Cancels what is not captured. */
  cancel(orderRef: string): Promise<ManagementResult>;
}

export function managedOrders(context: KitContext): ManagedOrders {
  return {
    capture: (orderRef, options = {}) =>
      manage(context, orderRef, 'capture', (adapter, subject, signal) =>
        adapter.orderManagement.capture(subject, options, signal),
      ),
    refund: (orderRef, options = {}) =>
      manage(context, orderRef, 'refund', (adapter, subject, signal) =>
        adapter.orderManagement.refund(subject, options, signal),
      ),
    cancel: (orderRef) =>
      manage(context, orderRef, 'cancel', (adapter, subject, signal) =>
        adapter.orderManagement.cancel(subject, signal),
      ),
  };
}

async function manage(
  context: KitContext,
  orderRef: string,
  operation: Extract<VendorOperation, 'capture' | 'refund' | 'cancel'>,
  act: (adapter: LinkedVendor, subject: string, signal: AbortSignal) => Promise<OperationAnswer>,
): Promise<ManagementResult> {
  const { database, tables, vendors } = context;
  const linked = (await listSubjects(database, tables, orderRef)).flatMap(({ vendor, subject }) => {
    const adapter = vendors.get(vendor);
    return adapter?.flow === 'linked' ? [{ adapter, vendor, subject }] : [];
  });
  const [one, another] = linked;
  if (one === undefined) return { outcome: 'not-linked' };
  if (another !== undefined) {
    return { outcome: 'ambiguous', subjects: linked.map(({ subject }) => subject) };
  }
  const { adapter, vendor, subject } = one;
  try {
    const answer = await callVendor(context, vendor, operation, (signal) => act(adapter, subject, signal));
    return { ...answer, vendor, subject };
  } finally {
    // Also when the answer was lost: what was done shows when it is read.
    await readAgain(context, orderRef, vendor, subject);
  }
}

async function readAgain(
  { database, tables, clock, announce }: KitContext,
  orderRef: string,
  vendor: Vendor,
  subject: string,
): Promise<void> {
  await transaction(database, async (sql) => {
    await lockOrder(sql, tables, orderRef);
    await markDirty(sql, tables, [{ vendor, subject, orderRef }], clock());
  });
  announce({ orderRefs: [], due: ['refetch'] });
}
