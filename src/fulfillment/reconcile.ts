import { randomUUID } from 'node:crypto';
import type { Vendor } from '../protocol/index.js';
import { applyChanges } from './apply.js';
import { backoffMs } from './backoff.js';
import { callVendor } from './call-vendor.js';
import type { KitContext, News } from './context.js';
import { VendorError } from './errors.js';
import { claimAttempts, type AttemptClaim } from './postgres/claim-attempts.js';
import { cleanNewSubjects } from './postgres/clean-new-subjects.js';
import { finishAttemptClaim, type Asked } from './postgres/finish-attempt-claim.js';
import { insertInbox } from './postgres/insert-inbox.js';
import { lockOrder } from './postgres/lock-order.js';
import { markDirty, subjectKey } from './postgres/mark-dirty.js';
import { transaction } from './postgres/transaction.js';
import type { Observation, SqlClient } from './ports.js';
import { nextRecheckMs } from './recheck-plan.js';
import { hasAnswer, planNext } from './reconcile-plan.js';
import { reconcileLinked } from './reconcile-linked.js';
import { reconcileRedirect } from './redirect-sessions.js';
import { settleAll } from './settle-all.js';
import { isStorable } from './storable.js';

const NOTHING: News = { orderRefs: [], due: [] };

/**
 * Asks a vendor about attempts without an answer.
 * @param vendor One at a time: a vendor that hangs must not hold up what waits for another.
 * @returns how many it took.
 */
export async function reconcile(context: KitContext, vendor: Vendor): Promise<number> {
  const { database, tables, schedule, pauses, clock } = context;
  const nowMs = clock();
  const leaseUntilMs = nowMs + schedule.leaseSeconds * 1000;
  const claims = await claimAttempts(database, tables, {
    vendors: pauses.allowed([vendor]),
    token: randomUUID(),
    limit: schedule.concurrency,
    nowMs,
    leaseUntilMs,
  });
  await settleAll(claims.map((claim) => reconcileOne(context, claim, leaseUntilMs)));
  return claims.length;
}

async function reconcileOne(context: KitContext, claim: AttemptClaim, leaseUntilMs: number): Promise<void> {
  const { database, tables, clock, schedule } = context;
  const adapter = context.vendors.get(claim.vendor);
  if (adapter?.flow === 'linked') return reconcileLinked(context, claim, leaseUntilMs);
  if (adapter?.flow === 'redirect') return reconcileRedirect(context, adapter, claim, leaseUntilMs);
  if (adapter?.flow !== 'frame') return;
  const finish = (sql: Pick<SqlClient, 'query'>, asked: Asked): Promise<boolean> =>
    finishAttemptClaim(sql, tables, claim, leaseUntilMs, asked);
  if (hasAnswer(claim.orderStatus)) {
    await finish(database, { ...untouched(claim), emptyAtMs: undefined, nextAtMs: null });
    return;
  }

  const askedAtMs = clock();
  let observations: readonly Observation[];
  try {
    const listed = await callVendor(context, claim.vendor, 'list_by_reference', (signal) =>
      adapter.listByReference(claim.orderRef, signal, context.log),
    );
    // A vendor's filter is not our proof.
    observations = listed.filter(({ reference }) => reference === claim.orderRef);
  } catch (error) {
    const failures = claim.failures + 1;
    const waitMs = backoffMs(schedule, failures, error instanceof VendorError ? error.retryAfterMs : null);
    context.log({
      level: 'warn',
      event: 'reconcile.failed',
      message: 'The vendor could not be asked about an attempt; it is asked again',
      fields: {
        vendor: claim.vendor,
        error: error instanceof VendorError ? error.code : error instanceof Error ? error.name : 'unknown',
        failures,
        waitMs,
      },
    });
    await finish(database, {
      ...untouched(claim),
      emptyAtMs: undefined,
      failures,
      nextAtMs: clock() + waitMs,
    });
    return;
  }

  const plan = planNext(schedule, claim, clock());
  const expired = plan.over && observations.length === 0 && claim.orderStatus === 'open';
  const news = await transaction(database, async (sql) => {
    const cause = `reconcile:${claim.id}`;
    const fed = await feedListed(sql, context, { ...claim, cause }, observations);
    const end = expired
      ? await applyChanges(
          sql,
          context,
          [
            {
              ref: claim.orderRef,
              vendor: claim.vendor,
              facts: [{ kind: 'expired' }],
              cause: 'reconcile:expired',
            },
          ],
          clock(),
        )
      : NOTHING;
    await finish(sql, { ...plan, failures: 0, emptyAtMs: observations.length === 0 ? askedAtMs : null });
    return {
      // Also with nothing found: that the vendor was asked is part of the page's answer.
      orderRefs: [claim.orderRef, ...fed.orderRefs, ...end.orderRefs],
      due: [...fed.due, ...end.due],
      opened: [...(fed.opened ?? []), ...(end.opened ?? [])],
    };
  });
  context.announce(news);
}

