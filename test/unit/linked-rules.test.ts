/** What follows for a linked order, from facts alone: acknowledging, amounts, doubt, and names that nobody linked. */
import { describe, expect, it } from 'vitest';
import { decideOrder, factKey, type Fact } from '../../src/fulfillment/order-facts.js';
import { fateOf } from '../../src/fulfillment/parked-plan.js';
import type { Observation } from '../../src/fulfillment/ports.js';
import { isSameReading } from '../../src/fulfillment/reading.js';
import { triesBeforeDoubt, weighDoubt } from '../../src/fulfillment/undetermined.js';

const HOUR = 3_600_000;

const reading = (more: Partial<Observation> = {}): Observation => ({
  subject: 'or_1',
  reference: 'order-1',
  access: 'granted',
  vendorStatus: 'paymentConfirmed',
  planId: null,
  customerId: null,
  amountMinor: 500,
  currency: 'SEK',
  capturedMinor: 0,
  refundedMinor: 0,
  isCapturable: false,
  isAcknowledgeable: true,
  ...more,
});
const observed = (generation: number, more: Partial<Observation> = {}): Fact => ({
  kind: 'observed',
  generation,
  observation: reading(more),
});
const expected = (amountMinor: number | null = null, currency: string | null = null): Fact => ({
  kind: 'expected',
  attemptId: 'link:or_1',
  at: '2026-06-01T12:00:00.000Z',
  planId: null,
  amountMinor,
  currency,
});
const decide = (...facts: Fact[]) =>
  decideOrder({
    ref: 'order-1',
    vendor: 'ledyer',
    unreferenced: null,
    facts: Object.fromEntries(facts.map((fact) => [factKey(fact), fact])),
  });
const owed = (...facts: Fact[]): readonly string[] =>
  decide(...facts)
    .effects.filter(({ done }) => !done)
    .map(({ kind }) => kind);

describe('to acknowledge an order', () => {
  it('is owed beside the grant, and while it is held', () => {
    expect(owed(expected(), observed(1))).toEqual(['fulfill', 'acknowledge']);
    expect(owed(expected(), observed(1, { access: 'awaiting' }))).toEqual(['acknowledge']);
  });

  it('is not held up by a review about the goods', () => {
    const facts = [expected(400), observed(1)];
    expect(decide(...facts)).toMatchObject({ status: 'review', reviews: [{ reason: 'amount_mismatch' }] });
    expect(owed(...facts)).toEqual(['acknowledge']);
  });

  it('stays owed when the vendor waits for it no more, and once done is done for ever', () => {
    expect(owed(expected(), observed(1), observed(2, { isAcknowledgeable: false }))).toContain('acknowledge');
    const done: Fact = { kind: 'effect-done', effect: 'acknowledge', epoch: '' };
    const decided = decide(expected(), observed(1), done);
    expect(decided.effects.filter(({ kind }) => kind === 'acknowledge')).toMatchObject([{ done: true }]);
  });

  it('is not owed for an order that nobody here has, or of which the vendor never asked it', () => {
    expect(owed(observed(1))).toEqual([]);
    expect(owed(expected(), observed(1, { isAcknowledgeable: false }))).toEqual(['fulfill']);
  });

  it('that failed for good holds nothing else up, and is tried again when a person says so', () => {
    const dead: Fact = { kind: 'effect-dead-letter', effect: 'acknowledge', epoch: '', tries: 20 };
    const facts = [expected(), observed(1), dead];
    expect(decide(...facts).status).toBe('processing');
    expect(owed(...facts)).toEqual(['fulfill']);
    const again: Fact = {
      kind: 'review-resolved',
      reviewKey: 'effect_dead_letter:acknowledge::20',
      resolution: 'accept',
    };
    expect(owed(...facts, again)).toEqual(['fulfill', 'acknowledge']);
  });
});

describe('the amount', () => {
  it.each([
    ['the same', expected(500, 'SEK'), true],
    ['none that was named', expected(), true],
    ['another', expected(499, 'SEK'), false],
    ['of another currency', expected(500, 'EUR'), false],
  ])('that is %s grants: %o', (_, terms, grants) => {
    expect(owed(terms, observed(1)).includes('fulfill')).toBe(grants);
  });

  it('that falls after the grant, because a part was cancelled, asks nobody', () => {
    const done: Fact = { kind: 'effect-done', effect: 'fulfill', epoch: '', subject: 'or_1' };
    const decided = decide(expected(500, 'SEK'), observed(1), done, observed(2, { amountMinor: 300 }));
    expect(decided).toMatchObject({ status: 'fulfilled', reviews: [] });
  });

  it.each(['capturedMinor', 'refundedMinor', 'amountMinor'] as const)('%s makes a reading news', (field) => {
    expect(isSameReading(reading(), reading())).toBe(true);
    expect(isSameReading(reading(), reading({ [field]: 7 }))).toBe(false);
  });
});

it('a session beside its own order is one purchase, and two orders are two', () => {
  const session = observed(1, { subject: 'se_1', aliases: ['or_1'] });
  expect(decide(expected(), session, observed(1)).reviews).toEqual([]);
  const other = observed(1, { subject: 'or_2' });
  expect(decide(expected(), other, observed(1)).reviews).toMatchObject([{ reason: 'second_payment' }]);
});

describe('doubt', () => {
  it.each([
    ['not-found', null, false, 'nothing'],
    ['not-found', reading({ access: 'awaiting' }), false, 'nothing'],
    ['not-found', null, true, 'fact'],
    ['undetermined', reading({ access: 'awaiting' }), false, 'fact'],
    ['undetermined', reading(), true, 'review'],
    ['not-found', reading(), false, 'review'],
    ['undetermined', reading({ access: 'ended' }), true, 'review'],
  ] as const)('%s after %o (triggered: %s) is %s', (doubt, latest, isTriggered, weight) => {
    expect(weighDoubt(doubt, latest, isTriggered)).toBe(weight);
  });

  it('is slower to come where the API may be behind a notification', () => {
    expect(triesBeforeDoubt('linked', true)).toBeGreaterThan(triesBeforeDoubt('linked', false));
    expect(triesBeforeDoubt('frame', true)).toBe(triesBeforeDoubt('frame', false));
  });
});

describe('a name that nobody linked', () => {
  const claim = { looks: 0, firstAtMs: 0, lastAtMs: 0, secret: null };
  it.each([
    ['granted', reading(), claim, 'make'],
    ['an unpaid order', reading({ access: 'awaiting' }), claim, 'make'],
    ['ended', reading({ access: 'ended' }), claim, 'drop'],
    ['invented', null, claim, 'look-again'],
    ['invented, and looked for long enough', null, { ...claim, looks: 7 }, 'drop'],
    ['undetermined', { undetermined: 'x' }, { ...claim, looks: 7 }, 'look-again'],
    ['undetermined for a week', { undetermined: 'x' }, { ...claim, looks: 9, lastAtMs: -160 * HOUR }, 'drop'],
  ] as const)('that is %s: %o', (_, found, about, kind) => {
    expect(fateOf(found, about, 10 * HOUR).kind).toBe(kind);
  });

  it('of a session without an order waits, unless it brought what the order is made with', () => {
    const session: Observation = {
      subject: 'ps_1',
      reference: null,
      access: 'awaiting',
      vendorStatus: 'orderPending',
      planId: null,
      customerId: null,
    };
    expect(fateOf(session, claim, 0)).toMatchObject({ kind: 'look-again' });
    expect(fateOf(session, { ...claim, secret: 'at_1' }, 0)).toMatchObject({ kind: 'make' });
  });
});
