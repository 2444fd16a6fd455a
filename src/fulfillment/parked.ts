import { applyChanges } from './apply.js';
import type { KitContext } from './context.js';
import { findOverdueParked } from './postgres/find-overdue-parked.js';
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
  if (overdue.length === 0) return 0;
  const news = await transaction(database, (sql) =>
    applyChanges(
      sql,
      context,
      overdue.map(({ ref, vendor }) => ({
        ref,
        vendor,
        facts: [{ kind: 'unissued' as const }],
        cause: 'parked:overdue',
      })),
      nowMs,
    ),
  );
  context.announce(news);
  return overdue.length;
}
