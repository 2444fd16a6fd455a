/** How the money of payments stands that were only accepted: fulfilled, and unsettled until the statements say otherwise. Pure. */
import type { Resolutions } from './order-effects.js';
import type { Fact, FactSet, WantedReview } from './order-facts.js';

/** The worst of several payments counts. */
export type OrderSettlement = 'unsettled' | 'past_due' | 'uncollectible' | 'written_off' | 'settled';

export const SETTLEMENTS: readonly OrderSettlement[] = [
  'unsettled',
  'past_due',
  'uncollectible',
  'written_off',
  'settled',
];

/** Those that are not over: their payments are looked up in the statements. */
export const OUTSTANDING: readonly OrderSettlement[] = ['unsettled', 'past_due'];

type PaymentFact = Extract<Fact, { kind: 'payment' }>;
type Standing = Extract<Fact, { kind: 'settlement' }>['standing'];

/** `null` where no payment was only accepted. */
export function settlementOf(facts: FactSet): OrderSettlement | null {
  const standings = acceptedPayments(facts);
  if (standings.size === 0) return null;
  const settlements = [...standings.values()].map(toSettlement);
  return WORST_FIRST.find((settlement) => settlements.includes(settlement)) ?? 'settled';
}

const WORST_FIRST = ['written_off', 'uncollectible', 'past_due', 'unsettled', 'settled'] as const;

/** Payments whose end the statements have still to tell, with what they told last. */
export function outstandingPayments(facts: FactSet): ReadonlyMap<string, Standing | null> {
  return new Map(
    [...acceptedPayments(facts)].filter(([, standing]) => OUTSTANDING.includes(toSettlement(standing))),
  );
}

/** What a person must look at. None holds the order up: what was bought has been granted. */
export function settlementReviews(facts: FactSet): readonly WantedReview[] {
  return [...acceptedPayments(facts)].flatMap(([subject, standing]) => {
    const reason = standing === null ? undefined : REASON_OF[standing];
    return reason === undefined
      ? []
      : [{ key: `${reason}:${subject}`, reason, evidence: { paymentId: subject } }];
  });
}

const REASON_OF = {
  settled: undefined,
  open: undefined,
  unknown: undefined,
  stuck: 'settlement_past_due',
  unclear: 'settlement_unclear',
  uncollectible: 'settlement_uncollectible',
  written_off: 'settlement_written_off',
} as const satisfies Record<Standing, WantedReview['reason'] | undefined>;

/** The money was given up and a person decided that what was granted is to be taken back. */
export function isGivenBack(subject: string, resolutions: Resolutions): boolean {
  return [REASON_OF.uncollectible, REASON_OF.written_off].some(
    (reason) => resolutions.get(`${reason}:${subject}`) === 'reject',
  );
}

/** Payments that no delivery settled, each with the latest word of the statements; `null`: none yet. */
function acceptedPayments(facts: FactSet): ReadonlyMap<string, Standing | null> {
  const all = Object.values(facts);
  const isPayment = (fact: Fact, finality: PaymentFact['finality']): fact is PaymentFact =>
    fact.kind === 'payment' && fact.finality === finality;
  const settled = new Set(all.flatMap((fact) => (isPayment(fact, 'settled') ? [fact.subject] : [])));
  const accepted = [...new Set(all.flatMap((fact) => (isPayment(fact, 'accepted') ? [fact.subject] : [])))];
  return new Map(
    accepted.sort().map((subject) => [subject, settled.has(subject) ? 'settled' : latest(all, subject)]),
  );
}

function latest(facts: readonly Fact[], subject: string): Standing | null {
  return (
    facts
      .filter((fact) => fact.kind === 'settlement')
      .filter((fact) => fact.subject === subject)
      .reduce<Extract<Fact, { kind: 'settlement' }> | null>(
        (last, fact) => (last === null || fact.generation > last.generation ? fact : last),
        null,
      )?.standing ?? null
  );
}

function toSettlement(standing: Standing | null): OrderSettlement {
  switch (standing) {
    case null:
    case 'open':
    case 'unknown':
    case 'unclear':
      return 'unsettled';
    case 'stuck':
      return 'past_due';
    case 'settled':
    case 'uncollectible':
    case 'written_off':
      return standing;
  }
}
