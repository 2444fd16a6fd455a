import { randomUUID } from 'node:crypto';
import { applyChanges } from './apply.js';
import { backoffMs } from './backoff.js';
import type { KitContext, News } from './context.js';
import { withLease } from './lease.js';
import { stopwatch } from './metrics.js';
import type { Fact } from './order-facts.js';
import { claimEffects, type EffectClaim } from './postgres/claim-effects.js';
import { lockOrder } from './postgres/lock-order.js';
import { limitTransaction } from './postgres/limit-transaction.js';
import { merchantClient } from './postgres/merchant-client.js';
import { transaction, transactionOnce } from './postgres/transaction.js';
import { writeClaimedEffect, type ClaimOutcome } from './postgres/write-claimed-effect.js';
import { settleAll } from './settle-all.js';
import type { Effect, EffectInput, EffectKind, SqlClient } from './ports.js';

/** Longest error text kept beside an effect, in UTF-16 units. Operators read it; it is never logged. */
const MAX_ERROR_LENGTH = 500;

/** Runs effects that are due. @returns how many it took. */
export async function runEffects(context: KitContext): Promise<number> {
  const { database, tables, schedule, effects, clock } = context;
  const nowMs = clock();
  const claims = await claimEffects(database, tables, {
    kinds: Object.keys(effects) as EffectKind[],
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
  // Workers that died on this effect spent its tries without ever saying so.
  if (claim.tries > claim.maxTries) {
    await giveUp(context, claim, 'its worker ended each time before it was done');
    return;
  }
  const seconds = context.metrics === null ? null : stopwatch();
  try {
    const news =
      effect.class === 'transaction'
        ? await runInTransaction(context, claim, effect)
        : await runOutside(context, claim, effect);
    context.announce(news);
    count(context, claim, 'done');
    context.log({
      level: 'info',
      event: 'effect.done',
      message: 'An effect was done',
      fields: fieldsOf(claim),
    });
  } catch (error) {
    if (error instanceof ClaimLostError) {
      count(context, claim, 'late');
      context.log({
        level: 'warn',
        event: 'effect.late',
        message: 'An effect came to its end after its claim had; nothing was written for it',
        fields: fieldsOf(claim),
      });
      // Withdrawn while the claim still held: a revocation must not wait for the lease to end.
      await release(context, claim);
      return;
    }
    if (context.closing.aborted) {
      count(context, claim, 'released');
      await release(context, claim);
      return;
    }
    await fail(context, claim, error);
  } finally {
    if (seconds !== null) {
      context.metrics?.observe('checkout_embed_effect_seconds', seconds(), { kind: claim.kind });
    }
  }
}

function count({ metrics }: KitContext, { kind }: EffectClaim, outcome: string): void {
  metrics?.count('checkout_embed_effects_total', 1, { kind, outcome });
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
    await write(sql, context, claim, { to: 'done', atMs: context.clock(), onlyIfWanted: true });
    return applyDone(sql, context, claim);
  });
}

async function runOutside(
  context: KitContext,
  claim: EffectClaim,
  effect: Extract<Effect, { class: 'idempotent' }>,
): Promise<News> {
  if (!claim.begun) {
    await transaction(context.database, async (sql) => {
      await apply(sql, context, claim, { kind: 'effect-begun', ...identityOf(claim) });
      await write(sql, context, claim, { to: 'begun' });
    });
  }
  await withLease(context, (signal) => effect.run({ ...inputOf(claim), signal }));
  return transaction(context.database, async (sql) => {
    await lockOrder(sql, context.tables, claim.orderRef);
    await write(sql, context, claim, { to: 'done', atMs: context.clock(), onlyIfWanted: false });
    return applyDone(sql, context, claim);
  });
}

function applyDone(sql: SqlClient, context: KitContext, claim: EffectClaim): Promise<News> {
  return apply(sql, context, claim, { kind: 'effect-done', ...identityOf(claim) });
}

function apply(sql: SqlClient, context: KitContext, claim: EffectClaim, fact: Fact): Promise<News> {
  const { orderRef: ref, vendor } = claim;
  const cause = `${fact.kind}:${claim.kind}:${claim.epoch}`;
  return applyChanges(sql, context, [{ ref, vendor, facts: [fact], cause }], context.clock());
}

/** Every write after a claim checks that the claim still holds. */
async function write(
  sql: SqlClient,
  context: KitContext,
  claim: EffectClaim,
  outcome: ClaimOutcome,
): Promise<void> {
  if (!(await writeClaimedEffect(sql, context.tables, claim, outcome))) throw new ClaimLostError();
}

async function fail(context: KitContext, claim: EffectClaim, error: unknown): Promise<void> {
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : 'threw something that is no error';
  if (claim.tries >= claim.maxTries) {
    await giveUp(context, claim, text);
    return;
  }
  const waitMs = backoffMs(context.schedule, claim.tries);
  count(context, claim, 'failed');
  context.log({
    level: 'warn',
    event: 'effect.failed',
    message: 'An effect failed and is run again',
    fields: { ...fieldsOf(claim), error: error instanceof Error ? error.name : 'unknown', waitMs },
  });
  await writeClaimedEffect(context.database, context.tables, claim, {
    to: 'retry',
    atMs: context.clock() + waitMs,
    error: text.slice(0, MAX_ERROR_LENGTH),
  });
}

async function giveUp(context: KitContext, claim: EffectClaim, error: string): Promise<void> {
  const { kind: effect, epoch, tries } = claim;
  try {
    const news = await transaction(context.database, async (sql) => {
      await lockOrder(sql, context.tables, claim.orderRef);
      await write(sql, context, claim, { to: 'dead', error: error.slice(0, MAX_ERROR_LENGTH) });
      return apply(sql, context, claim, { kind: 'effect-dead-letter', effect, epoch, tries });
    });
    context.announce(news);
  } catch (thrown) {
    if (thrown instanceof ClaimLostError) return;
    throw thrown;
  }
  count(context, claim, 'dead_letter');
  context.metrics?.count('checkout_embed_dead_letters_total', 1, { kind: claim.kind });
  context.log({
    level: 'error',
    event: 'effect.dead-letter',
    message: 'An effect failed too often and waits for a person',
    fields: fieldsOf(claim),
  });
}

/** Gives the effect back as it was found, if it is still ours. */
async function release(context: KitContext, claim: EffectClaim): Promise<void> {
  await writeClaimedEffect(context.database, context.tables, claim, {
    to: 'released',
    atMs: context.clock(),
  });
}

function inputOf(claim: EffectClaim): EffectInput {
  const { orderRef: ref, vendor, orderStatus: status, evidence } = claim;
  return { order: { ref, vendor, status }, evidence, key: `${ref}:${claim.kind}:${claim.epoch}` };
}

function identityOf(claim: EffectClaim): { effect: EffectKind; epoch: string; subject?: string } {
  const { subscriptionId } = claim.evidence;
  return {
    effect: claim.kind,
    epoch: claim.epoch,
    ...(subscriptionId === undefined ? {} : { subject: subscriptionId }),
  };
}

function fieldsOf(claim: EffectClaim): Record<string, string | number> {
  return { orderRef: claim.orderRef, kind: claim.kind, epoch: claim.epoch, tries: claim.tries };
}

/** Another worker holds the effect now, or a later decision withdrew it. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}
