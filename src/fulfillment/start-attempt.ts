import { createHash, randomUUID } from 'node:crypto';
import {
  PROTOCOL_VERSION,
  type NextStep,
  type StartAttemptAnswer,
  type StartAttemptRequest,
  type Vendor,
} from '../protocol/index.js';
import { applyChanges } from './apply.js';
import { askBeforeAnother } from './before-another.js';
import type { KitContext, News } from './context.js';
import { hashIdentity } from './identity.js';
import type { FactSet } from './order-facts.js';
import { isBuyable, waitFor } from './next-step.js';
import { openRedirect, planRedirect, recordRedirect, type RedirectPlan } from './open-redirect.js';
import type { AttemptRow } from './postgres/attempt-row.js';
import { findAttempt } from './postgres/find-attempt.js';
import { insertAttempt } from './postgres/insert-attempt.js';
import { insertToken } from './postgres/insert-token.js';
import { readOrder, type OrderState } from './postgres/read-order.js';
import { violatedKeyOf } from './postgres/sql-state.js';
import { supersedeAttempt } from './postgres/supersede-attempt.js';
import { transaction } from './postgres/transaction.js';
import { upsertOrders } from './postgres/upsert-orders.js';
import type { Identity, SqlClient } from './ports.js';
import type { Expectation } from './resolve-order.js';
import { equalHashes, newToken } from './tokens.js';

export interface Start {
  readonly body: StartAttemptRequest;
  readonly identity: Identity | null;
  readonly idempotencyKey: string | null;
  /** Asked only when the start is not the repetition of one that was answered. */
  readonly resolve: () => Promise<Expectation | null>;
}

/** More than one only where somebody else ends attempts at the same time. */
const MAX_ROUNDS = 3;
const AGAIN: NextStep = { type: 'wait', retryAfterMs: 250 };

/** The order is sold through another vendor. Two checkouts of one order, at two vendors, could both be paid. */
export class OtherVendorError extends Error {
  override readonly name = 'OtherVendorError';
  readonly orderRef: string;
  readonly vendor: Vendor;
  constructor(orderRef: string, vendor: Vendor) {
    super(`The order is sold through ${vendor}`);
    this.orderRef = orderRef;
    this.vendor = vendor;
  }
}

/** What a start needs to know inside its transaction. */
interface Opening {
  readonly expectation: Expectation;
  readonly plan: RedirectPlan | null;
  readonly known: AttemptRow | null;
  readonly startKey: Uint8Array | null;
  readonly nowMs: number;
}

/** What a start came to, inside its transaction. */
interface Opened {
  readonly attempt: AttemptRow;
  readonly order: OrderState;
  readonly news: News;
}

/**
 * Opens an attempt, or goes on with the one there is; committed before it returns.
 *
 * - The same `Idempotency-Key` from the same buyer for the same thing gives the same attempt, and the merchant is not
 *   asked again what is sold.
 * - The same buyer who starts the same order again goes on with the active attempt, under a token of this
 *   start's own: a second tab does not end the first.
 * - Somebody else who starts the same order, or an order that now costs something else, gets a new attempt;
 *   there is one active per order. A hosted checkout that was paid before is not followed by another one.
 * - Where nothing is left to buy, or the merchant opens the checkout itself, nothing is opened: the handle is for
 *   asking how the order stands.
 * - Where the vendor has a hosted checkout it is opened, once for all starts of an attempt.
 * @param rounds How often an attempt may turn out to be over and be followed by another one.
 * @returns `null` when the merchant knows no such order.
 * @throws {CheckoutRefusedError} where there is no hosted checkout to be had.
 * @throws {OtherVendorError} and nothing is written.
 */
export async function startAttempt(
  context: KitContext,
  start: Start,
  rounds = MAX_ROUNDS,
): Promise<StartAttemptAnswer | null> {
  const startKey = hashStart(start);
  const repeated =
    startKey === null
      ? null
      : await findAttempt(context.database, context.tables, { by: 'start-key', startKey });
  const expectation = repeated === null ? await start.resolve() : toExpectation(repeated);
  if (expectation === null) return null;
  // Before anything is written: what cannot be paid leaves no trace.
  const plan = planRedirect(context, start.body, expectation);

  if (plan !== null && repeated === null) {
    const superseded = await findSuperseded(context, start, expectation);
    if (superseded !== null) await askBeforeAnother(context, plan, superseded);
  }

  const nowMs = context.clock();
  const expiresAtMs = nowMs + context.schedule.tokenLifetimeMs;
  const { token, hash } = newToken();
  const open = (known: AttemptRow | null): Promise<Opened> =>
    transaction(context.database, async (sql) => {
      const opened = await openAttempt(sql, context, start, { expectation, plan, known, startKey, nowMs });
      await insertToken(sql, context.tables, { attemptId: opened.attempt.id, hash, nowMs, expiresAtMs });
      return opened;
    });
  const opened = await open(repeated).catch(async (error: unknown) => {
    // The same start was sent twice at once, and the merchant's function named two orders: the first one counts.
    if (startKey === null || violatedKeyOf(error) !== 'attempts_start_key') throw error;
    return open(await findAttempt(context.database, context.tables, { by: 'start-key', startKey }));
  });
  context.announce(opened.news);
  const { attempt, order } = opened;
  const { reconcileForMs } = context.schedule;
  const wait = waitFor(order, context.vendors.get(start.body.vendor)?.flow, { reconcileForMs, nowMs });
  if (wait === null && plan !== null) {
    const next = await openRedirect(context, plan, attempt, order);
    // The checkout that was open is over: the buyer gets another attempt, with a nonce of its own.
    if (next === null && rounds > 1) {
      const again = { ...start, idempotencyKey: null, resolve: () => Promise.resolve(expectation) };
      return startAttempt(context, again, rounds - 1);
    }
    return toAnswer(attempt, { token, expiresAtMs }, next ?? AGAIN);
  }
  return toAnswer(attempt, { token, expiresAtMs }, wait ?? { type: 'frame', bindToken: null });
}