/** For which order something was listed. */
export interface ListedFor {
  readonly vendor: Vendor;
  readonly orderRef: string;
  /** Kept beside a change of status. */
  readonly cause: string;
  /** The reference may be nobody's; see `OrderChange`. */
  readonly parkedUntilMs?: number;
}

/**
 * Feeds what the vendor listed. A subject that nobody here knew is recorded as it was read: its first
 * generation is this reading. One that is known may have been read since by another worker, whose reading may
 * be newer than ours: it is only marked dirty, and read in its own turn.
 * @returns `fresh`: the subjects that were recorded.
 */
export async function feedListed(
  sql: SqlClient,
  context: KitContext,
  { vendor, orderRef, cause, parkedUntilMs }: ListedFor,
  observations: readonly Observation[],
): Promise<News & { readonly fresh: readonly string[] }> {
  if (observations.length === 0) return { ...NOTHING, fresh: [] };
  const { tables, schedule, clock } = context;
  const nowMs = clock();
  // Orders are locked before subjects, here as everywhere.
  await lockOrder(sql, tables, orderRef);
  const bySubject = new Map(observations.map((observation) => [observation.subject, observation]));
  const generations = await markDirty(
    sql,
    tables,
    [...bySubject.keys()].map((subject) => ({ vendor, subject, orderRef })),
    nowMs,
  );
  const fresh = [...bySubject.values()]
    .filter(isStorable)
    .filter(({ subject }) => generations.get(subjectKey({ vendor, subject })) === 1);
  await cleanNewSubjects(
    sql,
    tables,
    vendor,
    fresh.map(({ subject, access }) => ({ subject, recheckAtMs: nextRecheckMs(schedule, access, 0, nowMs) })),
    nowMs,
  );
  await insertInbox(
    sql,
    tables,
    fresh.map(({ subject }) => ({
      vendor,
      source: 'reconcile',
      messageId: `${subject}@1`,
      topic: 'reconcile',
      subject,
      orderRef,
      outcome: 'applied',
      why: null,
      rawBody: null,
    })),
    nowMs,
  );
  const facts = fresh.map((observation) => ({ kind: 'observed' as const, generation: 1, observation }));
  const applied = await applyChanges(
    sql,
    context,
    [{ ref: orderRef, vendor, facts, cause, ...(parkedUntilMs === undefined ? {} : { parkedUntilMs }) }],
    nowMs,
  );
  return {
    orderRefs: applied.orderRefs,
    due: fresh.length === bySubject.size ? applied.due : [...applied.due, 'refetch'],
    fresh: fresh.map(({ subject }) => subject),
  };
}

function untouched(claim: AttemptClaim): Omit<Asked, 'emptyAtMs' | 'nextAtMs'> {
  return { step: claim.step, signalStep: claim.signalStep, failures: claim.failures, over: false };
}
