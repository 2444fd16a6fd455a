/** A start at a vendor with a hosted checkout: one call under one nonce, all of its answer kept before the buyer goes. */
import { randomUUID } from 'node:crypto';
import type { NextStep, RefusalCode, StartAttemptRequest } from '../protocol/index.js';
import { applyChanges } from './apply.js';
import { callVendor } from './call-vendor.js';
import type { KitContext, News } from './context.js';
import { ConfigurationError, VendorError } from './errors.js';
import { takePayments } from './payments.js';
import type { AttemptRow } from './postgres/attempt-row.js';
import { claimRedirectSession } from './postgres/claim-redirect-session.js';
import {
  releaseRedirectSession,
  storeRedirectSession,
  type RedirectClaimant,
} from './postgres/finish-redirect-claim.js';
import { giveAttemptKey } from './postgres/give-attempt-key.js';
import { insertRedirectSession } from './postgres/insert-redirect-session.js';
import { placePayments } from './postgres/place-payments.js';
import type { OrderState } from './postgres/read-order.js';
import type { RedirectSession } from './postgres/redirect-session-row.js';
import { transaction } from './postgres/transaction.js';
import type { OpenedRedirect, Price, RedirectStanding, RedirectVendor, SqlClient } from './ports.js';
import { endAttempt, hasWord, isLongOver, report } from './redirect-reports.js';
import type { Expectation } from './resolve-order.js';

/** How soon a start that met another one asks again, in milliseconds. */
const SOON_MS = 250;
/** How soon a page asks again whose checkout is paid and whose webhook is on its way, in milliseconds. */
const PAID_SOON_MS = 1000;
/** A session that was live this long ago is taken for live, in milliseconds: many starts at once ask once. */
const FRESH_MS = 3000;