/** The active attempt that this start would end. `null`: none, or the order is not to be bought anyway. */
async function findSuperseded(
  { database, tables }: KitContext,
  { body: { vendor }, identity }: Start,
  expectation: Expectation,
): Promise<AttemptRow | null> {
  const { orderRef } = expectation;
  const active = await findAttempt(database, tables, { by: 'active', vendor, orderRef });
  if (active === null || isSameStart(active, hashOf(identity), expectation)) return null;
  return isBuyable((await readOrder(database, tables, orderRef)).status) ? active : null;
}

function toAnswer(
  { id }: AttemptRow,
  { token, expiresAtMs }: { readonly token: string; readonly expiresAtMs: number },
  next: NextStep,
): StartAttemptAnswer {
  return {
    v: PROTOCOL_VERSION,
    attempt: { id, token, expiresAt: new Date(expiresAtMs).toISOString() },
    next,
  };
}

async function openAttempt(
  sql: SqlClient,
  context: KitContext,
  { body, identity }: Start,
  { expectation, plan, known, startKey, nowMs }: Opening,
): Promise<Opened> {
  const { tables, schedule } = context;
  const { vendor } = body;
  const silent: News = { orderRefs: [], due: [] };
  if (known !== null) {
    return { attempt: known, order: await readOrder(sql, tables, known.orderRef), news: silent };
  }

  // The order's lock makes starts for one order queue up.
  const { orderRef } = expectation;
  const [held] = await upsertOrders(
    sql,
    tables,
    [
      {
        ref: orderRef,
        vendor,
        unreferenced: null,
        facts: {},
        parkedUntilMs: null,
        statusIfNew: 'open',
        cause: 'start',
      },
    ],
    nowMs,
  );
  if (held !== undefined && held.vendor !== vendor) throw new OtherVendorError(orderRef, held.vendor);
  const hash = hashOf(identity);
  const active = await findAttempt(sql, tables, { by: 'active', vendor, orderRef });
  const order = await readOrder(sql, tables, orderRef);
  if (active !== null && isSameStart(active, hash, expectation))
    return { attempt: active, order, news: silent };

  // What a linked order is for was said by `linkOrder`, and nothing is opened here: the attempt is a handle.
  const isOfferedHere = context.vendors.get(vendor)?.flow !== 'linked';
  const attempt: AttemptRow = {
    id: randomUUID(),
    vendor,
    identity: hash,
    active: isOfferedHere && isBuyable(order.status),
    ...expectation,
  };
  if (attempt.active && active !== null) {
    // The buyer may be at the vendor's already: money that comes through it is still looked for.
    await supersedeAttempt(sql, tables, active.id, { keepAsking: plan !== null });
  }
  const firstDelayMs = schedule.reconcileDelaysMs[0] ?? schedule.reconcileEveryMs;
  const expectedAtMs = Math.max(nowMs, latestExpectedMs(order.facts) + 1);
  const news = attempt.active ? await expect(sql, context, attempt, expectedAtMs, nowMs) : silent;
  await insertAttempt(sql, tables, attempt, {
    startKey,
    nowMs,
    nextReconcileAtMs: attempt.active ? nowMs + firstDelayMs : null,
  });
  if (plan !== null && attempt.active) await recordRedirect(sql, context, plan, attempt);
  // What was parked under this reference has been applied just now, and may have decided the order.
  return { attempt, order: attempt.active ? await readOrder(sql, tables, orderRef) : order, news };
}

function expect(
  sql: SqlClient,
  context: KitContext,
  attempt: AttemptRow,
  atMs: number,
  nowMs: number,
): Promise<News> {
  const { id: attemptId, vendor, orderRef, planId, amountMinor, currency } = attempt;
  const at = new Date(atMs).toISOString();
  const fact = { kind: 'expected', attemptId, at, planId, amountMinor, currency } as const;
  return applyChanges(
    sql,
    context,
    [{ ref: orderRef, vendor, facts: [fact], cause: `attempt:${attemptId}` }],
    nowMs,
  );
}

/** The latest attempt's terms count, also where it was opened by a process whose clock is behind. */
function latestExpectedMs(facts: FactSet): number {
  const times = Object.values(facts).map((fact) => (fact.kind === 'expected' ? Date.parse(fact.at) : 0));
  return Math.max(0, ...times);
}

function hashOf(identity: Identity | null): Buffer | null {
  return identity === null ? null : hashIdentity(identity);
}

function isSameStart(active: AttemptRow, identity: Buffer | null, expectation: Expectation): boolean {
  const sameBuyer =
    active.identity === null || identity === null
      ? active.identity === identity
      : equalHashes(active.identity, identity);
  return (
    sameBuyer &&
    active.planId === expectation.planId &&
    active.amountMinor === expectation.amountMinor &&
    active.currency === expectation.currency
  );
}

/** Who, what and the key: the same key in other hands, or for something else, is another start. */
function hashStart({ body, identity, idempotencyKey }: Start): Buffer | null {
  if (idempotencyKey === null) return null;
  const who = identity === null ? null : hashIdentity(identity).toString('base64url');
  const { vendor, order = null, plan = null, item = null } = body;
  return createHash('sha256')
    .update(JSON.stringify([idempotencyKey, who, vendor, order, plan, item]))
    .digest();
}

function toExpectation({ orderRef, planId, amountMinor, currency }: AttemptRow): Expectation {
  return { orderRef, planId, amountMinor, currency };
}
