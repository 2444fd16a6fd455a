/** What the store holds of every order, compared with what its facts alone decide. */
import { applyChanges } from '../../../src/fulfillment/apply.js';
import { decideOrder, type FactSet } from '../../../src/fulfillment/order-facts.js';
import { tablesOf } from '../../../src/fulfillment/postgres/tables.js';
import { transaction } from '../../../src/fulfillment/postgres/transaction.js';
import { DEFAULT_SCHEDULE } from '../../../src/fulfillment/schedule.js';
import type { OrderStatus, Vendor } from '../../../src/protocol/index.js';
import type { World } from './world.js';

export interface StoredOrder {
  readonly ref: string;
  readonly vendor: Vendor;
  readonly unreferenced: 'fulfill' | 'review' | null;
  readonly facts: FactSet;
  readonly status: OrderStatus;
  /** `kind:epoch state`, sorted; those that are wanted or done. */
  readonly effects: readonly string[];
  /** Keys, sorted. */
  readonly reviews: readonly string[];
}

/** `order-0`, `order-1`, …: expected as an attempt's commit would leave them, many at once. */
export async function expectOrders({ pool, schema, now }: World, count: number): Promise<void> {
  const context = { tables: tablesOf(schema), schedule: DEFAULT_SCHEDULE };
  const changes = Array.from({ length: count }, (_, index) => ({
    ref: `order-${index}`,
    vendor: 'ledgerbee' as const,
    cause: 'start',
    facts: [
      {
        kind: 'expected' as const,
        attemptId: `attempt-${index}`,
        at: new Date(now).toISOString(),
        planId: null,
        amountMinor: null,
        currency: null,
      },
    ],
  }));
  await transaction(pool, (sql) => applyChanges(sql, context, changes, now));
}

/** Sorted by reference. */
export async function readStored({ pool, schema }: World): Promise<readonly StoredOrder[]> {
  const { rows } = await pool.query<StoredOrder>(
    `SELECT ref, vendor, unreferenced, facts, status,
            ARRAY(SELECT e.kind || ':' || e.epoch || ' ' || e.state FROM ${schema}.effects e
                   WHERE e.order_ref = ref AND (e.wanted OR e.state = 'done') ORDER BY 1) AS effects,
            ARRAY(SELECT r.key FROM ${schema}.reviews r WHERE r.order_ref = ref ORDER BY 1) AS reviews
       FROM ${schema}.orders ORDER BY ref`,
  );
  return rows;
}

/** One line for each way in which an order's rows are not what its facts decide. */
export function differencesOf(order: StoredOrder): readonly string[] {
  const { ref, vendor, unreferenced, facts, status } = order;
  const decision = decideOrder({ ref, vendor, unreferenced, facts });
  const done = new Set(
    Object.values(facts).flatMap((fact) =>
      fact.kind === 'effect-done' ? [`${fact.effect}:${fact.epoch}`] : [],
    ),
  );
  const effects = decision.effects
    .map(({ kind, epoch }) => `${kind}:${epoch}`)
    .map((key) => `${key} ${done.has(key) ? 'done' : 'due'}`)
    .sort();
  const missing = decision.reviews.filter(({ key }) => !order.reviews.includes(key));
  return [
    ...(decision.status === status ? [] : [`${ref} is ${status}, its facts say ${decision.status}`]),
    ...(effects.join() === order.effects.join()
      ? []
      : [`${ref} has the effects ${order.effects.join()}, its facts say ${effects.join()}`]),
    ...missing.map(({ key }) => `${ref} has no review ${key}`),
  ];
}

/** Topics of the signed deliveries that the order's facts hold, sorted. */
export function announcedTopics({ facts }: StoredOrder): readonly string[] {
  return Object.values(facts)
    .flatMap((fact) => (fact.kind === 'announced' ? [fact.topic] : []))
    .sort();
}