/** There is no hosted checkout to be had now. The message is for developers; the code is all that a buyer's page sees. */
export class CheckoutRefusedError extends Error {
  override readonly name = 'CheckoutRefusedError';
  readonly code: Extract<RefusalCode, 'checkout_unavailable' | 'vendor_unavailable'>;
  readonly retryAfterMs: number | null;
  constructor(code: CheckoutRefusedError['code'], message: string, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What is sold through a hosted checkout, and where its buyer comes back to. */
export interface RedirectPlan {
  readonly adapter: RedirectVendor;
  readonly price: Price;
  readonly returnUrl: string;
}

/**
 * Whether this order can be sold through a hosted checkout at all. Asked before anything is written.
 * @returns `null` for a vendor without one.
 * @throws {CheckoutRefusedError} `checkout_unavailable`; the log says which setting is in the way.
 * @throws {ConfigurationError} where the merchant's order has no price.
 */
export function planRedirect(
  { vendors, log }: Pick<KitContext, 'vendors' | 'log'>,
  { vendor, page }: StartAttemptRequest,
  { orderRef, amountMinor, currency }: Expectation,
): RedirectPlan | null {
  const adapter = vendors.get(vendor);
  if (adapter?.flow !== 'redirect') return null;
  if (amountMinor === null || currency === null) {
    throw new ConfigurationError(
      'invalid-option',
      `resolveOrder must give amountMinor and currency for ${vendor}: its checkout is opened for a price`,
    );
  }
  const price = { amountMinor, currency };
  const refuse = (why: string, message: string): CheckoutRefusedError => {
    log({ level: 'error', event: 'start.checkout-refused', message, fields: { vendor, orderRef, why } });
    return new CheckoutRefusedError('checkout_unavailable', 'This order cannot be paid here');
  };
  switch (adapter.redirect.accepts(price)) {
    case 'no':
      throw refuse('price', 'The vendor does not take this amount and currency');
    case 'metered':
      throw refuse(
        'METERED_INTEGRATION_REQUIRED',
        'The amount is below the standard band, where money comes later: set allowMeteredPayments to take it',
      );
    case 'yes':
  }
  const returnUrl = adapter.redirect.returnUrlFor(page);
  if (returnUrl === null) {
    throw refuse('return-url', 'The page lies on none of the returnOrigins, and no returnUrl is configured');
  }
  return { adapter, price, returnUrl };
}

/**
 * Writes what the vendor will be told, with the new attempt, and whose the payment's deliveries will be where that can
 * be told before. The key is new: nobody can hold it, so it is no breach that the order is locked before it.
 */
export async function recordRedirect(
  sql: SqlClient,
  { tables }: Pick<KitContext, 'tables'>,
  { adapter, price, returnUrl }: RedirectPlan,
  { id: attemptId, vendor, orderRef }: AttemptRow,
): Promise<void> {
  const nonce = adapter.redirect.nonce(orderRef, attemptId);
  await insertRedirectSession(sql, tables, {
    attemptId,
    nonce,
    successUrl: comingBack(returnUrl, 'returned', attemptId),
    cancelUrl: comingBack(returnUrl, 'cancelled', attemptId),
  });
  const key = adapter.redirect.expectKey(price, nonce);
  if (key !== null) await giveAttemptKey(sql, tables, { vendor, key }, attemptId);
}

/** The words `<checkout-redirect>` reads. They prove nothing. */
function comingBack(returnUrl: string, word: 'returned' | 'cancelled', attemptId: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set('checkout', word);
  url.searchParams.set('attempt', attemptId);
  return url.href;
}

/**
 * Where the buyer of an attempt goes. Of many starts one calls the vendor, the others wait for it.
 * @returns `null`: the attempt is over, and another one may be opened.
 * @throws {CheckoutRefusedError} the attempt and its nonce stay: the next start repeats the call.
 */
export async function openRedirect(
  context: KitContext,
  plan: RedirectPlan,
  attempt: AttemptRow,
  order: OrderState,
): Promise<NextStep | null> {
  const { database, tables, clock, schedule } = context;
  const claimant = { attemptId: attempt.id, token: randomUUID() };
  const nowMs = clock();
  const claim = await claimRedirectSession(database, tables, {
    ...claimant,
    nowMs,
    leaseUntilMs: nowMs + schedule.leaseSeconds * 1000,
    freshSinceMs: nowMs - FRESH_MS,
  });
  if (claim === null || !claim.active) return null;
  const { session } = claim;
  if (claim.claimed) {
    const ask = { context, plan, attempt, order, session, claimant };
    return session.sessionId === null ? open(ask) : reuse(ask, session.sessionId);
  }
  const isFresh = session.checkedAtMs !== null && session.checkedAtMs > nowMs - FRESH_MS;
  return isFresh && session.checkoutUrl !== null ? to(session.checkoutUrl) : wait(SOON_MS);
}

/** What a claimed call to the vendor works with. */
interface Ask {
  readonly context: KitContext;
  readonly plan: RedirectPlan;
  readonly attempt: AttemptRow;
  readonly order: OrderState;
  readonly session: RedirectSession;
  readonly claimant: RedirectClaimant;
}

/** The first call, or its repetition under the same nonce: the vendor gives the session that may have been made. */
async function open(ask: Ask): Promise<NextStep | null> {
  const { context, plan, attempt, session, claimant } = ask;
  const { nonce, successUrl, cancelUrl } = session;
  const { id: attemptId, vendor, orderRef } = attempt;
  const request = { ...plan.price, orderRef, attemptId, nonce, successUrl, cancelUrl };
  let opened: OpenedRedirect;
  try {
    opened = await callVendor(context, vendor, 'open_checkout', (signal) =>
      plan.adapter.redirect.open(request, signal),
    );
  } catch (error) {
    return onFailedOpen(ask, error);
  }
  const expected = plan.adapter.redirect.expectKey(plan.price, nonce);
  if (expected !== null && expected !== opened.attemptKey) {
    context.log({
      level: 'error',
      event: 'start.attempt-key-differs',
      message:
        "The vendor's key of an attempt is not the one that was foretold: check its secret. Both are kept as the attempt's.",
      fields: { vendor, attemptId },
    });
  }
  const stored = await store(ask, opened);
  if (stored === null) {
    await release(context, claimant);
    return wait(SOON_MS);
  }
  context.announce(stored.news);
  return stored.active && !stored.isPaid ? to(opened.url) : wait(PAID_SOON_MS);
}

/**
 * All of the answer in one transaction that must find the claim still held; what was paid before the answer came is
 * applied in it.
 * @returns `null` when the claim holds no more, or the key is another attempt's: nothing was written.
 */
async function store(
  { context, attempt, claimant }: Ask,
  opened: OpenedRedirect,
): Promise<{ readonly active: boolean; readonly isPaid: boolean; readonly news: News } | null> {
  const { database, tables, clock } = context;
  const { id: attemptId, vendor, orderRef, active, amountMinor, currency } = attempt;
  const key = { vendor, key: opened.attemptKey };
  try {
    return await transaction(database, async (sql) => {
      if (!(await giveAttemptKey(sql, tables, key, attemptId)))
        throw new NotStoredError('key-of-another-attempt');
      const holder = { attemptId, orderRef, active, amountMinor, currency };
      const matched = await takePayments(sql, context, key, holder);
      const news =
        matched.changes.length === 0
          ? { orderRefs: [], due: [] }
          : await applyChanges(sql, context, matched.changes, clock());
      await placePayments(sql, tables, matched.placed);
      const stored = await storeRedirectSession(sql, tables, claimant, opened, clock());
      if (stored === null) throw new NotStoredError('claim-lost');
      return { active: stored.active, isPaid: matched.changes.length > 0, news };
    });
  } catch (error) {
    if (!(error instanceof NotStoredError)) throw error;
    context.log({
      level: error.why === 'claim-lost' ? 'info' : 'error',
      event: 'start.checkout-not-stored',
      message: 'An opened checkout was not stored, and no buyer is sent to it',
      fields: { vendor, attemptId, why: error.why },
    });
    return null;
  }
}

class NotStoredError extends Error {
  override readonly name = 'NotStoredError';
  readonly why: 'claim-lost' | 'key-of-another-attempt';
  constructor(why: NotStoredError['why']) {
    super(why);
    this.why = why;
  }
}

/** No failure retires a nonce by itself: under another one there would be two live sessions, and two payments. */
async function onFailedOpen(ask: Ask, error: unknown): Promise<null> {
  const { context, plan, session, claimant } = ask;
  const nowMs = context.clock();
  if (error instanceof VendorError && plan.adapter.redirect.fateOf(error) === 'ask') {
    // A session stands, or stood, under this nonce, and its id was lost on the way. This call made none.
    const calledAtMs = session.calledAtMs ?? nowMs;
    await release(context, claimant, { calledAtMs });
    if (isLongOver(plan.adapter, calledAtMs, nowMs)) {
      await endAttempt(context, ask.attempt, nowMs);
      return null;
    }
  } else {
    const retryAfterMs = error instanceof VendorError ? error.retryAfterMs : null;
    await release(context, claimant, { untilMs: retryAfterMs === null ? null : nowMs + retryAfterMs });
  }
  throw refusalOf(ask, error);
}

/** A session is there already. Cancelled or run out it would be a dead end, so the vendor is asked before. */
async function reuse(ask: Ask, sessionId: string): Promise<NextStep | null> {
  const { context, plan, attempt, session, claimant } = ask;
  const nowMs = context.clock();
  let standing: RedirectStanding;
  try {
    standing = await callVendor(context, attempt.vendor, 'read_checkout', (signal) =>
      plan.adapter.redirect.read(sessionId, nowMs, signal),
    );
  } catch (error) {
    await release(context, claimant);
    const isOver = session.expiresAtMs !== null && session.expiresAtMs <= nowMs;
    if (!(error instanceof VendorError) || isOver || session.checkoutUrl === null)
      throw refusalOf(ask, error);
    return to(session.checkoutUrl);
  }
  await release(context, claimant, standing === 'live' ? { checkedAtMs: nowMs } : {});
  switch (standing) {
    case 'live':
      return session.checkoutUrl === null ? wait(SOON_MS) : to(session.checkoutUrl);
    case 'paid':
    case 'unclear':
      // Judged already, and the order is to be bought all the same: this session is spent.
      if (hasWord(ask.order.facts, attempt.id)) break;
      await report(context, attempt, standing, nowMs);
      return wait(PAID_SOON_MS);
    case 'lost':
      if (!isLongOver(plan.adapter, session.calledAtMs ?? nowMs, nowMs)) {
        throw new CheckoutRefusedError(
          'vendor_unavailable',
          'The vendor does not know the checkout it opened',
        );
      }
      break;
    case 'dead':
  }
  await endAttempt(context, attempt, nowMs);
  return null;
}

function release(
  { database, tables }: KitContext,
  claimant: RedirectClaimant,
  after: Partial<Parameters<typeof releaseRedirectSession>[3]> = {},
): Promise<void> {
  return releaseRedirectSession(database, tables, claimant, { untilMs: null, ...after });
}

/** What a page may say of a vendor's failure: whether the same start may fare better later, with nobody's help. */
export function codeForBuyer({ code }: Pick<VendorError, 'code'>): CheckoutRefusedError['code'] {
  switch (code) {
    case 'rate-limited':
    case 'unavailable':
    case 'timeout':
    case 'unreadable-answer':
      return 'vendor_unavailable';
    case 'checkout-unavailable':
    case 'unauthorized':
    case 'forbidden':
    case 'rejected':
      return 'checkout_unavailable';
  }
}

/** Which setting is wrong is for the log. */
function refusalOf({ context, plan, attempt }: Ask, error: unknown): unknown {
  if (!(error instanceof VendorError)) return error;
  const { code, status, vendorCode, retryAfterMs } = error;
  const isLasting =
    codeForBuyer(error) === 'checkout_unavailable' && plan.adapter.redirect.fateOf(error) === 'keep';
  context.log({
    level: isLasting ? 'error' : 'warn',
    event: 'start.checkout-refused',
    message: `The vendor opened no checkout; the attempt and its nonce stay. ${error.message}`,
    fields: { vendor: attempt.vendor, orderRef: attempt.orderRef, why: code, status, vendorCode },
  });
  return isLasting
    ? new CheckoutRefusedError('checkout_unavailable', 'The hosted checkout is not available')
    : new CheckoutRefusedError('vendor_unavailable', 'The hosted checkout could not be opened', retryAfterMs);
}

function to(url: string): NextStep {
  return { type: 'redirect', url };
}

function wait(retryAfterMs: number): NextStep {
  return { type: 'wait', retryAfterMs };
}
