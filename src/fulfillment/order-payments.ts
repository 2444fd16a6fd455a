/** What a payment that a delivery proved means for its order: a subject like any other, and what speaks against it. Pure. */
import type { Resolutions } from './order-effects.js';
import type { Fact, FactSet, WantedReview } from './order-facts.js';
import type { EffectEvidence, Observation } from './ports.js';

export type PaymentFact = Extract<Fact, { kind: 'payment' }>;
type Expected = Extract<Fact, { kind: 'expected' }>;
type Observed = Extract<Fact, { kind: 'observed' }>;
type Reported = Extract<Fact, { kind: 'reported' }>;

/** As a reading would say it: entitled, under the order's own reference and for what it was opened for. */
export function observationOf(
  { subject, finality }: PaymentFact,
  reference: string | null,
  planId: string | null,
): Observation {
  return { subject, reference, access: 'granted', vendorStatus: finality, planId, customerId: null };
}

/** Of several messages about one payment the one that says most: settled before accepted. */
export function strongest(payments: readonly PaymentFact[]): PaymentFact | null {
  return payments.find(({ finality }) => finality === 'settled') ?? payments[0] ?? null;
}

export function paymentEvidence({ subject, finality, receiptId }: PaymentFact): EffectEvidence {
  return {
    paymentId: subject,
    vendorStatus: finality,
    ...(receiptId === null ? {} : { receiptId }),
  };
}

/**
 * What the vendor's unsigned readings say of attempts whose delivery has not come, each attempt as a subject of its
 * own. The delivery, once it is there, stands in their place.
 */
export function readReports(
  facts: FactSet,
  reference: string | null,
  planId: string | null,
): ReadonlyMap<string, Observed[]> {
  const all = Object.values(facts);
  const paid = new Set(all.flatMap((fact) => (fact.kind === 'payment' ? [fact.attemptId] : [])));
  const reports = new Map<string, Observed[]>();
  for (const fact of all) {
    if (fact.kind !== 'reported' || paid.has(fact.attemptId)) continue;
    const subject = `${REPORTED}${fact.attemptId}`;
    const observation: Observation = {
      subject,
      reference,
      access: ACCESS_OF[fact.as],
      vendorStatus: fact.as === 'overdue' ? PAID_WITHOUT_WEBHOOK : fact.as,
      planId,
      customerId: null,
    };
    const { generation } = fact;
    reports.set(subject, [...(reports.get(subject) ?? []), { kind: 'observed', generation, observation }]);
  }
  return reports;
}

const REPORTED = 'attempt:';
const PAID_WITHOUT_WEBHOOK = 'paid_without_webhook';

/** `overdue` grants only once a person accepts it: see {@link paymentReviews}. */
const ACCESS_OF: Readonly<Record<Reported['as'], Observation['access']>> = {
  paid: 'awaiting',
  overdue: 'granted',
  unclear: 'unknown',
  dead: 'ended',
};

/**
 * All that stands between one payment and its fulfillment.
 * @param latest The reading that counts.
 * @param payments Every message about it. Empty for what no delivery proved.
 * @param expected Every attempt's terms, the latest last.
 */
export function paymentReviews(
  latest: Observation,
  payments: readonly PaymentFact[],
  expected: readonly Expected[],
): readonly WantedReview[] {
  const [payment] = payments;
  if (payment === undefined) return reportReviews(latest);
  const { subject } = payment;
  const reviews: WantedReview[] = [];
  const objections = [...new Set(payments.flatMap((fact) => fact.objections))].sort();
  const mismatches = objections.filter((objection) => objection !== 'metered');
  if (mismatches.length > 0) {
    reviews.push({
      key: `terms_mismatch:${subject}`,
      reason: 'terms_mismatch',
      evidence: { paymentId: subject, mismatches: mismatches.join(' ') },
    });
  }
  if (objections.includes('metered')) {
    reviews.push({
      key: `metered_integration_required:${subject}`,
      reason: 'metered_integration_required',
      evidence: { paymentId: subject, code: 'METERED_INTEGRATION_REQUIRED' },
    });
  }
  const receipts = [...new Set(payments.flatMap(({ receiptId }) => receiptId ?? []))].sort();
  if (receipts.length > 1) {
    reviews.push({
      key: `second_receipt:${subject}`,
      reason: 'second_receipt',
      evidence: { paymentId: subject, receipts: receipts.join(' ') },
    });
  }
  return [...reviews, ...supersededReviews(payment, expected)];
}

/** A person looked for the money that the vendor's unsigned reading tells of, and it was not there. */
export function isRefusedReport(report: Observation, resolutions: Resolutions): boolean {
  return reportReviews(report).some(({ key }) => resolutions.get(key) === 'reject');
}

function reportReviews({ subject, vendorStatus }: Observation): readonly WantedReview[] {
  if (vendorStatus !== PAID_WITHOUT_WEBHOOK || !subject.startsWith(REPORTED)) return [];
  return [
    {
      key: `paid_without_webhook:${subject}`,
      reason: 'paid_without_webhook',
      evidence: { attemptId: subject.slice(REPORTED.length) },
    },
  ];
}

/** Paid through an attempt whose price is no longer the order's: money, and not for a machine to take for enough. */
function supersededReviews(
  { subject, attemptId }: PaymentFact,
  expected: readonly Expected[],
): readonly WantedReview[] {
  const own = expected.find((terms) => terms.attemptId === attemptId);
  const latest = expected.at(-1);
  if (own === undefined || latest === undefined) return [];
  if (own.amountMinor === latest.amountMinor && own.currency === latest.currency) return [];
  return [
    {
      key: `superseded_terms:${subject}`,
      reason: 'superseded_terms',
      evidence: {
        paymentId: subject,
        paidAmountMinor: own.amountMinor,
        paidCurrency: own.currency,
        amountMinor: latest.amountMinor,
        currency: latest.currency,
      },
    },
  ];
}
