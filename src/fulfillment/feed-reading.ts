/** What a subject was read to be, written into its order: one transaction, as long as the claim on the subject holds. */
import { applyChanges, type OrderChange } from './apply.js';
import type { KitContext, News } from './context.js';
import { unknownStatusReview } from './order-subjects.js';
import type { Observation, SqlClient, VendorAdapter } from './ports.js';
import type { SubjectClaim } from './postgres/claim-subjects.js';
import { cleanSubject } from './postgres/clean-subject.js';
import { insertInbox } from './postgres/insert-inbox.js';
import { insertReviews } from './postgres/insert-reviews.js';
import { isErasedSubject } from './postgres/is-erased-subject.js';
import { lockOrderFacts } from './postgres/lock-order-facts.js';
import { postponeSubject } from './postgres/postpone-subject.js';
import { insertSubjectNames } from './postgres/subject-names.js';
import { takeParked } from './postgres/take-parked.js';
import { transaction } from './postgres/transaction.js';
import { isSameReading, latestReading, withoutBuyer } from './reading.js';
import { nextRecheckMs } from './recheck-plan.js';
import { weighDoubt, type Doubt } from './undetermined.js';

const NO_NEWS: News = { orderRefs: [], due: [] };

/**
 * The transaction of a reading, under the key `subject + generation`: the same one is fed once. A reading that shows
 * what the one before it showed adds no fact: an order that is read every week for years does not grow by it.
 * @returns `false` when the claim held no more: nothing was written.
 */
export async function feedReading(
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

/** Somebody else holds the subject now, or it was given to another order: nothing of ours may be written. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}
