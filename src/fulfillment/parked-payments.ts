import type { KitContext } from './context.js';
import { endParkedPayments as endInDatabase } from './postgres/end-parked-payments.js';
import { insertReviews } from './postgres/insert-reviews.js';
import type { ParkedPayment } from './postgres/park-payments.js';
import { transaction } from './postgres/transaction.js';
import type { WantedReview } from './order-facts.js';

/**
 * Shows proven payments to a person whose attempt did not turn up in time.
 * @returns how many it showed.
 */
export async function endParkedPayments(context: KitContext, limit: number): Promise<number> {
  const { database, tables, clock } = context;
  const nowMs = clock();
  const { ended, opened } = await transaction(database, async (sql) => {
    const ended = await endInDatabase(sql, tables, nowMs, limit);
    const reviews = ended.map((payment) => ({
      ...reviewOf(payment),
      orderRef: null,
      vendor: payment.vendor,
    }));
    return { ended, opened: await insertReviews(sql, tables, reviews, nowMs) };
  });
  context.announce({ orderRefs: [], due: opened.length > 0 ? ['notify'] : [], opened });
  return ended.length;
}

function reviewOf({ vendor, key, messageId, subject, payment }: ParkedPayment): WantedReview {
  const { finality, receiptId, claimed } = payment;
  return {
    key: `unmatched_payment:${vendor}:${messageId}`,
    reason: 'unmatched_payment',
    evidence: {
      messageId,
      paymentId: subject,
      attemptKey: key,
      // Siglume's own names for the two.
      why: finality === 'settled' ? 'unknown_challenge_hash' : 'unknown_metered_challenge_hash',
      receiptId,
      amountMinor: claimed.amountMinor,
      currency: claimed.currency,
    },
  };
}
