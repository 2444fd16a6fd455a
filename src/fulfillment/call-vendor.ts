import type { Vendor } from '../protocol/index.js';
import type { KitContext } from './context.js';
import { VendorError } from './errors.js';
import { withLease } from './lease.js';
import { stopwatch } from './metrics.js';

/** One kind of call to a vendor's API, as the metrics name it. */
export type VendorOperation =
  | 'fetch_subject'
  | 'list_by_reference'
  | 'mint_bind_token'
  | 'acknowledge'
  | 'capture'
  | 'refund'
  | 'cancel'
  | 'open_checkout'
  | 'read_checkout'
  | 'read_statements';
/** `absent`: it has no such subject. `unbound`: it gave no bind token, for whatever reason. */
export type VendorOutcome = 'ok' | 'absent' | 'unbound';

/**
 * Calls a vendor's API: ended with its lease or with the kit, noted for the vendor's other calls, and measured.
 * @param outcomeOf What an answer is called. Default `ok`.
 * @throws whatever the call throws.
 */
export async function callVendor<T>(
  context: Pick<KitContext, 'schedule' | 'closing' | 'pauses' | 'metrics'>,
  vendor: Vendor,
  operation: VendorOperation,
  call: (signal: AbortSignal) => Promise<T>,
  outcomeOf: (answer: T) => VendorOutcome = () => 'ok',
): Promise<T> {
  const { metrics, pauses } = context;
  const seconds = metrics === null ? null : stopwatch();
  const measure = (outcome: string): void => {
    if (seconds === null) return;
    metrics?.count('checkout_embed_vendor_calls_total', 1, { vendor, operation, outcome });
    metrics?.observe('checkout_embed_vendor_call_seconds', seconds(), { vendor, operation });
  };
  try {
    const answer = await withLease(context, call);
    const outcome = outcomeOf(answer);
    if (outcome !== 'unbound') pauses.answered(vendor);
    measure(outcome);
    return answer;
  } catch (error) {
    pauses.failed(vendor, error);
    measure(error instanceof VendorError ? error.code : 'error');
    throw error;
  }
}
