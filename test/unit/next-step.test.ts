/** What a page may offer: no state in which money may be on its way offers to pay again. */
import { describe, expect, it } from 'vitest';
import { isBuyable, waitFor } from '../../src/fulfillment/next-step.js';
import type { Fact } from '../../src/fulfillment/order-facts.js';
import { ORDER_STATUSES, type OrderStatus } from '../../src/protocol/index.js';

const order = (status: OrderStatus, facts: readonly Fact[] = [], confirmationHeard = false) => ({
  status,
  facts: Object.fromEntries(facts.map((fact, index) => [String(index), fact])),
  confirmationHeard,
  failure: null,
});
const WAITING = { nowMs: 1000, reconcileForMs: 1000 };
const reported = (as: 'paid' | 'unclear'): Fact => ({ kind: 'reported', attemptId: 'a1', generation: 1, as });
const SOON = { type: 'wait', retryAfterMs: 1000 };
const OVER = { type: 'wait', retryAfterMs: 0 };

describe('a checkout', () => {
  it.each(ORDER_STATUSES.map((status) => [status] as const))('of an order that is %s', (status) => {
    const offered = waitFor(order(status), 'redirect', WAITING) === null;
    expect(offered).toBe(['open', 'pending', 'failed', 'expired'].includes(status));
    expect(offered).toBe(isBuyable(status));
  });

  it.each([
    ['the vendor reported it paid', order('pending', [reported('paid')])],
    ['a page heard a confirmation and nobody answered', order('open', [], true)],
    ['a page heard one and the vendor has not decided', order('pending', [], true)],
  ])('is not offered where %s: the page asks again soon', (_, state) => {
    expect(waitFor(state, 'redirect', WAITING)).toEqual(SOON);
  });

  it('is not offered where an announced subscription was not read yet', () => {
    const announced = { kind: 'announced', subject: 'sub-1' } as Fact;
    expect(waitFor(order('open', [announced]), 'frame', WAITING)).toEqual(SOON);
    const read = { kind: 'observed', generation: 1, observation: { subject: 'sub-1' } } as Fact;
    expect(waitFor(order('open', [announced, read]), 'frame', WAITING)).toBeNull();
  });

  it('is offered again once what was reported, or heard, came to nothing', () => {
    expect(waitFor(order('failed', [reported('paid')]), 'redirect', WAITING)).toBeNull();
    expect(waitFor(order('expired', [], true), 'redirect', WAITING)).toBeNull();
  });

  it.each([
    [500, 'offered', true],
    [30_500, 'offered', true],
    [30_501, 'not offered', false],
  ])('of an order that failed at 500 and was confirmed at %i is %s', (atMs, _, isOffered) => {
    const failure = { failedAtMs: 500, readAtMs: 400, hasUnread: false, heard: { atMs, offeredAtMs: null } };
    const next = waitFor({ ...order('failed', [], true), failure }, 'frame', WAITING);
    expect(next).toEqual(isOffered ? null : SOON);
  });

  it('is never offered for a linked order: its merchant opens the checkout', () => {
    expect(waitFor(order('open'), 'linked', WAITING)).toEqual(SOON);
    expect(waitFor(order('fulfilled'), 'linked', WAITING)).toEqual(OVER);
  });
});
