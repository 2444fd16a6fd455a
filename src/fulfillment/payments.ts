/** Payments that deliveries prove: matched with their attempts, or kept until these are known. */
import type { Vendor } from '../protocol/index.js';
import type { OrderChange } from './apply.js';
import type { KitContext } from './context.js';
import type { Fact, PaymentObjection } from './order-facts.js';
import { attemptKeyOf, lockAttemptKeys, type KeyHolder } from './postgres/lock-attempt-keys.js';
import { parkPayments, takeParkedPayments, type ParkedPayment } from './postgres/park-payments.js';
import type { PlacedPayment } from './postgres/place-payments.js';
import type { SqlClient } from './ports.js';

/** A delivery that proves a payment, in the words of whoever keeps it. */
export type ProvenPayment = ParkedPayment;

/** Payments whose order is known, to be applied in the same transaction. */
export interface MatchedPayments {
  readonly changes: readonly OrderChange[];
  readonly placed: readonly PlacedPayment[];
}

type MatchContext = Pick<KitContext, 'tables' | 'vendors' | 'schedule'>;

/**
 * Finds each payment's attempt, inside the receiving transaction and before any order is locked. What has none yet is
 * parked: its attempt may be about to commit. A person is asked after {@link Schedule.parkMs}; it is never dropped.
 */
export async function matchPayments(
  sql: SqlClient,
  context: MatchContext,
  payments: readonly ProvenPayment[],
  nowMs: number,
): Promise<MatchedPayments> {
  const keys = [...new Map(payments.map((payment) => [attemptKeyOf(payment), payment])).values()];
  const holders = await lockAttemptKeys(sql, context.tables, keys, nowMs + context.schedule.parkMs);
  const holderOf = (payment: ProvenPayment): KeyHolder | null => holders.get(attemptKeyOf(payment)) ?? null;
  await parkPayments(
    sql,
    context.tables,
    payments.filter((payment) => holderOf(payment) === null),
    nowMs,
  );
  return matched(context, payments, holderOf);
}

/** Takes what waited for this attempt; its key was given to it in the same transaction. */
export async function takePayments(
  sql: SqlClient,
  context: MatchContext,
  key: { readonly vendor: Vendor; readonly key: string },
  holder: KeyHolder,
): Promise<MatchedPayments> {
  const payments = await takeParkedPayments(sql, context.tables, key);
  return matched(context, payments, () => holder);
}

function matched(
  context: MatchContext,
  payments: readonly ProvenPayment[],
  holderOf: (payment: ProvenPayment) => KeyHolder | null,
): MatchedPayments {
  const changes: OrderChange[] = [];
  const placed: PlacedPayment[] = [];
  for (const payment of payments) {
    const holder = holderOf(payment);
    if (holder === null) continue;
    const { vendor, messageId } = payment;
    const { orderRef } = holder;
    changes.push({
      ref: orderRef,
      vendor,
      facts: [toFact(context, payment, holder)],
      cause: `delivery:${messageId}`,
    });
    placed.push({ vendor, messageId, orderRef });
  }
  return { changes, placed };
}

function toFact(context: MatchContext, proven: ProvenPayment, holder: KeyHolder): Fact {
  const { subject, messageId, payment } = proven;
  return {
    kind: 'payment',
    subject,
    messageId,
    attemptId: holder.attemptId,
    finality: payment.finality,
    receiptId: payment.receiptId,
    objections: objectionsTo(context, proven, holder),
    ...(holder.active ? {} : { late: true as const }),
  };
}

/** Compared with the attempt's own terms: the order may cost something else by now. */
function objectionsTo(
  { vendors }: MatchContext,
  { vendor, payment }: ProvenPayment,
  { amountMinor, currency }: KeyHolder,
): readonly PaymentObjection[] {
  const adapter = vendors.get(vendor);
  if (adapter?.flow !== 'redirect' || amountMinor === null || currency === null) return ['amount'];
  const { redirect } = adapter;
  return [
    ...redirect.compare(payment.claimed, { amountMinor, currency }),
    ...(payment.finality === 'accepted' && !redirect.takesUnsettled ? (['metered'] as const) : []),
  ];
}
