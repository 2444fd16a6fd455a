import type { Vendor } from '../protocol/index.js';
import type { KitContext, Job, News } from './context.js';
import { decideOrder, factKey, type Fact, type OrderDecision, type OrderView } from './order-facts.js';
import { OUTSTANDING } from './order-settlement.js';
import { insertReviews } from './postgres/insert-reviews.js';
import type { SubjectMark } from './postgres/mark-dirty.js';
import { upsertOrders, type OrderUpsert } from './postgres/upsert-orders.js';
import { writeEffects } from './postgres/write-effects.js';
import { scheduleSettlements } from './postgres/schedule-settlements.js';
import { writeSettlements } from './postgres/write-settlements.js';
import { writeStatuses } from './postgres/write-statuses.js';
import type { SqlClient } from './ports.js';

/** New facts about one order. */
export interface OrderChange {
  readonly ref: string;
  readonly vendor: Vendor;
  readonly facts: readonly Fact[];
  /** Kept beside the change of status, e.g. `delivery:msg_1`. */
  readonly cause: string;
  /** Set for an order made from a subject without a reference. */
  readonly unreferenced?: 'fulfill' | 'review';
  /** The reference may be nobody's: a new order waits for its attempt until then. */
  readonly parkedUntilMs?: number;
}

/** The deciding of an order threw: our own bug, met by the facts of this one order. */
export class DecideError extends Error {
  override readonly name = 'DecideError';
}

/**
 * Adds facts to orders and does what follows from them, inside the caller's transaction: lock and merge, decide,
 * write status, effects and reviews. The one place that changes an order.
 * @param marks Subjects to be marked dirty with it; only where there are changes.
 */
export async function applyChanges(
  sql: SqlClient,
  context: Pick<KitContext, 'tables' | 'schedule'>,
  changes: readonly OrderChange[],
  nowMs: number,
  marks: readonly SubjectMark[] = [],
): Promise<News> {
  const folded = fold(changes);
  const given = [...folded.values()].map((order) => ({ order, decision: decide(order) }));
  const rows = await upsertOrders(
    sql,
    context.tables,
    given.map(({ order, decision }) => ({ ...order, statusIfNew: decision.status })),
    nowMs,
    marks,
  );
  // A new order has no other facts than those given: it is decided already.
  const alone = new Map(given.map(({ order, decision }) => [order.ref, decision]));
  const decided = rows.map((row) => ({
    row,
    decision: (row.status === null ? alone.get(row.ref) : undefined) ?? decide(row),
  }));

  await writeStatuses(
    sql,
    context.tables,
    decided.flatMap(({ row: { ref, version, status: from }, decision: { status: to } }) =>
      from === null || from === to ? [] : [{ ref, version, from, to, cause: folded.get(ref)?.cause ?? '' }],
    ),
    nowMs,
  );
  // A new order has no effects that could be withdrawn.
  const withEffects = decided.filter(
    ({ row, decision }) => row.status !== null || decision.effects.length > 0,
  );
  const wanted = new Map(withEffects.map(({ row, decision }) => [row.ref, decision.effects]));
  const effects = await writeEffects(sql, context.tables, wanted, context.schedule.effectMaxTries, nowMs);
  const opened = await insertReviews(
    sql,
    context.tables,
    decided.flatMap(({ row, decision }) =>
      decision.reviews.map((review) => ({ ...review, orderRef: row.ref, vendor: row.vendor })),
    ),
    nowMs,
  );
  const settlements = decided.flatMap(({ row: { ref, vendor }, decision: { settlement } }) =>
    settlement === null ? [] : [{ ref, vendor, settlement }],
  );
  await writeSettlements(sql, context.tables, settlements);
  await scheduleSettlements(
    sql,
    context.tables,
    new Set(
      settlements.filter(({ settlement }) => OUTSTANDING.includes(settlement)).map(({ vendor }) => vendor),
    ),
    nowMs + context.schedule.settlementEveryMs,
  );
  const due: Job[] = [
    ...(effects ? (['effects'] as const) : []),
    ...(opened.length > 0 ? (['notify'] as const) : []),
  ];
  return { orderRefs: rows.map(({ ref }) => ref), due, opened };
}

type Folded = Omit<OrderUpsert, 'statusIfNew'>;

/** One row per order: a statement cannot touch a row twice. */
function fold(changes: readonly OrderChange[]): ReadonlyMap<string, Folded> {
  const folded = new Map<string, Folded>();
  for (const change of changes) {
    const before = folded.get(change.ref);
    // Without a prototype: keys that nobody has seen before would each make a new hidden class.
    const facts = Object.assign(Object.create(null) as Record<string, Fact>, before?.facts);
    // The first of two with one key stays.
    for (const fact of change.facts) facts[factKey(fact)] ??= fact;
    folded.set(change.ref, {
      ref: change.ref,
      vendor: change.vendor,
      unreferenced: change.unreferenced ?? null,
      facts,
      parkedUntilMs:
        before !== undefined && before.parkedUntilMs === null ? null : (change.parkedUntilMs ?? null),
      cause: before?.cause ?? change.cause,
    });
  }
  return folded;
}

function decide({ ref, vendor, facts, unreferenced }: OrderView): OrderDecision {
  try {
    return decideOrder({ ref, vendor, facts, unreferenced });
  } catch (cause) {
    throw new DecideError('an order could not be decided', { cause });
  }
}
