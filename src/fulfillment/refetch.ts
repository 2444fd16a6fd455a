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
import { insertReviews } from './postgres/insert-reviews.js';
import { isErasedSubject } from './postgres/is-erased-subject.js';
import { lockOrderFacts } from './postgres/lock-order-facts.js';
import { postponeSubject } from './postgres/postpone-subject.js';
import { insertSubjectNames } from './postgres/subject-names.js';
import { takeParked } from './postgres/take-parked.js';
import { transaction } from './postgres/transaction.js';
import type { Observation, SqlClient, Undetermined, VendorAdapter } from './ports.js';
import { isSameReading, latestReading, withoutBuyer } from './reading.js';
import { nextRecheckMs } from './recheck-plan.js';
import { settleAll } from './settle-all.js';
import { isStorable } from './storable.js';
import { triesBeforeDoubt, weighDoubt, type Doubt } from './undetermined.js';
import { unknownStatusReview } from './order-subjects.js';

/** Failures in a row from which on it is no blip. */
const LASTING_FAILURES = 5;

const NO_NEWS: News = { orderRefs: [], due: [] };

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
      return (await feed(context, claim, reading, adapter, adapter.flow === 'linked' ? doubt : null))
        ? { outcome: 'read', observation: reading }
        : { outcome: 'late' };
    }
    const reading = readable(claim, found, adapter.flow);
    return (await feed(context, claim, reading, adapter))
      ? { outcome: 'read', observation: reading }
      : { outcome: 'late' };
  } catch (error) {
    const retryAfterMs = error instanceof VendorError ? error.retryAfterMs : null;
    await postpone(context, claim, describe(error), retryAfterMs);
    return { outcome: 'failed', error };
  }
}

/**
 * The transaction of a reading, under the key `subject + generation`: the same one is fed once. A reading that shows
 * what the one before it showed adds no fact: an order that is read every week for years does not grow by it.
 * @returns `false` when the claim held no more: nothing was written.
 */
async function feed(
  context: KitContext,
  claim: SubjectClaim,
  observation: Observation,
  adapter: VendorAdapter,
  doubt: Doubt | null = null,
): Promise<boolean> {
  const nowMs = context.clock();
  const place = placeOf(context, claim, observation, nowMs);
  const ref = place?.ref ?? null;
  const news = await transaction(context.database, async (sql): Promise<News | null> => {
    // Held from here on: what was read before is compared with what is read now.
    const order = ref === null ? null : await lockOrderFacts(sql, context.tables, ref);
    const isErased = order?.isErased === true && (await isErasedSubject(sql, context.tables, claim));
    const reading = isErased ? withoutBuyer(observation) : observation;
    const latest = order === null ? null : latestReading(order.facts, claim.subject);
    const isNews = order === null || !isSameReading(latest, reading);
    const ageMs = order === null ? 0 : nowMs - order.createdAtMs;
    const weight = doubt === null ? 'fact' : weighDoubt(doubt, latest, claim.isTriggered);
    const news =
      weight === 'review'
        ? await openReview(sql, context, claim, ref, reading, nowMs)
        : isNews && weight === 'fact'
          ? await feedNews(sql, context, claim, place, reading, nowMs)
          : NO_NEWS;
    await learnNames(sql, context, claim, reading);
    const isOver = weight === 'nothing' && ageMs >= context.schedule.recheckOftenForMs;
    const recheckAtMs =
      ref === null || isOver ? null : nextRecheckMs(context.schedule, reading.access, ageMs, nowMs);
    const settleDelaysMs = adapter.flow === 'linked' ? adapter.settleDelaysMs : [];
    const { triggerPauseMs } = context.schedule;
    const orderRef = await cleanSubject(
      sql,
      context.tables,
      claim,
      ref,
      nowMs,
      recheckAtMs,
      settleDelaysMs,
      triggerPauseMs,
    );
    if (orderRef !== undefined && orderRef === ref) return news;
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
    return false;
  }
  context.announce(news);
  return true;
}

async function feedNews(
  sql: SqlClient,
  context: KitContext,
  claim: SubjectClaim,
  place: OrderPlace | null,
  observation: Observation,
  nowMs: number,
): Promise<News> {
  const { vendor, subject, generation } = claim;
  const fresh = await insertInbox(
    sql,
    context.tables,
    [
      {
        vendor,
        source: 'refetch',
        messageId: `${subject}@${generation}`,
        topic: 'refetch',
        subject,
        orderRef: place?.ref ?? null,
        outcome: place === null ? 'ignored' : 'applied',
        why: place === null ? 'it carries no reference' : null,
        rawBody: null,
      },
    ],
    nowMs,
  );
  if (place === null || fresh.size === 0) return NO_NEWS;
  const facts = [{ kind: 'observed' as const, generation, observation }];
  const cause = `refetch:${subject}@${generation}`;
  return applyChanges(sql, context, [{ ...place, vendor, facts, cause }], nowMs);
}

/** The state stays as it was read before, and a person is asked. */
async function openReview(
  sql: SqlClient,
  { tables }: KitContext,
  { vendor }: SubjectClaim,
  orderRef: string | null,
  reading: Observation,
  nowMs: number,
): Promise<News> {
  const review = { ...unknownStatusReview(reading), orderRef, vendor };
  const opened = await insertReviews(sql, tables, [review], nowMs);
  return { orderRefs: [], due: opened.length > 0 ? ['notify'] : [], opened };
}

/** What comes under another name of the subject is about it from now on. */
async function learnNames(
  sql: SqlClient,
  { tables }: KitContext,
  { vendor, subject }: SubjectClaim,
  { aliases = [] }: Observation,
): Promise<void> {
  if (aliases.length === 0) return;
  await insertSubjectNames(sql, tables, vendor, subject, aliases);
  await takeParked(sql, tables, vendor, subject, aliases);
}

/** The order a reading belongs to, and how it is made if it is not there. */
type OrderPlace = Pick<OrderChange, 'ref' | 'unreferenced' | 'parkedUntilMs'>;

/** `null`: to none, by the host's option. */
function placeOf(
  { unreferenced, schedule }: KitContext,
  claim: SubjectClaim,
  observation: Observation,
  nowMs: number,
): OrderPlace | null {
  const ref = claim.orderRef ?? observation.reference;
  if (ref !== null) return { ref, parkedUntilMs: nowMs + schedule.parkMs };
  if (unreferenced === 'ignore') return null;
  return { ref: `${claim.vendor}:${claim.subject}`, unreferenced };
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

/** Somebody else holds the subject now, or it was given to another order: nothing of ours may be written. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}
