/** What a page may offer, given how its order stands. Pure. */
import type { NextStep, OrderStatus } from '../protocol/index.js';
import { isConfirmedSince, type Waiting } from './past-failure.js';
import type { VendorAdapter } from './ports.js';
import type { OrderState } from './postgres/read-order.js';

/** How soon a page that waits for us asks again, in milliseconds. */
const SOON_MS = 1000;

/**
 * Whether there is anything left to buy. The effect of an order that `ended` has been done and is never done
 * again, so it cannot be bought again under its reference.
 */
export function isBuyable(status: OrderStatus): boolean {
  switch (status) {
    case 'open':
    case 'pending':
    case 'failed':
    case 'expired':
      return true;
    case 'processing':
    case 'fulfilled':
    case 'review':
    case 'ended':
      return false;
  }
}

/**
 * A checkout is offered only where none was paid and none is being looked into: nobody pays twice.
 * @param flow A linked vendor's checkout is opened by the merchant: the page asks how the order stands, nothing else.
 * @returns `null` where one may be offered.
 */
export function waitFor(
  order: OrderState,
  flow: VendorAdapter['flow'] | undefined,
  waiting: Waiting,
): Extract<NextStep, { type: 'wait' }> | null {
  const { status } = order;
  const isOffered = flow !== 'linked';
  if (isOffered && isBuyable(status) && !hasUnread(order) && !mayBeConfirmed(order, waiting)) return null;
  return { type: 'wait', retryAfterMs: isBuyable(status) || status === 'processing' ? SOON_MS : 0 };
}

/**
 * What a page heard proves nothing, and is enough not to sell the same twice before the vendor has been heard. It
 * counts until there is an answer, or the vendor was asked to the end. A failure answers what was heard before it.
 */
function mayBeConfirmed({ status, confirmationHeard, failure }: OrderState, waiting: Waiting): boolean {
  if (failure !== null) return isConfirmedSince(failure, waiting);
  return confirmationHeard && (status === 'open' || status === 'pending');
}

/** A delivery named a subscription that was not read yet, or the vendor's API a payment: it may be the very purchase. */
function hasUnread({ status, facts }: OrderState): boolean {
  if (status === 'pending' && Object.values(facts).some(({ kind }) => kind === 'reported')) return true;
  const read = new Set<string>();
  for (const fact of Object.values(facts)) if (fact.kind === 'observed') read.add(fact.observation.subject);
  return Object.values(facts).some((fact) => fact.kind === 'announced' && !read.has(fact.subject));
}
