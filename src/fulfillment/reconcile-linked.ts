import type { KitContext } from './context.js';
import type { AttemptClaim } from './postgres/claim-attempts.js';
import { finishAttemptClaim } from './postgres/finish-attempt-claim.js';
import { listSubjects } from './postgres/list-subjects.js';
import { lockOrder } from './postgres/lock-order.js';
import { markDirty } from './postgres/mark-dirty.js';
import { transaction } from './postgres/transaction.js';
import { hasAnswer, planNext } from './reconcile-plan.js';

/**
 * To ask a linked vendor about an attempt is to read what is linked to its order: the page heard something, and the
 * notification about it may be lost. A linked vendor's attempts are asked about for their signals alone.
 */
export async function reconcileLinked(
  context: KitContext,
  claim: AttemptClaim,
  leaseUntilMs: number,
): Promise<void> {
  const { database, tables, schedule, clock } = context;
  const isAnswered = hasAnswer(claim.orderStatus);
  const plan = planNext(schedule, claim, clock());
  const marked = await transaction(database, async (sql) => {
    let subjects: Awaited<ReturnType<typeof listSubjects>> = [];
    if (!isAnswered) {
      await lockOrder(sql, tables, claim.orderRef);
      subjects = await listSubjects(sql, tables, claim.orderRef);
      const marks = subjects.map((subject) => ({ ...subject, orderRef: claim.orderRef }));
      await markDirty(sql, tables, marks, clock());
    }
    await finishAttemptClaim(sql, tables, claim, leaseUntilMs, {
      ...plan,
      ...(isAnswered ? { nextAtMs: null } : {}),
      failures: 0,
      emptyAtMs: undefined,
    });
    return subjects.length > 0;
  });
  if (marked) context.announce({ orderRefs: [], due: ['refetch'] });
}
