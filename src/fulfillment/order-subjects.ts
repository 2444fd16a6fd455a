/** Where each of an order's subjects (LedgerBee: subscriptions) stands, read from the order's facts. Pure. */
import { readResolutions, type EffectHistory, type Resolutions } from './order-effects.js';
import type { Fact, OrderView, WantedReview } from './order-facts.js';
import {
  isRefusedReport,
  observationOf,
  paymentReviews,
  readReports,
  strongest,
  type PaymentFact,
} from './order-payments.js';
import { isGivenBack } from './order-settlement.js';
import type { Observation } from './ports.js';

export type Standing =
  /** Entitled now, and nothing in the way. */
  | 'granted'
  /** Not entitled yet, or not at the moment. */
  | 'waiting'
  /** A person must decide first. */
  | 'held'
  /** A person decided against it. */
  | 'refused'
  | 'ended';

export interface Subject {
  readonly id: string;
  /** The reading with the highest generation; `null` while it is only announced. */
  readonly latest: Observation | null;
  readonly standing: Standing;
  /** Some reading under this order's reference showed access: money has moved, or will. Not where a person looked for it in vain. */
  readonly everGranted: boolean;
  /** The delivery that proved it, for a payment; of several the one that says most. */
  readonly payment: PaymentFact | null;
  /** Some reading was good enough to fulfill upon, so that a grant may rest on this subject. */
  readonly carried: boolean;
  /** What `held` it, resolved or not. */
  readonly reviews: readonly WantedReview[];
}

type Expected = Extract<Fact, { kind: 'expected' }>;
type Observed = Extract<Fact, { kind: 'observed' }>;

/** What all subjects of one order are judged by. */
interface Terms {
  /** The reference a reading must show; `null` for an order that came without one. */
  readonly reference: string | null;
  readonly unreferenced: OrderView['unreferenced'];
  /** The latest last. Empty: no attempt of ours stands behind the order. */
  readonly expected: readonly Expected[];
  readonly payments: readonly PaymentFact[];
  readonly unissued: boolean;
  /** A grant was made, or may have been. */
  readonly fulfilling: boolean;
  readonly resolutions: Resolutions;
}

/** Sorted by id, so that every choice among them is the same each time. */
export function readSubjects(view: OrderView, history: EffectHistory): readonly Subject[] {
  const terms = readTerms(view, history);
  const readings = new Map<string, Observed[]>();
  for (const fact of Object.values(view.facts)) {
    if (fact.kind === 'announced') readings.set(fact.subject, readings.get(fact.subject) ?? []);
    if (fact.kind !== 'observed') continue;
    const { subject } = fact.observation;
    readings.set(subject, [...(readings.get(subject) ?? []), fact]);
  }
  const { reference, expected, payments, resolutions } = terms;
  const planId = expected.at(-1)?.planId ?? null;
  for (const fact of payments) {
    const observation = observationOf(fact, reference, planId);
    const isEnded = isGivenBack(fact.subject, resolutions);
    readings.set(fact.subject, [
      ...(readings.get(fact.subject) ?? []),
      // Of two messages about one payment the one that says more counts, whichever came first.
      { kind: 'observed', generation: fact.finality === 'settled' ? 1 : 0, observation },
      ...(isEnded
        ? [
            {
              kind: 'observed',
              generation: 2,
              observation: { ...observation, access: 'ended', vendorStatus: 'given_up' },
            } as const,
          ]
        : []),
    ]);
  }
  for (const [id, reports] of readReports(view.facts, reference, planId)) readings.set(id, reports);
  return [...readings].sort(([a], [b]) => compare(a, b)).map(([id, observed]) => judge(id, observed, terms));
}

function readTerms(view: OrderView, history: EffectHistory): Terms {
  const facts = Object.values(view.facts);
  return {
    reference: view.unreferenced === null ? view.ref : null,
    unreferenced: view.unreferenced,
    expected: facts.filter((fact) => fact.kind === 'expected').sort(byTime),
    payments: facts
      .filter((fact) => fact.kind === 'payment')
      .sort((a, b) => compare(a.messageId, b.messageId)),
    unissued: view.facts['unissued'] !== undefined,
    fulfilling: [...history.begun, ...history.done].some(({ effect }) => effect === 'fulfill'),
    resolutions: readResolutions(view.facts),
  };
}

function judge(id: string, observed: readonly Observed[], terms: Terms): Subject {
  const readings = [...observed]
    .sort((a, b) => a.generation - b.generation)
    .map(({ observation }) => observation);
  const latest = readings.at(-1) ?? null;
  const carried = readings.some((reading) => couldCarry(reading, terms));
  const everGranted = readings.some(
    (reading) =>
      reading.access === 'granted' &&
      reading.reference === terms.reference &&
      !isRefusedReport(reading, terms.resolutions),
  );
  const reviews = latest === null ? [] : reviewsOf(latest, carried, terms);
  const payment = strongest(terms.payments.filter(({ subject }) => subject === id));
  const standing = standingOf(latest, reviews, terms);
  return { id, latest, everGranted, payment, carried, reviews, standing };
}

