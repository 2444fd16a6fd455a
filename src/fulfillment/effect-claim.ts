/** What is written of an effect that a worker holds: each time only if it still does. */
import { applyChanges } from './apply.js';
import { backoffMs } from './backoff.js';
import type { KitContext, News } from './context.js';
import type { Fact } from './order-facts.js';
import type { EffectClaim } from './postgres/claim-effects.js';
import { lockOrder } from './postgres/lock-order.js';
import { transaction } from './postgres/transaction.js';
import { writeClaimedEffect, type ClaimOutcome } from './postgres/write-claimed-effect.js';
import type { EffectInput, EffectKind, SqlClient } from './ports.js';

/** Longest error text kept beside an effect, in UTF-16 units. Operators read it; it is never logged. */
const MAX_ERROR_LENGTH = 500;

/** Another worker holds the effect now, or a later decision withdrew it. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

/** @throws {ClaimLostError} */
export async function writeClaim(
  sql: SqlClient,
  context: KitContext,
  claim: EffectClaim,
  outcome: ClaimOutcome,
): Promise<void> {
  if (!(await writeClaimedEffect(sql, context.tables, claim, outcome))) throw new ClaimLostError();
}

/** @param facts At least one. The last names the cause. */
export function applyFacts(
  sql: SqlClient,
  context: KitContext,
  claim: EffectClaim,
  facts: readonly Fact[],
): Promise<News> {
  const { orderRef: ref, vendor } = claim;
  const cause = `${facts.at(-1)?.kind ?? 'effect'}:${claim.kind}:${claim.epoch}`;
  return applyChanges(sql, context, [{ ref, vendor, facts, cause }], context.clock());
}

/** From its commit on the work may have happened. Only for an effect that is still wanted. */
export async function begin(context: KitContext, claim: EffectClaim): Promise<void> {
  await transaction(context.database, async (sql) => {
    await applyFacts(sql, context, claim, [{ kind: 'effect-begun', run: claim.tries, ...identityOf(claim) }]);
    await writeClaim(sql, context, claim, { to: 'begun' });
  });
}

/** The mark and the fact that a run outside our transaction came to its end: one commit. */
export function markDone(context: KitContext, claim: EffectClaim): Promise<News> {
  return transaction(context.database, async (sql) => {
    await lockOrder(sql, context.tables, claim.orderRef);
    await writeClaim(sql, context, claim, { to: 'done', atMs: context.clock(), onlyIfWanted: false });
    return applyFacts(sql, context, claim, [{ kind: 'effect-done', ...identityOf(claim) }]);
  });
}

export function noteDone(context: KitContext, claim: EffectClaim, news: News): void {
  context.announce(news);
  count(context, claim, 'done');
  context.log({
    level: 'info',
    event: 'effect.done',
    message: 'An effect was done',
    fields: fieldsOf(claim),
  });
}

/** Withdrawn while the claim still held: a revocation must not wait for the lease to end. */
export async function noteLate(context: KitContext, claim: EffectClaim): Promise<void> {
  count(context, claim, 'late');
  context.log({
    level: 'warn',
    event: 'effect.late',
    message: 'An effect came to its end after its claim had; nothing was written for it',
    fields: fieldsOf(claim),
  });
  await giveBack(context, claim);
}

/** When the effect is tried again after this failure, with a line about it; `null`: its tries are used up. */
export function retryAtMs(context: KitContext, claim: EffectClaim, error: unknown): number | null {
  if (claim.tries >= claim.maxTries) return null;
  const waitMs = backoffMs(context.schedule, claim.tries);
  count(context, claim, 'failed');
  context.log({
    level: 'warn',
    event: 'effect.failed',
    message: 'An effect failed and is run again',
    fields: { ...fieldsOf(claim), error: error instanceof Error ? error.name : 'unknown', waitMs },
  });
  return context.clock() + waitMs;
}

/** @param notDone Given where nothing happened in any run: the effect is as if it had not begun. */
export async function giveUp(
  context: KitContext,
  claim: EffectClaim,
  error: string,
  notDone: Fact | null = null,
): Promise<void> {
  const dead: Fact = { kind: 'effect-dead-letter', tries: claim.tries, ...identityOf(claim) };
  const news = await transaction(context.database, async (sql) => {
    await lockOrder(sql, context.tables, claim.orderRef);
    await writeClaim(sql, context, claim, { to: 'dead', error, nothingHappened: notDone !== null });
    return applyFacts(sql, context, claim, notDone === null ? [dead] : [notDone, dead]);
  });
  context.announce(news);
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
export async function release(context: KitContext, claim: EffectClaim): Promise<void> {
  count(context, claim, 'released');
  await giveBack(context, claim);
}

async function giveBack(context: KitContext, claim: EffectClaim): Promise<void> {
  await writeClaimedEffect(context.database, context.tables, claim, {
    to: 'released',
    atMs: context.clock(),
  });
}

/** @param outcome As the metric's own help lists them. */
export function count({ metrics }: KitContext, { kind }: EffectClaim, outcome: string): void {
  metrics?.count('checkout_embed_effects_total', 1, { kind, outcome });
}

export function inputOf(claim: EffectClaim): EffectInput {
  const { orderRef: ref, vendor, orderStatus: status, evidence } = claim;
  return { order: { ref, vendor, status }, evidence, key: `${ref}:${claim.kind}:${claim.epoch}` };
}

export function identityOf(claim: EffectClaim): { effect: EffectKind; epoch: string; subject?: string } {
  const { subscriptionId, paymentId = subscriptionId } = claim.evidence;
  return {
    effect: claim.kind,
    epoch: claim.epoch,
    ...(paymentId === undefined ? {} : { subject: paymentId }),
  };
}

export function fieldsOf(claim: EffectClaim): Record<string, string | number> {
  return { orderRef: claim.orderRef, kind: claim.kind, epoch: claim.epoch, tries: claim.tries };
}

/** For the operator who reads the row. */
export function textOf(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : 'threw something that is no error';
  // PostgreSQL's text holds no NUL.
  return text.replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH);
}
