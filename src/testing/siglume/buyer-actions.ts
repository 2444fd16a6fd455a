/** What a test has the buyer, the clock and the operators do, by name. */
import type { CheckoutSession } from './checkout-sessions.js';
import type { SettlementBatchRecord } from './metered-records.js';
import type { SiglumeVendor } from './vendor.js';

const BUYER = 'aoi@buyer.example';

/** `buy` is all of a buyer's steps at once; `expire` and `fail` are the vendor's own doing. */
export const SESSION_ACTIONS = [
  'sign-in',
  'approve',
  'pay',
  'buy',
  'confirm',
  'cancel',
  'expire',
  'fail',
] as const;
export type SessionAction = (typeof SESSION_ACTIONS)[number];

/** @throws {RangeError | ApiFailure} where the session does not allow it. */
export function sessionAction(
  { sessions, payments }: SiglumeVendor,
  id: string,
  action: SessionAction,
  buyer = BUYER,
): CheckoutSession {
  switch (action) {
    case 'sign-in':
      return sessions.signIn(id, buyer);
    case 'approve':
      return sessions.approve(id);
    case 'pay':
      return payments.pay(id).session;
    case 'buy':
      if (sessions.require(id).status === 'open') sessions.signIn(id, buyer);
      sessions.approve(id);
      return payments.pay(id).session;
    case 'confirm': {
      const { requirementId } = sessions.require(id);
      if (requirementId === null) throw new RangeError(`checkout session ${id} was not paid`);
      return payments.confirm(requirementId).session;
    }
    case 'cancel':
      return sessions.cancel(id);
    case 'expire':
      return sessions.expire(id);
    case 'fail':
      return sessions.fail(id);
  }
}

export const BATCH_ACTIONS = [
  'settle',
  'fail',
  'submitted',
  'past_due',
  'uncollectible',
  'written_off',
] as const;
export type BatchAction = (typeof BATCH_ACTIONS)[number];

/** @throws {RangeError} for a batch that is settled or given up. */
export function batchAction(
  { metered }: SiglumeVendor,
  id: string,
  action: BatchAction,
): SettlementBatchRecord {
  switch (action) {
    case 'settle':
      return metered.settle(id);
    case 'fail':
      return metered.fail(id);
    case 'submitted':
    case 'past_due':
    case 'uncollectible':
    case 'written_off':
      return metered.mark(id, action);
  }
}
