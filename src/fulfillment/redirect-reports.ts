/** What a vendor's API says of a hosted checkout, as facts of its order. Unsigned: none of it fulfills. */
import { applyChanges } from './apply.js';
import type { KitContext, News } from './context.js';
import type { Fact, FactSet } from './order-facts.js';
import type { AttemptRow } from './postgres/attempt-row.js';
import { lockOrderFacts } from './postgres/lock-order-facts.js';
import { notePaidSession, retireAttempt } from './postgres/note-redirect-session.js';
import { transaction } from './postgres/transaction.js';
import type { RedirectVendor, SqlClient } from './ports.js';

type Report = Extract<Fact, { kind: 'reported' }>;
type Attempt = Pick<AttemptRow, 'id' | 'vendor' | 'orderRef'>;

/** A clock may differ from the vendor's by this much, in milliseconds. */
const MARGIN_MS = 60_000;

const NOTHING: News = { orderRefs: [], due: [] };

/** Whether a checkout that nobody can name any more must be over, by the last call that may have made it. */
export function isLongOver({ redirect }: RedirectVendor, calledAtMs: number, nowMs: number): boolean {
  return nowMs >= calledAtMs + redirect.lifetimeMs + MARGIN_MS;
}

/** A delivery or the vendor's API has spoken of a payment through this attempt. */
export function hasWord(facts: FactSet, attemptId: string): boolean {
  return Object.values(facts).some(
    (fact) => (fact.kind === 'payment' || fact.kind === 'reported') && fact.attemptId === attemptId,
  );
}

/** A delivery has proven a payment through this attempt. */
export function isProven(facts: FactSet, attemptId: string): boolean {
  return Object.values(facts).some((fact) => fact.kind === 'payment' && fact.attemptId === attemptId);
}

/** Adds what was read, if it is news, in a transaction of its own. */
export async function report(
  context: KitContext,
  attempt: Attempt,
  as: Report['as'],
  nowMs: number,
): Promise<void> {
  context.announce(await transaction(context.database, (sql) => addReport(sql, context, attempt, as, nowMs)));
}

/**
 * Adds what was read of an attempt, inside the caller's transaction. What was read before, and what a delivery has
 * proven since, adds nothing. `dead` alone is no news either: most checkouts end so.
 */
export async function addReport(
  sql: SqlClient,
  context: KitContext,
  { id: attemptId, vendor, orderRef }: Attempt,
  as: Report['as'],
  nowMs: number,
): Promise<News> {
  const { tables, schedule } = context;
  const facts = (await lockOrderFacts(sql, tables, orderRef))?.facts ?? {};
  if (isProven(facts, attemptId)) return NOTHING;
  const before = latestReport(facts, attemptId);
  if (before?.as === as || (before === null && as === 'dead')) return NOTHING;
  if (as === 'paid') {
    const nextAtMs = nowMs + (schedule.paidDelaysMs[0] ?? 0);
    await notePaidSession(sql, tables, attemptId, nowMs, nextAtMs);
  }
  const generation = Math.max(nowMs, (before?.generation ?? 0) + 1);
  const fact = { kind: 'reported', attemptId, generation, as } as const;
  return applyChanges(
    sql,
    context,
    [{ ref: orderRef, vendor, facts: [fact], cause: `session:${attemptId}` }],
    nowMs,
  );
}

/** Ends an attempt whose checkout takes no payment any more. Its keys stay: a payment that comes late is still one. */
export async function endAttempt(context: KitContext, attempt: Attempt, nowMs: number): Promise<void> {
  const news = await transaction(context.database, async (sql) => {
    const news = await addReport(sql, context, attempt, 'dead', nowMs);
    await retireAttempt(sql, context.tables, attempt.id);
    return news;
  });
  context.announce({ ...news, orderRefs: [attempt.orderRef, ...news.orderRefs] });
}

function latestReport(facts: FactSet, attemptId: string): Report | null {
  let latest: Report | null = null;
  for (const fact of Object.values(facts)) {
    if (fact.kind !== 'reported' || fact.attemptId !== attemptId) continue;
    if (latest === null || fact.generation > latest.generation) latest = fact;
  }
  return latest;
}
