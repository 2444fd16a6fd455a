import { applyChanges, DecideError } from './apply.js';
import type { KitContext, News } from './context.js';
import { endParkedPayments } from './parked-payments.js';
import { endParkingUndecided } from './postgres/end-parking-undecided.js';
import { findOverdueParked, type ParkedOrder } from './postgres/find-overdue-parked.js';
import { insertReviews } from './postgres/insert-reviews.js';
import { isFaultOfTheRow } from './postgres/sql-state.js';
import { transaction } from './postgres/transaction.js';

/** Orders ended in one transaction. */
const LIMIT = 50;

/**
 * Ends the waiting of orders whose reference nobody here issued: a person looks at them. An attempt that commits
 * while this runs wins, because a fact about issuing changes nothing once there is an expectation.
 * @returns how many it took.
 */
export async function endParking(context: KitContext): Promise<number> {
  const { database, tables, clock } = context;
  const nowMs = clock();
  const overdue = await findOverdueParked(database, tables, nowMs, LIMIT);
  await end(context, overdue, nowMs);
  return overdue.length + (await endParkedPayments(context, LIMIT));
}

async function end(context: KitContext, overdue: readonly ParkedOrder[], nowMs: number): Promise<void> {
  if (overdue.length === 0) return;
  try {
    context.announce(await endTogether(context, overdue, nowMs));
  } catch (error) {
    if (!(error instanceof DecideError) && !isFaultOfTheRow(error)) throw error;
    if (overdue.length > 1) {
      // One order's own fault must not keep its neighbors waiting: each goes alone.
      for (const order of overdue) await end(context, [order], nowMs);
      return;
    }
    const [order] = overdue;
    if (order !== undefined) context.announce(await endUndecided(context, order, nowMs));
  }
}

function endTogether(context: KitContext, overdue: readonly ParkedOrder[], nowMs: number): Promise<News> {
  const changes = overdue.map(({ ref, vendor }) => ({
    ref,
    vendor,
    facts: [{ kind: 'unissued' as const }],
    cause: 'parked:overdue',
  }));
  return transaction(context.database, (sql) => applyChanges(sql, context, changes, nowMs));
}

/** What cannot be decided is shown to a person as it is: without that it would be tried again every second. */
async function endUndecided(context: KitContext, order: ParkedOrder, nowMs: number): Promise<News> {
  const { database, tables } = context;
  const { ref: orderRef, vendor } = order;
  context.log({
    level: 'error',
    event: 'parked.undecided',
    message: 'An order without an attempt could not be decided when its waiting was over; a person must look',
    fields: { vendor, orderRef },
  });
  const opened = await transaction(database, async (sql) => {
    if (!(await endParkingUndecided(sql, tables, orderRef, nowMs))) return [];
    const key = 'unknown_reference';
    const evidence = { why: 'its order could not be decided' };
    return insertReviews(sql, tables, [{ orderRef, vendor, key, reason: key, evidence }], nowMs);
  });
  return { orderRefs: [orderRef], due: opened.length > 0 ? ['notify'] : [], opened };
}
