import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideOrder, factKey, type Fact, type FactSet } from '../../src/fulfillment/order-facts.js';
import { settlementOf } from '../../src/fulfillment/order-settlement.js';

type Payment = Extract<Fact, { kind: 'payment' }>;

const expected = (attemptId = 'a1', amountMinor = 1200, at = '2026-06-20T12:00:00Z'): Fact => ({
  kind: 'expected',
  attemptId,
  at,
  planId: null,
  amountMinor,
  currency: 'JPY',
});
const paid = (change: Partial<Payment> = {}): Payment => ({
  kind: 'payment',
  subject: 'dpr_1',
  messageId: 'evt_1',
  attemptId: 'a1',
  finality: 'settled',
  receiptId: 'chain_1',
  objections: [],
  ...change,
});
const accepted = (change: Partial<Payment> = {}): Payment =>
  paid({ finality: 'accepted', receiptId: null, ...change });
const set = (facts: readonly Fact[]): FactSet =>
  Object.fromEntries(facts.map((fact) => [factKey(fact), fact]));
const decide = (...facts: Fact[]) =>
  decideOrder({ ref: 'order-1', vendor: 'siglume', unreferenced: null, facts: set(facts) });
const reasons = (...facts: Fact[]): string[] => decide(...facts).reviews.map(({ reason }) => reason);

describe('a payment', () => {
  it('is fulfilled, once, whatever its messages', () => {
    const { status, effects, reviews } = decide(expected(), paid(), paid({ messageId: 'evt_2' }));
    expect(status).toBe('processing');
    expect(effects).toMatchObject([{ kind: 'fulfill', epoch: '' }]);
    expect(reviews).toEqual([]);
  });

  it('waits for its attempt, and is never taken for one that expired', () => {
    expect(decide(paid())).toMatchObject({ status: 'pending', effects: [] });
    expect(decide(expected(), paid(), { kind: 'expired' }).status).toBe('processing');
  });

  it.each(['merchant', 'amount', 'currency', 'environment'] as const)(
    'about another %s is held',
    (objection) => {
      const decision = decide(expected(), paid({ objections: [objection] }));
      expect(decision).toMatchObject({ status: 'review', effects: [] });
      expect(decision.reviews).toMatchObject([
        { reason: 'terms_mismatch', evidence: { mismatches: objection } },
      ]);
    },
  );

  it('is held if one of its messages is wrong, also when another is right', () => {
    const facts = [expected(), paid(), paid({ messageId: 'evt_2', objections: ['amount'] })];
    expect(decide(...facts).effects).toEqual([]);
  });

  it('that was held is fulfilled once a person accepts it', () => {
    const resolved: Fact = {
      kind: 'review-resolved',
      reviewKey: 'terms_mismatch:dpr_1',
      resolution: 'accept',
    };
    expect(decide(expected(), paid({ objections: ['amount'] }), resolved).status).toBe('processing');
    expect(
      decide(expected(), paid({ objections: ['amount'] }), { ...resolved, resolution: 'reject' }).status,
    ).toBe('failed');
  });

  it('at a price that is no longer the order’s is held', () => {
    const later = expected('a2', 1300, '2026-06-20T13:00:00Z');
    expect(reasons(expected(), later, paid())).toEqual(['superseded_terms']);
    expect(reasons(expected(), later, paid({ attemptId: 'a2' }))).toEqual([]);
  });

  it('beside another one of the same order is fulfilled once, and reviewed', () => {
    const second = paid({ subject: 'dpr_2', messageId: 'evt_2', attemptId: 'a2', receiptId: 'chain_2' });
    const decision = decide(expected(), expected('a2'), paid(), second);
    expect(decision.effects).toHaveLength(1);
    expect(decision.reviews).toMatchObject([{ reason: 'second_payment' }]);
  });

  it('with two receipts is held', () => {
    expect(reasons(expected(), paid(), paid({ messageId: 'evt_2', receiptId: 'chain_2' }))).toEqual([
      'second_receipt',
    ]);
  });
});

describe('a payment that was only accepted', () => {
  it('is held unless that was allowed', () => {
    expect(reasons(expected(), accepted({ objections: ['metered'] }))).toEqual([
      'metered_integration_required',
    ]);
    expect(decide(expected(), accepted()).status).toBe('processing');
  });

  it.each([
    ['open', 'unsettled'],
    ['unknown', 'unsettled'],
    ['stuck', 'past_due'],
    ['settled', 'settled'],
    ['uncollectible', 'uncollectible'],
    ['written_off', 'written_off'],
  ] as const)('and read as %s is %s', (standing, settlement) => {
    expect(settlementOf(set([accepted()]))).toBe('unsettled');
    const read: Fact = { kind: 'settlement', subject: 'dpr_1', generation: 2, standing };
    const before: Fact = { kind: 'settlement', subject: 'dpr_1', generation: 1, standing: 'stuck' };
    expect(settlementOf(set([accepted(), read, before]))).toBe(settlement);
  });

  it('is settled by a delivery that says so', () => {
    expect(settlementOf(set([accepted(), paid({ messageId: 'evt_2' })]))).toBe('settled');
    expect(settlementOf(set([paid()]))).toBeNull();
  });
});

it('tells the effect that the money is there, whichever message came first', () => {
  const [now, later] = [paid({ messageId: 'evt_1' }), accepted({ messageId: 'evt_2' })];
  for (const facts of [
    [expected(), now, later],
    [expected(), later, now],
  ]) {
    expect(decide(...facts).effects).toMatchObject([{ evidence: { vendorStatus: 'settled' } }]);
  }
});

it('ends in the same decision whatever the order of arrival', () => {
  const facts: readonly Fact[] = [
    expected(),
    expected('a2', 1300, '2026-06-20T13:00:00Z'),
    paid(),
    paid({ messageId: 'evt_2' }),
    paid({ subject: 'dpr_2', messageId: 'evt_3', attemptId: 'a2', receiptId: 'chain_2' }),
    accepted({ subject: 'dpr_3', messageId: 'evt_4', objections: ['metered'] }),
    accepted({ subject: 'dpr_4', messageId: 'evt_5' }),
    paid({ subject: 'dpr_4', messageId: 'evt_6', receiptId: 'chain_4' }),
    { kind: 'settlement', subject: 'dpr_3', generation: 1, standing: 'open' },
    { kind: 'expired' },
  ];
  const inOrder = decide(...facts);
  fc.assert(
    fc.property(fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }), (shuffled) => {
      expect(decide(...shuffled)).toEqual(inOrder);
      expect(settlementOf(set(shuffled))).toBe('unsettled');
    }),
  );
});
