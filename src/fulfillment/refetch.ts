import { randomUUID } from 'node:crypto';
import type { Vendor } from '../protocol/index.js';
import { applyChanges, type OrderChange } from './apply.js';
import { backoffMs } from './backoff.js';
import { callVendor } from './call-vendor.js';
import type { KitContext, News } from './context.js';
import { VendorError } from './errors.js';
import { claimSubjects, type SubjectClaim } from './postgres/claim-subjects.js';
import { cleanSubject } from './postgres/clean-subject.js';
import { insertInbox } from './postgres/insert-inbox.js';
import { postponeSubject } from './postgres/postpone-subject.js';
import { transaction } from './postgres/transaction.js';
import type { Observation } from './ports.js';
import { settleAll } from './settle-all.js';
import { isStorable } from './storable.js';

/**
 * How often the vendor may say that it does not know a subject of which it told us itself, before a person
 * looks: its API may be behind its own webhooks for a while.
 */
const UNKNOWN_SUBJECT_TRIES = 6;
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

async function refetchOne(context: KitContext, claim: SubjectClaim): Promise<void> {
  const adapter = context.vendors.get(claim.vendor);
  if (adapter === undefined) return;
  try {
    const found = await callVendor(
      context,
      claim.vendor,
      'fetch_subject',
      (signal) => adapter.fetchSubject(claim.subject, signal, context.log),
      (answer) => (answer === null ? 'absent' : 'ok'),
    );
    const observation =
      found ?? (claim.failures + 1 >= UNKNOWN_SUBJECT_TRIES ? unknown(claim, 'not_found') : null);
    if (observation === null) await postpone(context, claim, 'the vendor does not know it (yet)', null);
    else await feed(context, claim, readable(claim, observation));
  } catch (error) {
    const retryAfterMs = error instanceof VendorError ? error.retryAfterMs : null;
    await postpone(context, claim, describe(error), retryAfterMs);
  }
}

/** The transaction of a reading, under the key `subject + generation`: the same one is fed once. */
async function feed(context: KitContext, claim: SubjectClaim, observation: Observation): Promise<void> {
  const nowMs = context.clock();
  const change = changeFor(context, claim, observation, nowMs);
  const news = await transaction(context.database, async (sql): Promise<News | null> => {
    const messageId = `${claim.subject}@${claim.generation}`;
    const fresh = await insertInbox(
      sql,
      context.tables,
      [
        {
          vendor: claim.vendor,
          source: 'refetch',
          messageId,
          topic: 'refetch',
          subject: claim.subject,
          orderRef: change?.ref ?? null,
          outcome: change === null ? 'ignored' : 'applied',
          why: change === null ? 'it carries no reference' : null,
          rawBody: null,
        },
      ],
      nowMs,
    );
    const news =
      change === null || fresh.size === 0
        ? { orderRefs: [], due: [] }
        : await applyChanges(sql, context, [change], nowMs);
    const orderRef = await cleanSubject(sql, context.tables, claim, change?.ref ?? null, nowMs);
    if (orderRef !== undefined && orderRef === (change?.ref ?? null)) return news;
    throw new ClaimLostError();
  }).catch((error: unknown) => {
    if (error instanceof ClaimLostError) return null;
    throw error;
  });
  if (news === null) {
    context.log({
      level: 'info',
      event: 'refetch.late',
      message: 'A reading came after its claim had ended and was dropped; the subject is read again',
      fields: { vendor: claim.vendor, generation: claim.generation },
    });
    // Where the claim still holds, the subject was given to another order meanwhile: read it for that one.
    await postponeSubject(context.database, context.tables, claim, nowMs, 'its order changed');
    return;
  }
  context.announce(news);
}

/** To which order the reading belongs; `null`: to none, by the host's option. */
function changeFor(
  { unreferenced, schedule }: KitContext,
  claim: SubjectClaim,
  observation: Observation,
  nowMs: number,
): OrderChange | null {
  const common = {
    vendor: claim.vendor,
    facts: [{ kind: 'observed', generation: claim.generation, observation }],
    cause: `refetch:${claim.subject}@${claim.generation}`,
  } as const;
  const ref = claim.orderRef ?? observation.reference;
  if (ref !== null) return { ...common, ref, parkedUntilMs: nowMs + schedule.parkMs };
  if (unreferenced === 'ignore') return null;
  return { ...common, ref: `${claim.vendor}:${claim.subject}`, unreferenced };
}

/** A reading is about what was asked for, and what cannot be kept is for a person to look up. */
function readable(claim: SubjectClaim, observation: Observation): Observation {
  return isStorable(observation) ? { ...observation, subject: claim.subject } : unknown(claim, 'unreadable');
}

/** A reading that says nothing: the order goes to review. */
function unknown(claim: SubjectClaim, vendorStatus: 'not_found' | 'unreadable'): Observation {
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

/** Somebody else holds the subject now, or it was given to another order: nothing of ours may be written. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}
