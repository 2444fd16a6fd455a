import { randomUUID } from 'node:crypto';
import type { Vendor } from '../protocol/index.js';
import { backoffMs } from './backoff.js';
import { callVendor } from './call-vendor.js';
import type { KitContext } from './context.js';
import { VendorError } from './errors.js';
import { feedReading } from './feed-reading.js';
import { claimSubjects, type SubjectClaim } from './postgres/claim-subjects.js';
import { postponeSubject } from './postgres/postpone-subject.js';
import type { Observation, Undetermined, VendorAdapter } from './ports.js';
import { settleAll } from './settle-all.js';
import { isStorable } from './storable.js';
import { triesBeforeDoubt, type Doubt } from './undetermined.js';

/** Failures in a row from which on it is no blip. */
const LASTING_FAILURES = 5;

/**
 * Reads dirty subjects at their vendor and feeds what it sees into the orders.
 * @param vendor One at a time: a vendor that hangs must not hold up what waits for another.
 * @returns how many it took.
 */
export async function refetch(context: KitContext, vendor: Vendor): Promise<number> {
  const { database, tables, schedule, pauses, clock } = context;
  const nowMs = clock();
  const claims = await claimSubjects(database, tables, {
    vendors: pauses.allowed([vendor]),
    token: randomUUID(),
    limit: schedule.concurrency,
    nowMs,
    leaseUntilMs: nowMs + schedule.leaseSeconds * 1000,
  });
  await settleAll(claims.map((claim) => refetchOne(context, claim)));
  return claims.length;
}

/** What came of reading one subject. */
export type SubjectReading =
  | { readonly outcome: 'read'; readonly observation: Observation }
  /** Somebody else took the subject meanwhile, and reads it. */
  | { readonly outcome: 'late' }
  /** The vendor does not know it, or not yet. */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'failed'; readonly error: unknown };

/** Reads one claimed subject at its vendor and feeds it. Whatever fails is postponed, and said. */
export async function refetchOne(context: KitContext, claim: SubjectClaim): Promise<SubjectReading> {
  const adapter = context.vendors.get(claim.vendor);
  // What a redirect vendor's deliveries prove needs no reading.
  if (adapter === undefined || adapter.flow === 'redirect') return { outcome: 'unknown' };
  try {
    const found = await callVendor(
      context,
      claim.vendor,
      'fetch_subject',
      (signal): Promise<Observation | Undetermined | null> =>
        adapter.fetchSubject(claim.subject, signal, context.log),
      (answer) => (answer === null ? 'absent' : 'ok'),
    );
    if (found === null || 'undetermined' in found) {
      const why = found === null ? 'not_found' : found.undetermined;
      if (claim.failures + 1 < triesBeforeDoubt(adapter.flow, claim.isTriggered)) {
        await postpone(context, claim, why, null);
        return { outcome: 'unknown' };
      }
      const reading = unknown(claim, why);
      const doubt: Doubt = found === null ? 'not-found' : 'undetermined';
      return (await feedReading(context, claim, reading, adapter, adapter.flow === 'linked' ? doubt : null))
        ? { outcome: 'read', observation: reading }
        : { outcome: 'late' };
    }
    const reading = readable(claim, found, adapter.flow);
    return (await feedReading(context, claim, reading, adapter))
      ? { outcome: 'read', observation: reading }
      : { outcome: 'late' };
  } catch (error) {
    const retryAfterMs = error instanceof VendorError ? error.retryAfterMs : null;
    await postpone(context, claim, describe(error), retryAfterMs);
    return { outcome: 'failed', error };
  }
}

/** A reading is about what was asked for, and what cannot be kept is for a person to look up. */
function readable(claim: SubjectClaim, observation: Observation, flow: VendorAdapter['flow']): Observation {
  if (!isStorable(observation)) return unknown(claim, 'unreadable');
  // Where the merchant linked it, that is what ties it to the order.
  const reference = flow === 'linked' ? claim.orderRef : observation.reference;
  return { ...observation, subject: claim.subject, reference };
}

/** A reading that says nothing: the order goes to review. */
function unknown(claim: SubjectClaim, vendorStatus: string): Observation {
  return {
    subject: claim.subject,
    reference: claim.orderRef,
    access: 'unknown',
    vendorStatus,
    planId: null,
    customerId: null,
  };
}

async function postpone(
  context: KitContext,
  claim: SubjectClaim,
  why: string,
  retryAfterMs: number | null,
): Promise<void> {
  const waitMs = backoffMs(context.schedule, claim.failures + 1, retryAfterMs);
  context.log({
    // A blip is a warning; what lasts means that paid orders wait.
    level: claim.failures + 1 >= LASTING_FAILURES ? 'error' : 'warn',
    event: 'refetch.failed',
    message: 'A subject could not be read; it stays dirty and is read again',
    fields: { vendor: claim.vendor, why, failures: claim.failures + 1, waitMs },
  });
  await postponeSubject(context.database, context.tables, claim, context.clock() + waitMs, why);
}

function describe(error: unknown): string {
  if (error instanceof VendorError)
    return `${error.code}${error.status === null ? '' : ` (${error.status})`}`;
  return error instanceof Error ? error.name : 'unknown';
}
