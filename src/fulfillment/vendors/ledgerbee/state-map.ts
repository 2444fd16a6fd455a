/** What does each of LedgerBee's subscription statuses mean for access? */
import type { Observation } from '../../ports.js';

/**
 * From "Lifecycle & statuses". A status that is not listed is `unknown`, and a person looks.
 * - `awaiting_payment`: the first invoice is out and not paid: documented as no access.
 * - `pending_cancellation`: active until the date that was set.
 */
const ACCESS_BY_STATUS: ReadonlyMap<string, Observation['access']> = new Map([
  ['trial', 'granted'],
  ['active', 'granted'],
  ['pending_cancellation', 'granted'],
  ['scheduled', 'awaiting'],
  ['awaiting_payment', 'awaiting'],
  ['paused', 'paused'],
  ['cancelled', 'ended'],
  ['expired', 'ended'],
]);

export function accessOf(vendorStatus: string): Observation['access'] {
  return ACCESS_BY_STATUS.get(vendorStatus) ?? 'unknown';
}
