import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, type Classification } from '../../src/fulfillment/vendors/siglume/classify.js';
import { batchData, meteredData, settledData } from '../support/siglume.js';

const kindOf = (data: Record<string, unknown>, type = 'direct_payment.confirmed'): string => {
  const classified = classify({ type, data });
  return classified.kind === 'unknown' ? classified.reason : classified.kind;
};

describe('a standard payment', () => {
  it('is settled, with what joins it to an order and proves it', () => {
    expect(
      classify({ type: 'direct_payment.confirmed', data: settledData({ request_hash_v2: 'sha256:v2' }) }),
    ).toEqual({
      kind: 'standard_settled',
      requirementId: 'dpr_1',
      challengeHash: 'sha256:abc',
      chainReceiptId: 'chain_1',
      requestHashV2: 'sha256:v2',
    });
  });

  it.each([
    { finality: 'aggregated_onchain_settlement' },
    { settlement_status: 'provisional' },
    { settlement_status: 'pending_settlement' },
    { settlement_status: 'SETTLED' },
    { chain_receipt_id: null },
    { chain_receipt_id: '  ' },
    { chain_receipt_id: 7 },
    { challenge_hash: undefined },
    { requirement_id: '', direct_payment_requirement_id: undefined },
  ])('with %j is not', (change) => {
    expect(kindOf(settledData(change))).toBe('missing_standard_settlement_fields');
  });

  it('goes by its other name of the requirement where the first is empty', () => {
    const data = settledData({ requirement_id: ' ', direct_payment_requirement_id: ' dpr_2 ' });
    expect(classify({ type: 'direct_payment.confirmed', data })).toMatchObject({ requirementId: 'dpr_2' });
  });

  it.each([
    { settlement_cadence: 'weekly' },
    { settlement_cadence: undefined },
    { status: 'failed' },
    { amount_minor: 1 },
  ])('settles whatever is said in %j, which the vendor does not look at', (change) => {
    expect(kindOf(settledData(change))).toBe('standard_settled');
  });

  it('is read with the space around its words cut', () => {
    const padded = Object.entries(settledData()).map(([name, value]) => [
      name,
      typeof value === 'string' ? ` ${value}\n` : value,
    ]);
    expect(kindOf(Object.fromEntries(padded) as Record<string, unknown>)).toBe('standard_settled');
  });
});

describe('a small payment', () => {
  it.each([
    ['micro', 'weekly'],
    ['nano', 'monthly'],
  ])('of the band %s, settling %s, is accepted and not settled', (band, cadence) => {
    const data = meteredData({ pricing_band: band, settlement_cadence: cadence });
    expect(classify({ type: 'direct_payment.confirmed', data })).toEqual({
      kind: 'metered_usage_accepted',
      pricingBand: band,
      settlementCadence: cadence,
      requirementId: 'dpr_1',
      challengeHash: 'sha256:abc',
      requestHashV2: null,
    });
  });

  it.each([
    { settlement_status: 'settled' },
    { settlement_cadence: 'monthly' },
    { pricing_band: 'nano' },
    { finality: 'per_payment_onchain' },
    { challenge_hash: '' },
    { requirement_id: null, direct_payment_requirement_id: null },
  ])('with %j proves nothing', (change) => {
    expect(kindOf(meteredData(change))).toBe('missing_metered_usage_fields');
  });

  it('is accepted with a receipt too, which the vendor does not look at', () => {
    expect(kindOf(meteredData({ chain_receipt_id: 'chain_1' }))).toBe('metered_usage_accepted');
  });
});

describe('a settlement batch', () => {
  it('is settled, and names no order', () => {
    expect(classify({ type: 'direct_payment.confirmed', data: batchData() })).toEqual({
      kind: 'metered_batch_settled',
      pricingBand: 'nano',
      settlementCadence: 'monthly',
      settlementBatchId: 'msb_1',
      chainReceiptId: 'chain_1',
      usageEventDigest: 'sha256:def',
      settledAt: '2026-06-20T12:00:00Z',
    });
  });

  it.each([
    { settlement_status: 'submitted' },
    { finality: 'per_payment_onchain' },
    { pricing_band: 'micro' },
    { pricing_band: 'standard', settlement_cadence: 'per_payment' },
    { settlement_batch_id: null },
    { chain_receipt_id: null },
    { usage_event_digest: ' ' },
  ])('with %j proves nothing', (change) => {
    expect(kindOf(batchData(change))).toBe('invalid_metered_settlement_confirmation');
  });
});

describe('anything else', () => {
  it.each([
    ['direct_payment.spent', 'not_direct_payment_confirmed'],
    ['subscription.renewed', 'not_direct_payment_confirmed'],
    ['Direct_payment.confirmed', 'not_direct_payment_confirmed'],
  ])('of the type %s is %s, whatever it holds', (type, reason) => {
    expect(kindOf(settledData(), type)).toBe(reason);
  });

  it.each([{ mode: 'external_403' }, { mode: undefined }, { mode: 402 }, { mode: 'EXTERNAL_402' }])(
    'in the mode %j is not supported',
    (change) => {
      expect(kindOf(settledData(change))).toBe('unsupported_confirmation_mode');
    },
  );

  it.each([{ pricing_band: 'mega' }, { pricing_band: undefined }, { pricing_band: 'Standard' }])(
    'of the band %j has no known shape',
    (change) => {
      expect(kindOf(settledData(change))).toBe('unknown_confirmation_shape');
    },
  );

  it('keeps what it says of itself for the person who looks', () => {
    const data = settledData({ settlement_status: 'provisional' });
    expect(classify({ type: 'direct_payment.confirmed', data })).toMatchObject({
      evidence: { requirementId: 'dpr_1', pricingBand: 'standard', settlementStatus: 'provisional' },
    });
  });
});

