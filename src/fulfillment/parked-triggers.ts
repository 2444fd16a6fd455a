/** Looks up what unsigned deliveries named and nobody here has linked, and has the merchant make the order. */
import { randomUUID } from 'node:crypto';
import type { Vendor } from '../protocol/index.js';
import { backoffMs } from './backoff.js';
import { callVendor } from './call-vendor.js';
import type { KitContext, News } from './context.js';
import { VendorError } from './errors.js';
import { withLease } from './lease.js';
import { LinkRefusedError, tie } from './link-order.js';
import { fateOf } from './parked-plan.js';
import { claimParkedTriggers, type ParkedClaim } from './postgres/claim-parked-triggers.js';
import { dropParked, postponeParked } from './postgres/finish-parked-claim.js';
import { insertReviews } from './postgres/insert-reviews.js';
import { lockOrder } from './postgres/lock-order.js';
import { markDirty } from './postgres/mark-dirty.js';
import { insertSubjectNames, readSubjectNames, type NamedSubject } from './postgres/subject-names.js';
import { transaction } from './postgres/transaction.js';
import type { LinkedIds, LinkedVendor, Observation, Undetermined } from './ports.js';
import { readExpectation } from './resolve-order.js';
import { settleAll } from './settle-all.js';
import { isStorable } from './storable.js';
import type { MadeOrder, OnUnlinkedOrder } from './unlinked-order.js';

/** Failures of the merchant's function in a row from which on a person should know. */
const LASTING_FAILURES = 5;

/**
 * @param vendor One at a time: a vendor that hangs must not hold up what waits for another.
 * @param hook `null`: the merchant has none, and a person looks at each order.
 * @returns how many it took.
 */
export async function lookAtParked(
  context: KitContext,
  vendor: Vendor,
  hook: OnUnlinkedOrder | null,
): Promise<number> {
  const adapter = context.vendors.get(vendor);
  if (adapter?.flow !== 'linked') return 0;
  const { database, tables, schedule, pauses, clock } = context;
  const nowMs = clock();
  const claims = await claimParkedTriggers(database, tables, {
    vendors: pauses.allowed([vendor]),
    token: randomUUID(),
    limit: schedule.concurrency,
    nowMs,
    leaseUntilMs: nowMs + schedule.leaseSeconds * 1000,
  });
  await settleAll(claims.map((claim) => lookAtOne(context, adapter, hook, claim)));
  return claims.length;
}

async function lookAtOne(
  context: KitContext,
  adapter: LinkedVendor,
  hook: OnUnlinkedOrder | null,
  claim: ParkedClaim,
): Promise<void> {
  const { database, tables, clock } = context;
  const known = await ownerOf(context, claim, [claim.name]);
  if (known !== null && claim.secret === null) return markOwner(context, claim, known, []);
  // The other name is the delivery's word alone. Its owner is read first, and once: where the two belong together that
  // reading takes this name, and where they do not the name speaks for itself.
  if (claim.alias !== null && claim.secret === null && claim.looks === 0) {
    const other = await ownerOf(context, claim, [claim.alias]);
    if (other !== null) return readOwner(context, claim, other);
  }

  let found: Observation | Undetermined | null;
  try {
    found = await callVendor(
      context,
      claim.vendor,
      'fetch_subject',
      (signal) => adapter.fetchSubject(claim.name, signal, context.log),
      (answer) => (answer === null ? 'absent' : 'ok'),
    );
  } catch (error) {
    if (!isNotOurs(error)) return postpone(context, claim, error, 'parked.unread');
    found = null;
  }
  const fate = fateOf(found, claim, clock());
  switch (fate.kind) {
    case 'look-again':
      await postponeParked(database, tables, claim, fate.atMs, { isKnown: found !== null });
      return;
    case 'drop':
      await dropParked(database, tables, claim, clock());
      context.log({
        level: 'info',
        event: 'parked.dropped',
        message: 'An id that nobody here has linked came to nothing at its vendor and is forgotten',
        fields: { vendor: claim.vendor, why: fate.why, looks: claim.looks },
      });
      return;
    case 'make':
      await make(context, adapter, hook, claim, fate.observation);
  }
}

/** Somebody bought, and the merchant has not said which of its orders that is. */
async function make(
  context: KitContext,
  adapter: LinkedVendor,
  hook: OnUnlinkedOrder | null,
  claim: ParkedClaim,
  observation: Observation,
): Promise<void> {
  // By the vendor's own word; the delivery's alias is nobody's.
  const names = [claim.name, ...(isStorable(observation) ? (observation.aliases ?? []) : [])];
  const owner = await ownerOf(context, claim, names);
  if (owner !== null && claim.secret === null) return markOwner(context, claim, owner, names);
  const ids = adapter.idsOf(names);
  let made: MadeOrder | null;
  try {
    made = hook === null ? null : await ask(context, hook, claim, observation, ids, owner?.orderRef ?? null);
  } catch (error) {
    await postpone(context, claim, error, 'parked.not-made');
    if (claim.failures + 1 === LASTING_FAILURES)
      await review(context, claim, ids, observation, 'onUnlinkedOrder fails', false);
    return;
  }
  if (made === null) {
    const why = hook === null ? 'no onUnlinkedOrder is configured' : 'onUnlinkedOrder knows no such order';
    return review(context, claim, ids, observation, why, true);
  }
  await link(context, adapter, claim, observation, ids, made);
}