function standingOf(latest: Observation | null, reviews: readonly WantedReview[], terms: Terms): Standing {
  if (latest === null) return 'waiting';
  if (latest.access === 'ended') return 'ended';
  if (isEarly(terms)) return 'waiting';
  const resolutions = reviews.map(({ key }) => terms.resolutions.get(key));
  if (resolutions.includes('reject')) return 'refused';
  if (resolutions.some((resolution) => resolution !== 'accept')) return 'held';
  switch (latest.access) {
    case 'granted':
    case 'unknown': // its review was accepted: a person took this status for one that grants
      return 'granted';
    case 'awaiting':
    case 'paused': // what a pause means is the merchant's to say: it neither grants nor takes back
      return 'waiting';
  }
}

/** All that stands between this reading and a grant, resolved or not. */
function reviewsOf(latest: Observation, carried: boolean, terms: Terms): readonly WantedReview[] {
  if (latest.access === 'ended' || isEarly(terms)) return [];
  const reviews: WantedReview[] = [];
  const about = { subscriptionId: latest.subject, vendorStatus: latest.vendorStatus };
  if (latest.reference !== terms.reference) {
    reviews.push({
      key: `reference_mismatch:${latest.subject}:${latest.reference ?? ''}`,
      reason: 'reference_mismatch',
      evidence: { ...about, expectedReference: terms.reference, reference: latest.reference },
    });
  }
  if (terms.unreferenced === 'review') {
    reviews.push({ key: 'unreferenced', reason: 'unreferenced', evidence: about });
  }
  if (terms.unreferenced === null && terms.expected.length === 0) {
    reviews.push({ key: 'unknown_reference', reason: 'unknown_reference', evidence: about });
  }
  const payments = terms.payments.filter(({ subject }) => subject === latest.subject);
  reviews.push(...paymentReviews(latest, payments, terms.expected));
  if (latest.access === 'unknown') reviews.push(unknownStatusReview(latest));
  const entitled = latest.access === 'granted' || latest.access === 'unknown';
  // Once the order is being fulfilled, a change of plan or amount is the purchase's further life, not the order's.
  if (entitled && !(terms.fulfilling && carried))
    reviews.push(...termsReviews(latest, terms.expected.slice(-1)));
  return reviews;
}

/** Whether a grant may have been made upon this reading, at any time and under any of the order's attempts. */
function couldCarry(reading: Observation, terms: Terms): boolean {
  const accepted = ({ key }: WantedReview): boolean => terms.resolutions.get(key) === 'accept';
  if (
    reading.access !== 'granted' &&
    !(reading.access === 'unknown' && accepted(unknownStatusReview(reading)))
  ) {
    return false;
  }
  if (terms.expected.length === 0) return true;
  return terms.expected.some((expected) => termsReviews(reading, [expected]).every(accepted));
}

function termsReviews(reading: Observation, expected: readonly Expected[]): readonly WantedReview[] {
  return [...planReviews(reading, expected), ...amountReviews(reading, expected)];
}

function planReviews(reading: Observation, expected: readonly Expected[]): readonly WantedReview[] {
  return expected
    .filter(({ planId }) => planId !== null && planId !== reading.planId)
    .map(({ planId }) => ({
      // Names both plans: an acceptance covers what the person saw, and no further change.
      key: `plan_mismatch:${reading.subject}:${planId ?? ''}:${reading.planId ?? ''}`,
      reason: 'plan_mismatch',
      evidence: { subscriptionId: reading.subject, expectedPlanId: planId, planId: reading.planId },
    }));
}

/** Only where both sides name one: most vendors' readings know of no amount. */
function amountReviews(reading: Observation, expected: readonly Expected[]): readonly WantedReview[] {
  const { amountMinor: seen = null, currency: seenIn = null } = reading;
  const differs = <T>(a: T | null, b: T | null): boolean => a !== null && b !== null && a !== b;
  return expected
    .filter(({ amountMinor, currency }) => differs(amountMinor, seen) || differs(currency, seenIn))
    .map(({ amountMinor, currency }) => ({
      key: `amount_mismatch:${reading.subject}:${amountMinor ?? ''}${currency ?? ''}:${seen ?? ''}${seenIn ?? ''}`,
      reason: 'amount_mismatch',
      evidence: {
        subscriptionId: reading.subject,
        expectedAmountMinor: amountMinor,
        expectedCurrency: currency,
        amountMinor: seen,
        currency: seenIn,
      },
    }));
}

export function unknownStatusReview(reading: Observation): WantedReview {
  return {
    key: `unknown_vendor_status:${reading.subject}:${reading.vendorStatus}`,
    reason: 'unknown_vendor_status',
    evidence: { subscriptionId: reading.subject, vendorStatus: reading.vendorStatus },
  };
}

/** Under a reference of which we know no attempt yet: its webhook can come before it. `unissued` ends the wait. */
function isEarly(terms: Terms): boolean {
  return terms.unreferenced === null && terms.expected.length === 0 && !terms.unissued;
}

function byTime(a: Expected, b: Expected): number {
  return Date.parse(a.at) - Date.parse(b.at) || compare(a.attemptId, b.attemptId);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