describe('a readiness probe', () => {
  it.each([
    ['by its mode', { mode: 'readiness_probe' }],
    ['by its flag, whatever else it says', settledData({ readiness_probe: true })],
  ])('is known %s', (_, data) => {
    expect(kindOf(data)).toBe('readiness_probe');
  });

  it('is none by a flag that is not true', () => {
    expect(kindOf(settledData({ readiness_probe: 'true' }))).toBe('standard_settled');
  });
});

/** The decision table once more, as data: rows in order, each a list of conditions. */
const TABLE: readonly (readonly [string, (d: Record<string, unknown>, type: string) => boolean])[] = [
  ['not_direct_payment_confirmed', (_, type) => type !== 'direct_payment.confirmed'],
  ['readiness_probe', (d) => d['readiness_probe'] === true || t(d, 'mode') === 'readiness_probe'],
  [
    'unsupported_confirmation_mode',
    (d) => !['external_402', 'metered_settlement_batch'].includes(t(d, 'mode')),
  ],
  [
    'metered_batch_settled',
    (d) =>
      t(d, 'mode') === 'metered_settlement_batch' &&
      t(d, 'settlement_status') === 'settled' &&
      aggregated(d) &&
      ['settlement_batch_id', 'chain_receipt_id', 'usage_event_digest'].every((name) => t(d, name) !== ''),
  ],
  ['invalid_metered_settlement_confirmation', (d) => t(d, 'mode') === 'metered_settlement_batch'],
  [
    'standard_settled',
    (d) =>
      t(d, 'pricing_band') === 'standard' &&
      t(d, 'finality') === 'per_payment_onchain' &&
      t(d, 'settlement_status') === 'settled' &&
      joined(d) &&
      t(d, 'chain_receipt_id') !== '',
  ],
  ['missing_standard_settlement_fields', (d) => t(d, 'pricing_band') === 'standard'],
  [
    'metered_usage_accepted',
    (d) => aggregated(d) && t(d, 'settlement_status') === 'pending_settlement' && joined(d),
  ],
  ['missing_metered_usage_fields', (d) => ['micro', 'nano'].includes(t(d, 'pricing_band'))],
  ['unknown_confirmation_shape', () => true],
];

it('agrees with the table on any event at all', () => {
  const word = (...words: string[]): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<unknown>(...words, ...words.map((text) => ` ${text} `)) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, '', ' ', 0, true, {}, 'other') },
    );
  const data = fc.record({
    mode: word('external_402', 'metered_settlement_batch', 'readiness_probe'),
    readiness_probe: fc.constantFrom<unknown>(undefined, undefined, undefined, undefined, true, 'true'),
    pricing_band: word('standard', 'micro', 'nano'),
    settlement_cadence: word('per_payment', 'weekly', 'monthly'),
    finality: word('per_payment_onchain', 'aggregated_onchain_settlement'),
    settlement_status: word('settled', 'pending_settlement', 'provisional'),
    requirement_id: word('dpr_1'),
    direct_payment_requirement_id: word('dpr_2'),
    challenge_hash: word('sha256:abc'),
    chain_receipt_id: word('chain_1'),
    settlement_batch_id: word('msb_1'),
    usage_event_digest: word('sha256:def'),
  });
  const seen = new Set<string>();
  const type = fc.constantFrom(...Array<string>(9).fill('direct_payment.confirmed'), 'direct_payment.spent');
  fc.assert(
    fc.property(data, type, (fields, name) => {
      const expected = TABLE.find(([, fits]) => fits(fields, name))?.[0];
      const kind = kindOf(fields, name);
      seen.add(kind);
      expect(kind).toBe(expected);
    }),
    { numRuns: 30_000 },
  );
  // Every row was met: the agreement is not an empty one.
  expect([...seen].sort()).toEqual(TABLE.map(([name]) => name).sort());
});

it('is total: no data makes it throw', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), fc.string(), (data, type) => {
      const kinds: readonly Classification['kind'][] = [
        'readiness_probe',
        'standard_settled',
        'metered_usage_accepted',
        'metered_batch_settled',
        'unknown',
      ];
      expect(kinds).toContain(classify({ type, data }).kind);
    }),
  );
});

function t(data: Record<string, unknown>, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value.trim() : '';
}

function joined(data: Record<string, unknown>): boolean {
  const requirement = t(data, 'requirement_id') || t(data, 'direct_payment_requirement_id');
  return requirement !== '' && t(data, 'challenge_hash') !== '';
}

function aggregated(data: Record<string, unknown>): boolean {
  const pair = `${t(data, 'pricing_band')}/${t(data, 'settlement_cadence')}`;
  return (
    t(data, 'finality') === 'aggregated_onchain_settlement' && ['micro/weekly', 'nano/monthly'].includes(pair)
  );
}
