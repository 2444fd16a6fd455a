/** The class `once-or-review`: run once, and where nobody can say how that ended, ask a person. */
import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from './backoff.js';
import type { KitContext, News } from './context.js';
import {
  applyFacts,
  begin,
  ClaimLostError,
  count,
  fieldsOf,
  giveUp,
  identityOf,
  inputOf,
  markDone,
  noteDone,
  release,
  retryAtMs,
  textOf,
  writeClaim,
} from './effect-claim.js';
import { NothingHappenedError } from './effects.js';
import { withLease } from './lease.js';
import type { Fact } from './order-facts.js';
import type { EffectClaim } from './postgres/claim-effects.js';
import { lockOrder } from './postgres/lock-order.js';
import { transaction } from './postgres/transaction.js';
import type { Effect } from './ports.js';

/** How often the mark of a run that came to its end is tried, and how long is waited in between: 6 s in all. */
const MARK_TRIES = 7;
const MARK_PAUSES = { retryBaseMs: 100, retryMaxMs: 3200 };

type Why = Extract<Fact, { kind: 'effect-outcome-unknown' }>['why'];

/** @throws {ClaimLostError} and whatever the database throws; a run that has begun is then found by the next worker. */
export async function runOnceOrReview(
  context: KitContext,
  claim: EffectClaim,
  effect: Extract<Effect, { class: 'once-or-review' }>,
): Promise<void> {
  // Somebody began it and never said more. This is asked first: whatever the count of tries, it may have happened.
  if (claim.begun) {
    await askPerson(context, claim, 'worker-lost', 'its worker ended before it said how');
    return;
  }
  if (claim.tries > claim.maxTries) {
    await giveUp(context, claim, 'its worker ended each time before it began');
    return;
  }
  if (context.closing.aborted) {
    await release(context, claim);
    return;
  }
  try {
    await begin(context, claim);
  } catch (error) {
    if (error instanceof ClaimLostError) throw error;
    // The answer to the commit may be lost, so it may be marked as begun; but it was not run.
    await tryAgain(context, claim, error);
    return;
  }
  try {
    // Not ended by a kit that closes: nobody could say then how far it came.
    await withLease({ schedule: context.schedule }, (signal) => effect.run({ ...inputOf(claim), signal }));
  } catch (error) {
    if (error instanceof NothingHappenedError) await tryAgain(context, claim, error);
    else await askPerson(context, claim, isTimeout(error) ? 'timed-out' : 'threw', textOf(error));
    return;
  }
  noteDone(context, claim, await markPatiently(context, claim));
}

/** It happened and only the mark is missing: a database that is away for a moment must not cost a person's time. */
async function markPatiently(context: KitContext, claim: EffectClaim): Promise<News> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await markDone(context, claim);
    } catch (error) {
      if (error instanceof ClaimLostError || failures === MARK_TRIES) throw error;
      await pause(backoffMs(MARK_PAUSES, failures));
    }
  }
}

/** Nothing happened in this run: the effect is as if it had not begun. */
async function tryAgain(context: KitContext, claim: EffectClaim, error: unknown): Promise<void> {
  const notDone: Fact = { kind: 'effect-not-done', run: claim.tries, ...identityOf(claim) };
  const atMs = retryAtMs(context, claim, error);
  if (atMs === null) {
    await giveUp(context, claim, textOf(error), notDone);
    return;
  }
  const news = await inOneCommit(context, claim, notDone, {
    to: 'retry',
    atMs,
    error: textOf(error),
    nothingHappened: true,
  });
  context.announce(news);
}

async function askPerson(context: KitContext, claim: EffectClaim, why: Why, error: string): Promise<void> {
  const unknown: Fact = { kind: 'effect-outcome-unknown', run: claim.tries, why, ...identityOf(claim) };
  context.announce(await inOneCommit(context, claim, unknown, { to: 'unknown', error }));
  count(context, claim, 'unknown');
  context.log({
    level: 'error',
    event: 'effect.outcome-unknown',
    message: 'An effect began and nobody can say how it ended; a person must look before it is run again',
    fields: { ...fieldsOf(claim), why },
  });
}

function inOneCommit(
  context: KitContext,
  claim: EffectClaim,
  fact: Fact,
  outcome: Parameters<typeof writeClaim>[3],
): Promise<News> {
  return transaction(context.database, async (sql) => {
    await lockOrder(sql, context.tables, claim.orderRef);
    await writeClaim(sql, context, claim, outcome);
    return applyFacts(sql, context, claim, [fact]);
  });
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
