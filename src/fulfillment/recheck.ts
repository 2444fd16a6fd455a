import type { KitContext } from './context.js';
import { markRechecks } from './postgres/mark-rechecks.js';

/** Unread subjects per reader above which rechecks wait. */
const UNREAD_PER_READER = 4;

/**
 * Has subjects read again of which nothing was heard for long: the webhook of an end may have been lost, and with it
 * the revocation. The reading itself is any other's.
 * @returns how many it took.
 */
export async function recheck(context: KitContext): Promise<number> {
  const { database, tables, schedule, vendors, pauses, clock } = context;
  let taken = 0;
  for (const vendor of pauses.allowed(vendors.keys())) {
    const unreadLimit = schedule.concurrency * UNREAD_PER_READER;
    taken += await markRechecks(database, tables, { vendor, unreadLimit, nowMs: clock() });
  }
  if (taken > 0) context.announce({ orderRefs: [], due: ['refetch'] });
  return taken;
}
