import { LEDYER_PAYMENT_STATUSES } from 'checkout-embed/testing';
import { describe, expect, it } from 'vitest';
import { readOrder } from '../../src/fulfillment/vendors/ledyer/order.js';
import { stateOf } from '../../src/fulfillment/vendors/ledyer/state-map.js';

const line = (totalAmount: number) => ({
  id: `ol_${totalAmount}`,
  type: 'physical',
  reference: 'sku',
  description: 'Desk',
  quantity: 1,
  vat: 2500,
  totalAmount: { amount: (totalAmount / 100).toFixed(2), currency: 'SEK', minorUnits: totalAmount },
  totalVatAmount: totalAmount / 5,
});
const part = (ledgerId: string, totalAmount: number, actions: readonly string[] = []) => ({
  ledgerId,
  orderLines: [line(totalAmount)],
  availableActions: actions.map((type) => ({ type })),
});
const raw = (fields: Record<string, unknown> = {}) => ({
  id: 'or_1',
  status: ['unacknowledged', 'uncaptured'],
  merchantReference: '',
  uncaptured: part('in_1', 1000, ['capture']),
  captured: [],
  refunded: [],
  ...fields,
});
const order = (fields?: Record<string, unknown>) => readOrder(raw(fields));

describe('each payment status', () => {
  it.each([
    ['orderInitiated', 'pending', false, false],
    ['orderPending', 'pending', false, false],
    ['paymentPending', 'pending', true, false],
    ['paymentConfirmed', 'ready', true, true],
    ['orderCaptured', 'captured', true, true],
    ['orderRefunded', 'refunded', false, false],
    ['orderCancelled', 'cancelled', false, false],
    ['unknown', 'unknown', false, false],
    ['orderDisputed', 'unknown', false, false],
  ])('%s is %s', (vendorStatus, standing, isAcknowledgeable, isCapturable) => {
    expect(stateOf(vendorStatus, order())).toEqual({
      standing,
      vendorStatus,
      isAcknowledgeable,
      isCapturable,
    });
  });

  it('of the eight documented words but `unknown` has a meaning', () => {
    const unknown = LEDYER_PAYMENT_STATUSES.filter((status) => stateOf(status, null).standing === 'unknown');
    expect(unknown).toEqual(['unknown']);
  });

  it('is not found by a name that every object has', () => {
    expect(stateOf('constructor', order()).standing).toBe('unknown');
  });
});

describe('capture', () => {
  it('is not to be tried on the status alone', () => {
    expect(stateOf('paymentConfirmed', order({ uncaptured: part('in_1', 1000) })).isCapturable).toBe(false);
    expect(stateOf('paymentConfirmed', order({ uncaptured: null })).isCapturable).toBe(false);
    expect(stateOf('paymentConfirmed', null).isCapturable).toBe(false);
  });

  it('is not to be tried on the action alone', () => {
    expect(stateOf('paymentPending', order()).isCapturable).toBe(false);
    expect(stateOf('unknown', order()).isCapturable).toBe(false);
  });
});

describe('an acknowledged order', () => {
  it('is not acknowledged again', () => {
    expect(stateOf('paymentConfirmed', order({ status: ['uncaptured'] })).isAcknowledgeable).toBe(false);
  });
});

describe('two answers that contradict each other', () => {
  it.each([
    [
      'cancelled, and money stays captured',
      'orderCancelled',
      { captured: [part('in_2', 400)], uncaptured: null },
    ],
    [
      'refunded, and only a part of it is',
      'orderRefunded',
      { captured: [part('in_2', 400)], refunded: [part('in_3', 100)] },
    ],
    [
      'confirmed, and the order is cancelled',
      'paymentConfirmed',
      { status: ['cancelled'], uncaptured: null },
    ],
    [
      'captured, and the order is wholly refunded',
      'orderCaptured',
      {
        status: ['fullyCaptured', 'fullyRefunded'],
        uncaptured: null,
        captured: [part('in_2', 400)],
        refunded: [part('in_3', 400)],
      },
    ],
  ])('change nothing: %s', (_, status, fields) => {
    expect(stateOf(status, order(fields)).standing).toBe('unknown');
  });

  it('are none while a rest is open', () => {
    const fields = { status: ['partiallyCaptured', 'fullyRefunded'], captured: [part('in_2', 400)] };
    const refunded = [part('in_3', 400)];
    expect(stateOf('paymentConfirmed', order({ ...fields, refunded })).standing).toBe('ready');
  });

  it('are none where all that was captured is refunded, or the rest of a captured order cancelled', () => {
    const back = { captured: [part('in_2', 400)], refunded: [part('in_3', 400)], uncaptured: null };
    expect(stateOf('orderRefunded', order(back)).standing).toBe('refunded');
    const rest = { status: ['fullyCaptured', 'cancelled'], captured: [part('in_2', 400)], uncaptured: null };
    expect(stateOf('orderCaptured', order(rest)).standing).toBe('captured');
  });
});

describe('an order', () => {
  it('counts its parts where the vendor gives no sums', () => {
    const fields = { captured: [part('in_2', 400), part('in_3', 100)], refunded: [part('in_4', 50)] };
    expect(order(fields)).toMatchObject({ capturedMinor: 500, refundedMinor: 50, amountMinor: 1500 });
  });

  it('takes the vendor’s sums, with minor units or without', () => {
    const fields = {
      totalOrderAmount: { amount: '5100.00', currency: 'SEK' },
      capturedAmount: { amount: '12.5', currency: 'SEK' },
      refundedAmount: { amount: '0.00', currency: 'SEK', minorUnits: 0 },
    };
    expect(order(fields)).toMatchObject({
      amountMinor: 510_000,
      capturedMinor: 1_250,
      refundedMinor: 0,
      currency: 'SEK',
    });
  });

  it.each(['5,100.00', '1e3', '', '12.345', ' 1', 5.5])('takes no %j for an amount', (amount) => {
    expect(() => order({ capturedAmount: { amount, currency: 'SEK' } })).toThrow('capturedAmount');
  });

  it.each<[string, Record<string, unknown>]>([
    ['an id of another kind', { id: 'se_1' }],
    ['captures that are no list', { captured: {} }],
    ['a part without an id', { uncaptured: { orderLines: [] } }],
    ['a part with a path for an id', { captured: [{ ...part('in_1', 1), ledgerId: 'in_../x' }] }],
    [
      'a line without an amount',
      { uncaptured: { ...part('in_1', 1), orderLines: [{ ...line(1), totalAmount: null }] } },
    ],
  ])('is not read with %s', (_, fields) => {
    expect(() => order(fields)).toThrow();
  });

  it('has no reference until one is set', () => {
    expect(order().merchantReference).toBeNull();
    expect(order({ merchantReference: 'order-1' }).merchantReference).toBe('order-1');
  });
});
