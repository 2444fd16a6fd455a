/** Asks how hosted checkouts stand whose webhook has not come: a lost one becomes a delay, and then a person's. */
import { applyChanges } from './apply.js';
import { backoffMs } from './backoff.js';
import { callVendor } from './call-vendor.js';
import type { KitContext, News } from './context.js';
import { VendorError } from './errors.js';
import type { AttemptClaim } from './postgres/claim-attempts.js';
import { finishAttemptClaim, type Asked } from './postgres/finish-attempt-claim.js';
import { readRedirectSession } from './postgres/read-redirect-session.js';
import type { RedirectSession } from './postgres/redirect-session-row.js';
import { transaction } from './postgres/transaction.js';
import type { RedirectStanding, RedirectVendor, SqlClient } from './ports.js';
import { hasAnswer, planNext } from './reconcile-plan.js';
import { addReport, isLongOver } from './redirect-reports.js';

/** How long after a session's end it is asked about once, in milliseconds: whoever signed in before may still pay. */
const AFTER_END_MS = 60_000;

type Finish = (sql: Pick<SqlClient, 'query'>, asked: Partial<Asked>) => Promise<boolean>;

/** Asks about one claimed attempt, and writes down what came of it. Fulfills nothing: no answer here is signed. */
export async function reconcileRedirect(
  context: KitContext,
  adapter: RedirectVendor,
  claim: AttemptClaim,
  leaseUntilMs: number,
): Promise<void> {
  const { database, tables, clock } = context;
  const { step, signalStep } = claim;
  const finish: Finish = (sql, asked) =>
    finishAttemptClaim(sql, tables, claim, leaseUntilMs, {
      emptyAtMs: undefined,
      nextAtMs: null,
      step,
      signalStep,
      failures: 0,
      over: false,
      ...asked,
    });
  const session = await readRedirectSession(database, tables, claim.id);
  if (session === null || (hasAnswer(claim.orderStatus) && claim.active)) {
    await finish(database, {});
    return;
  }
  let standing: RedirectStanding;
  try {
    standing = await standingOf(context, adapter, session, claim, clock());
  } catch (error) {
    await postpone(context, claim, error, finish);
    return;
  }
  const nowMs = clock();
  const news = await transaction(database, (sql) =>
    record(sql, context, { adapter, claim, session, standing, nowMs, finish }),
  );
  // Also with nothing new: that the vendor was asked is part of the page's answer.
  context.announce({ ...news, orderRefs: [claim.orderRef, ...news.orderRefs] });
}

/** A checkout whose id was never heard of is live until it must be over. */
async function standingOf(
  context: KitContext,
  adapter: RedirectVendor,
  { sessionId, calledAtMs }: RedirectSession,
  { vendor, lastTokenAtMs }: AttemptClaim,
  nowMs: number,
): Promise<RedirectStanding> {
  const read =
    sessionId === null
      ? 'lost'
      : await callVendor(context, vendor, 'read_checkout', (signal) =>
          adapter.redirect.read(sessionId, nowMs, signal),
        );
  if (read !== 'lost') return read;
  return isLongOver(adapter, calledAtMs ?? lastTokenAtMs, nowMs) ? 'dead' : 'lost';
}

interface Reading {
  readonly adapter: RedirectVendor;
  readonly claim: AttemptClaim;
  readonly session: RedirectSession;
  readonly standing: RedirectStanding;
  readonly nowMs: number;
  readonly finish: Finish;
}

async function record(sql: SqlClient, context: KitContext, reading: Reading): Promise<News> {
  const { claim, session, standing, nowMs, finish } = reading;
  switch (standing) {
    case 'paid': {
      const nextAtMs = nextPaidMs(context, session.paidSeenAtMs ?? nowMs, nowMs);
      const news = await addReport(sql, context, claim, nextAtMs === null ? 'overdue' : 'paid', nowMs);
      await finish(sql, { emptyAtMs: null, nextAtMs });
      return news;
    }
    case 'unclear': {
      const news = await addReport(sql, context, claim, 'unclear', nowMs);
      await finish(sql, { emptyAtMs: null });
      return news;
    }
    case 'dead':
      return end(sql, context, reading);
    case 'live':
    case 'lost': {
      const plan = planNext(context.schedule, { ...claim, active: true }, nowMs);
      if (plan.over) return end(sql, context, reading);
      const endMs = endOf(reading);
      const nextAtMs =
        endMs !== null && endMs > nowMs ? Math.min(endMs, plan.nextAtMs ?? endMs) : plan.nextAtMs;
      await finish(sql, { ...plan, nextAtMs });
      return { orderRefs: [], due: [] };
    }
  }
}

/** No payment begins through it any more. The order is `expired` once no other attempt is being bought through. */
async function end(sql: SqlClient, context: KitContext, reading: Reading): Promise<News> {
  const { claim, nowMs, finish } = reading;
  const reported = await addReport(sql, context, claim, 'dead', nowMs);
  const expired =
    claim.active && claim.orderStatus === 'open'
      ? await applyChanges(
          sql,
          context,
          [
            {
              ref: claim.orderRef,
              vendor: claim.vendor,
              facts: [{ kind: 'expired' }],
              cause: 'session:over',
            },
          ],
          nowMs,
        )
      : null;
  await finish(sql, { emptyAtMs: nowMs, over: true });
  return expired ?? reported;
}

/** When the session's own end is worth a question; `null` where nobody knows it. */
function endOf({ session, adapter }: Reading): number | null {
  if (session.expiresAtMs !== null) return session.expiresAtMs + AFTER_END_MS;
  return session.calledAtMs === null ? null : session.calledAtMs + adapter.redirect.lifetimeMs + AFTER_END_MS;
}

/** `null`: the webhook has been waited for long enough. */
function nextPaidMs({ schedule }: KitContext, seenAtMs: number, nowMs: number): number | null {
  return schedule.paidDelaysMs.map((delayMs) => seenAtMs + delayMs).find((atMs) => atMs > nowMs) ?? null;
}

async function postpone(
  context: KitContext,
  claim: AttemptClaim,
  error: unknown,
  finish: Finish,
): Promise<void> {
  const failures = claim.failures + 1;
  const waitMs = backoffMs(
    context.schedule,
    failures,
    error instanceof VendorError ? error.retryAfterMs : null,
  );
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
  await finish(context.database, { failures, nextAtMs: context.clock() + waitMs });
}
