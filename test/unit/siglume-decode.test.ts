import { describe, expect, it } from 'vitest';
import { decodeDelivery } from '../../src/fulfillment/vendors/siglume/decode.js';
import { siglumeEdge } from '../../src/fulfillment/vendors/siglume/index.js';
import { batchData, eventBody, meteredData, settledData, SIGLUME_OPTIONS } from '../support/siglume.js';

const decode = (rawBody: Uint8Array) => decodeDelivery({ rawBody });
const text = (body: string): Uint8Array => new TextEncoder().encode(body);

describe('a delivery', () => {
  it('that settles carries what to match, what proves it, and what it says of its money', () => {
    expect(decode(eventBody(settledData()))).toEqual({
      kind: 'settled',
      topic: 'direct_payment.confirmed',
      requirementId: 'dpr_1',
      challengeHash: 'sha256:abc',
      chainReceiptId: 'chain_1',
      requestHashV2: null,
      claimed: {
        merchant: 'nordlys_shop',
        amountMinor: 1200,
        currency: 'JPY',
        malformed: [],
        sandbox: false,
      },
    });
  });

  it('of a small payment is not settled', () => {
    expect(decode(eventBody(meteredData()))).toMatchObject({ kind: 'metered', pricingBand: 'micro' });
  });

  it.each(['for ada@example.test', 'ada lovelace', 'x'.repeat(65)])(
    'of the odd type %j does not repeat it',
    (type) => {
      expect(decode(eventBody(settledData(), { type }))).toMatchObject({ kind: 'ignored', topic: 'odd' });
    },
  );

  it('of a batch names it', () => {
    expect(decode(eventBody(batchData()))).toMatchObject({ kind: 'batch', settlementBatchId: 'msb_1' });
  });

  it.each([
    ['a readiness probe', settledData({ mode: 'readiness_probe' }), {}],
    ['a type of no concern', settledData(), { type: 'direct_payment.spent' }],
    ['a type of no concern', { anything: 1 }, { type: 'payment.failed' }],
  ])('that is %s is ignored', (why, data, change) => {
    expect(decode(eventBody(data, change))).toMatchObject({ kind: 'ignored', why });
  });

  it.each([
    ['unsupported_confirmation_mode', settledData({ mode: 'external_403' })],
    ['missing_standard_settlement_fields', settledData({ chain_receipt_id: null })],
    ['missing_metered_usage_fields', meteredData({ settlement_status: 'settled' })],
    ['invalid_metered_settlement_confirmation', batchData({ chain_receipt_id: null })],
    ['unknown_confirmation_shape', settledData({ pricing_band: 'mega' })],
  ])('that proves nothing goes to review as %s', (reason, data) => {
    expect(decode(eventBody(data))).toMatchObject({ kind: 'review', reason });
  });

  it.each<[string, Uint8Array]>([
    ['no JSON', text('no json')],
    ['nothing', text('')],
    ['a list', text('[]')],
    ['null', text('null')],
    ['no id', eventBody(settledData(), { id: undefined })],
    ['an empty type', eventBody(settledData(), { type: ' ' })],
    ['a number for its version', eventBody(settledData(), { api_version: 2 })],
    ['no time', eventBody(settledData(), { occurred_at: null })],
    ['data that is a list', eventBody([settledData()])],
    ['data that is null', eventBody(null)],
    ['an id longer than can be kept', eventBody(settledData(), { id: 'x'.repeat(256) })],
    [
      'bytes that are no UTF-8',
      Uint8Array.from(eventBody(settledData({ memo: '~' })), (byte) => (byte === 0x7e ? 0xff : byte)),
    ],
    ['a receipt longer than can be kept', eventBody(settledData({ chain_receipt_id: 'x'.repeat(256) }))],
    ['a receipt with a NUL inside', eventBody(settledData({ chain_receipt_id: 'a\u0000b' }))],
    ['a hash with half a surrogate pair', eventBody(settledData({ challenge_hash: 'a\ud800' }))],
    ['evidence longer than can be kept', eventBody(settledData({ finality: 'x'.repeat(256) }))],
  ])('with %s is unreadable, and none of it is repeated', (_, body) => {
    const meaning = decode(body);
    expect(meaning.kind).toBe('unreadable');
    expect(JSON.stringify(meaning)).not.toMatch(/xxx|dpr_1|nordlys/);
  });

  it('is read through a byte-order mark, space around its words, and members nobody knows', () => {
    const body = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      eventBody(settledData(), { id: ' evt_1 ', extra: [] }),
    ]);
    expect(decode(body).kind).toBe('settled');
  });

  it('with the name of a prototype for a member is read as what it is', () => {
    const body = text(
      '{"id":"e","type":"direct_payment.confirmed","api_version":"1","occurred_at":"now","data":{"__proto__":{"mode":"external_402"}}}',
    );
    expect(decode(body)).toMatchObject({ kind: 'review', reason: 'unsupported_confirmation_mode' });
  });
});

describe('the money', () => {
  const edge = siglumeEdge({ ...SIGLUME_OPTIONS, apiBaseUrl: 'https://siglume.com/v1' });
  const compare = (change: Record<string, unknown>, price = { amountMinor: 1200, currency: 'JPY' }) => {
    const meaning = decode(eventBody(settledData(change)));
    if (meaning.kind !== 'settled') throw new Error(`it is ${meaning.kind}`);
    return edge.compare(meaning.claimed, price);
  };

  it('fits when merchant, amount and currency are the order’s, in whatever case', () => {
    expect(compare({})).toEqual([]);
    expect(compare({ merchant: 'Nordlys_Shop', currency: ' jpy ' })).toEqual([]);
  });

  it('fits what an event does not say', () => {
    expect(compare({ merchant: null, amount_minor: undefined, currency: null })).toEqual([]);
  });

  it.each<[Record<string, unknown>, readonly string[]]>([
    [{ merchant: 'another_shop' }, ['merchant']],
    [{ merchant: '' }, ['merchant']],
    [{ merchant: 7 }, ['merchant']],
    [{ amount_minor: 1199 }, ['amount']],
    [{ amount_minor: '1200' }, ['amount']],
    [{ amount_minor: 1200.5 }, ['amount']],
    [{ amount_minor: -1200 }, ['amount']],
    [{ amount_minor: 0 }, ['amount']],
    [{ currency: 'USD' }, ['currency']],
    [{ currency: ['JPY'] }, ['currency']],
    [{ environment: 'sandbox' }, ['environment']],
    [{ merchant: 'x', amount_minor: 1, currency: 'USD' }, ['merchant', 'amount', 'currency']],
  ])('does not fit with %j', (change, mismatches) => {
    expect(compare(change)).toEqual(mismatches);
  });

  it('of a sandbox fits where the API is one', () => {
    const sandbox = siglumeEdge(SIGLUME_OPTIONS);
    const meaning = decode(eventBody(settledData({ environment: 'sandbox' })));
    if (meaning.kind !== 'settled') throw new Error('not settled');
    expect(sandbox.compare(meaning.claimed, { amountMinor: 1200, currency: 'JPY' })).toEqual([]);
  });
});
