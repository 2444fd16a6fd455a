/** Was the checkout that a start is about to end paid already? Asked before a buyer gets another one. */
import { callVendor } from './call-vendor.js';
import type { KitContext } from './context.js';
import { VendorError } from './errors.js';
import { CheckoutRefusedError, type RedirectPlan } from './open-redirect.js';
import type { AttemptRow } from './postgres/attempt-row.js';
import { readRedirectSession } from './postgres/read-redirect-session.js';
import { report } from './redirect-reports.js';

/**
 * Asks the vendor about an attempt that is to be superseded, because somebody else starts its order or the order costs
 * something else now. What was paid through it is written down, and the start then finds an order that waits: its
 * webhook may be a moment behind the buyer, and a second checkout would be a second payment.
 * @throws {CheckoutRefusedError} `vendor_unavailable`: not known is not unpaid.
 */
export async function askBeforeAnother(
  context: KitContext,
  { adapter }: RedirectPlan,
  attempt: AttemptRow,
): Promise<void> {
  const { database, tables, clock } = context;
  const sessionId = (await readRedirectSession(database, tables, attempt.id))?.sessionId ?? null;
  // Nobody has been sent to a checkout whose id is not here.
  if (sessionId === null) return;
  const nowMs = clock();
  try {
    const standing = await callVendor(context, attempt.vendor, 'read_checkout', (signal) =>
      adapter.redirect.read(sessionId, nowMs, signal),
    );
    if (standing === 'paid' || standing === 'unclear') await report(context, attempt, standing, nowMs);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    context.log({
      level: 'warn',
      event: 'start.checkout-refused',
      message: `It is not known whether the checkout before was paid, so no other one is opened. ${error.message}`,
      fields: { vendor: attempt.vendor, orderRef: attempt.orderRef, why: error.code },
    });
    throw new CheckoutRefusedError(
      'vendor_unavailable',
      'The hosted checkout could not be asked about',
      error.retryAfterMs,
    );
  }
}
