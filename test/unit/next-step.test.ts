/** What a page may offer: no state in which money may be on its way offers to pay again. */
import { describe, expect, it } from 'vitest';
import { isBuyable, waitFor } from '../../src/fulfillment/next-step.js';
import type { Fact } from '../../src/fulfillment/order-facts.js';
import { ORDER_STATUSES, type OrderStatus } from '../../src/protocol/index.js';

const order = (status: OrderStatus, facts: readonly Fact[] = [], confirmationHeard = false) => ({
  status,
  facts: Object.fromEntries(facts.map((fact, index) => [String(index), fact])),
  confirmationHeard,
});
const reported = (as: 'paid' | 'unclear'): Fact => ({ kind: 'reported', attemptId: 'a1', generation: 1, as });
const SOON = { type: 'wait', retryAfterMs: 1000 };
const OVER = { type: 'wait', retryAfterMs: 0 };

describe('a checkout', () => {
  it.each(ORDER_STATUSES.map((status) => [status] as const))('of an order that is %s', (status) => {
    const offered = waitFor(order(status), 'redirect') === null;
    expect(offered).toBe(['open', 'pending', 'failed', 'expired'].includes(status));
    expect(offered).toBe(isBuyable(status));
  });

  it.each([
    ['the vendor reported it paid', order('pending', [reported('paid')])],
    ['a page heard a confirmation and nobody answered', order('open', [], true)],
    ['a page heard one and the vendor has not decided', order('pending', [], true)],
  ])('is not offered where %s: the page asks again soon', (_, state) => {
    expect(waitFor(state, 'redirect')).toEqual(SOON);
  });

  it('is not offered where an announced subscription was not read yet', () => {
    const announced = { kind: 'announced', subject: 'sub-1' } as Fact;
    expect(waitFor(order('open', [announced]), 'frame')).toEqual(SOON);
    const read = { kind: 'observed', generation: 1, observation: { subject: 'sub-1' } } as Fact;
    expect(waitFor(order('open', [announced, read]), 'frame')).toBeNull();
  });

  it('is offered again once what was reported, or heard, came to nothing', () => {
    expect(waitFor(order('failed', [reported('paid')]), 'redirect')).toBeNull();
    expect(waitFor(order('expired', [], true), 'redirect')).toBeNull();
  });

  it('is never offered for a linked order: its merchant opens the checkout', () => {
    expect(waitFor(order('open'), 'linked')).toEqual(SOON);
    expect(waitFor(order('fulfilled'), 'linked')).toEqual(OVER);
  });
});
