import { randomUUID } from 'node:crypto';
import { runnableKinds } from './acknowledge.js';
import type { KitContext, News } from './context.js';
import {
  applyFacts,
  begin,
  ClaimLostError,
  giveUp,
  identityOf,
  inputOf,
  markDone,
  noteDone,
  noteLate,
  release,
  retryAtMs,
  textOf,
  writeClaim,
} from './effect-claim.js';
import { runOnceOrReview } from './effect-once.js';
import { withLease } from './lease.js';
import { stopwatch } from './metrics.js';
import { claimEffects, type EffectClaim } from './postgres/claim-effects.js';
import { lockOrder } from './postgres/lock-order.js';
import { limitTransaction } from './postgres/limit-transaction.js';
import { merchantClient } from './postgres/merchant-client.js';
import { transactionOnce } from './postgres/transaction.js';
import { writeClaimedEffect } from './postgres/write-claimed-effect.js';
import { settleAll } from './settle-all.js';
import type { Effect } from './ports.js';

/** Runs effects that are due. @returns how many it took. */
export async function runEffects(context: KitContext): Promise<number> {
  const { database, tables, schedule, clock } = context;
  const nowMs = clock();
  const claims = await claimEffects(database, tables, {
    kinds: runnableKinds(context),
    token: randomUUID(),
    limit: schedule.effectConcurrency,
    nowMs,
    leaseUntilMs: nowMs + schedule.leaseSeconds * 1000,
  });
  await settleAll(claims.map((claim) => runOne(context, claim)));
  return claims.length;
}

async function runOne(context: KitContext, claim: EffectClaim): Promise<void> {
  const effect = context.effects[claim.kind];
  if (effect === undefined) return;
  const seconds = context.metrics === null ? null : stopwatch();
  try {
    switch (effect.class) {
      case 'transaction':
        await runRepeatably(context, claim, () => runInTransaction(context, claim, effect));
        return;
      case 'idempotent':
        await runRepeatably(context, claim, () => runOutside(context, claim, effect));
        return;
      case 'once-or-review':
        await runOnceOrReview(context, claim, effect);
    }
  } catch (error) {
    if (!(error instanceof ClaimLostError)) throw error;
    await noteLate(context, claim);
  } finally {
    if (seconds !== null) {
      context.metrics?.observe('checkout_embed_effect_seconds', seconds(), { kind: claim.kind });
    }
  }
}

/** Work that may be done again: whatever goes wrong, it is tried until its tries are used up. */
async function runRepeatably(
  context: KitContext,
  claim: EffectClaim,
  run: () => Promise<News>,
): Promise<void> {
  // Workers that died on this effect spent its tries without ever saying so.
  if (claim.tries > claim.maxTries) {
    await giveUp(context, claim, 'its worker ended each time before it was done');
    return;
  }
  try {
    noteDone(context, claim, await run());
  } catch (error) {
    if (error instanceof ClaimLostError) throw error;
    if (context.closing.aborted) {
      await release(context, claim);
      return;
    }
    const atMs = retryAtMs(context, claim, error);
    if (atMs === null) await giveUp(context, claim, textOf(error));
    else {
      const retry = { to: 'retry', atMs, error: textOf(error), nothingHappened: false } as const;
      await writeClaimedEffect(context.database, context.tables, claim, retry);
    }
  }
}

/** The merchant's SQL, the mark and the fact: one commit. */
async function runInTransaction(
  context: KitContext,
  claim: EffectClaim,
  effect: Extract<Effect, { class: 'transaction' }>,
): Promise<News> {
  return transactionOnce(context.database, async (sql) => {
    await limitTransaction(sql, context.schedule.leaseSeconds * 1000);
    const tx = merchantClient(sql);
    await withLease(context, () => effect.run({ ...inputOf(claim), tx })).finally(() => tx.close());
    // From here on the order cannot change: an end of the subscription that was decided before is seen.
    await lockOrder(sql, context.tables, claim.orderRef);
    await writeClaim(sql, context, claim, { to: 'done', atMs: context.clock(), onlyIfWanted: true });
    return applyFacts(sql, context, claim, [{ kind: 'effect-done', ...identityOf(claim) }]);
  });
}

async function runOutside(
  context: KitContext,
  claim: EffectClaim,
  effect: Extract<Effect, { class: 'idempotent' }>,
): Promise<News> {
  if (!claim.begun) await begin(context, claim);
  await withLease(context, (signal) => effect.run({ ...inputOf(claim), signal }));
  return markDone(context, claim);
}