/** @throws what the merchant's function throws, and for an answer that is no order. */
async function ask(
  context: KitContext,
  hook: OnUnlinkedOrder,
  claim: ParkedClaim,
  observation: Observation,
  ids: LinkedIds,
  orderRef: string | null,
): Promise<MadeOrder | null> {
  const { vendor } = claim;
  const { orderId, sessionId } = ids;
  const made = await withLease(context, async (signal) =>
    hook({
      vendor,
      orderId: orderId ?? null,
      sessionId: sessionId ?? null,
      orderRef,
      vendorStatus: observation.vendorStatus,
      amountMinor: observation.amountMinor ?? null,
      currency: observation.currency ?? null,
      authorizationToken: claim.secret,
      // A purchase that is heard of by its session first and by its order then is one purchase.
      key: `${vendor}:${orderId ?? sessionId ?? claim.name}`,
      signal,
    }),
  );
  if (made === null) return null;
  readExpectation(made, 'onUnlinkedOrder gave an order whose');
  return made;
}

/** The order and the end of the waiting: one commit. */
async function link(
  context: KitContext,
  adapter: LinkedVendor,
  claim: ParkedClaim,
  observation: Observation,
  ids: LinkedIds,
  made: MadeOrder,
): Promise<void> {
  const { database, tables, clock } = context;
  try {
    const terms = readExpectation(made, 'onUnlinkedOrder gave an order whose');
    const named = adapter.readLink(made.orderId === undefined ? ids : { ...ids, orderId: made.orderId });
    const news = await transaction(database, async (sql): Promise<News> => {
      const tied = await tie(sql, context, claim.vendor, terms, named);
      await dropParked(sql, tables, claim, clock());
      return tied;
    });
    context.announce(news);
    context.log({
      level: 'info',
      event: 'parked.linked',
      message: 'An order that was heard of before it was linked has its order here now',
      fields: { vendor: claim.vendor, orderRef: made.orderRef },
    });
  } catch (error) {
    if (!(error instanceof LinkRefusedError)) return postpone(context, claim, error, 'parked.not-made');
    const why = `onUnlinkedOrder named ${made.orderRef}, and it belongs to ${error.result.reason}`;
    await review(context, claim, ids, observation, why, true);
  }
}

/** Linked meanwhile: what was heard of it counts for that subject. */
async function markOwner(
  context: KitContext,
  claim: ParkedClaim,
  { subject, orderRef }: NamedSubject,
  names: readonly string[],
): Promise<void> {
  const { database, tables, clock } = context;
  const { vendor } = claim;
  await transaction(database, async (sql) => {
    if (orderRef !== null) await lockOrder(sql, tables, orderRef);
    await insertSubjectNames(sql, tables, vendor, subject, names);
    await markDirty(sql, tables, [{ vendor, subject, orderRef }], clock());
    await dropParked(sql, tables, claim, clock());
  });
  context.announce({ orderRefs: [], due: ['refetch'] });
}

/** What else the delivery named is linked: that is read now, and the name looked up a while later. */
async function readOwner(
  context: KitContext,
  claim: ParkedClaim,
  { subject, orderRef }: NamedSubject,
): Promise<void> {
  const { database, tables, clock, schedule } = context;
  const { vendor } = claim;
  await transaction(database, async (sql) => {
    if (orderRef !== null) await lockOrder(sql, tables, orderRef);
    await markDirty(sql, tables, [{ vendor, subject, orderRef }], clock());
    await postponeParked(sql, tables, claim, clock() + schedule.fallbackAfterMs, { isKnown: false });
  });
  context.announce({ orderRefs: [], due: ['refetch'] });
}

async function review(
  context: KitContext,
  claim: ParkedClaim,
  ids: LinkedIds,
  observation: Observation,
  why: string,
  isOver: boolean,
): Promise<void> {
  const { database, tables, clock } = context;
  const { vendor } = claim;
  const opened = await transaction(database, async (sql) => {
    if (isOver && !(await dropParked(sql, tables, claim, clock()))) return [];
    const { vendorStatus, amountMinor = null, currency = null } = observation;
    const names = { orderId: ids.orderId ?? null, sessionId: ids.sessionId ?? null };
    const evidence = { ...names, vendorStatus, amountMinor, currency, why };
    const key = `unlinked_order:${vendor}:${ids.orderId ?? claim.name}`;
    return insertReviews(
      sql,
      tables,
      [{ orderRef: null, vendor, key, reason: 'unlinked_order', evidence }],
      clock(),
    );
  });
  context.announce({ orderRefs: [], due: opened.length > 0 ? ['notify'] : [], opened });
}

/** A call that failed says nothing of the name: it is made again, however long that takes. */
async function postpone(
  context: KitContext,
  claim: ParkedClaim,
  error: unknown,
  event: 'parked.unread' | 'parked.not-made',
): Promise<void> {
  const { database, tables, schedule, clock } = context;
  const failures = claim.failures + 1;
  const retryAfterMs = error instanceof VendorError ? error.retryAfterMs : null;
  const waitMs = backoffMs(schedule, failures, retryAfterMs);
  // The text of the merchant's error may hold anything.
  const name = error instanceof VendorError ? error.code : error instanceof Error ? error.name : 'unknown';
  context.log({
    level: failures >= LASTING_FAILURES ? 'error' : 'warn',
    event,
    message:
      event === 'parked.unread'
        ? 'An id that nobody here has linked could not be looked up; it is looked up again'
        : 'The merchant’s order for an unlinked one could not be made; it is asked for again',
    fields: { vendor: claim.vendor, error: name, failures, waitMs },
  });
  await postponeParked(database, tables, claim, clock() + waitMs, { error: name });
}

async function ownerOf(
  { database, tables }: KitContext,
  { vendor }: ParkedClaim,
  names: readonly string[],
): Promise<NamedSubject | null> {
  return (await readSubjectNames(database, tables, vendor, names))[0] ?? null;
}

/** Another merchant's, or nobody's: as good as not known. */
function isNotOurs(error: unknown): boolean {
  return error instanceof VendorError && (error.code === 'forbidden' || error.code === 'rejected');
}
