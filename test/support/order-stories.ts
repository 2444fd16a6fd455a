/** What can happen to one order, in up to six facts, and where it ends in whatever order they come. */
import type { Fact, OrderView } from '../../src/fulfillment/order-facts.js';
import type { OrderStatus } from '../../src/protocol/index.js';
import { announced, begun, deadLetter, done, expected, LATER, observed, resolved } from './order-facts.js';

export interface Story {
  /** The end of a sentence that begins with "an order". */
  readonly name: string;
  readonly facts: readonly Fact[];
  readonly unreferenced?: OrderView['unreferenced'];
  readonly status: OrderStatus;
  /** `kind:epoch` of every effect that is owed or was done, sorted. */
  readonly effects: readonly string[];
  /** Keys, sorted. */
  readonly reviews: readonly string[];
}

const ASSIGNED = announced('sub-a', 'subscription.assigned');
const STARTED = announced('sub-a', 'subscription.started');
const CHURNED = announced('sub-a', 'subscription.churned');
const secondAttempt = expected({ attemptId: 'attempt-2', at: LATER });
const ofOtherPlan = { planId: 'plan-2' };
const mismatch = 'plan_mismatch:sub-a:plan-1:plan-2';

/** What is heard and read: no work was begun. */
export const HEARD_STORIES: readonly Story[] = [
  story(
    'that is paid',
    [expected(), ASSIGNED, STARTED, observed(1, 'awaiting'), observed(2, 'granted')],
    'processing',
    ['fulfill:'],
  ),
  story('that was only announced', [expected(), ASSIGNED, STARTED], 'pending'),
  story(
    'whose subscription churned before it started',
    [expected(), CHURNED, STARTED, observed(1, 'ended'), observed(2, 'ended')],
    'failed',
  ),
  story(
    'whose subscription ended before the grant',
    [expected(), STARTED, CHURNED, observed(1, 'granted'), observed(2, 'ended')],
    'ended',
  ),
  story(
    'that was paused and resumed',
    [
      expected(),
      announced('sub-a', 'subscription.resumed'),
      observed(1, 'granted'),
      observed(2, 'paused'),
      observed(3, 'granted'),
    ],
    'processing',
    ['fulfill:'],
  ),
  story('that was paused', [expected(), observed(1, 'awaiting'), observed(2, 'paused')], 'pending'),
  story(
    'with a billing problem',
    [expected(), announced('sub-a', 'subscription.error'), observed(1, 'awaiting'), observed(2, 'awaiting')],
    'pending',
  ),
  story(
    'paid twice by two attempts',
    [
      expected(),
      secondAttempt,
      observed(1, 'granted'),
      observed(1, 'granted', { subject: 'sub-b' }),
      STARTED,
      announced('sub-b'),
    ],
    'processing',
    ['fulfill:'],
    ['second_payment:2'],
  ),
  story(
    'of which one of two payments ended',
    [expected(), observed(1, 'granted'), observed(1, 'granted', { subject: 'sub-b' }), observed(2, 'ended')],
    'processing',
    ['fulfill:'],
    ['second_payment:2'],
  ),
  story(
    'for another plan',
    [expected(), STARTED, observed(1, 'awaiting', ofOtherPlan), observed(2, 'granted', ofOtherPlan)],
    'review',
    [],
    [mismatch],
  ),
  story(
    'for another plan, which a person accepted',
    [expected(), STARTED, observed(1, 'granted', ofOtherPlan), resolved(mismatch, 'accept')],
    'processing',
    ['fulfill:'],
    [mismatch],
  ),
  story(
    'for another plan, which a person refused',
    [expected(), STARTED, observed(1, 'granted', ofOtherPlan), resolved(mismatch, 'reject')],
    'failed',
    [],
    [mismatch],
  ),
  story(
    'whose latest attempt is for the plan that was paid',
    [
      expected(),
      expected({ attemptId: 'attempt-2', at: LATER, ...ofOtherPlan }),
      observed(1, 'granted', ofOtherPlan),
    ],
    'processing',
    ['fulfill:'],
  ),
  story(
    'whose subscription names another order',
    [expected(), STARTED, observed(1, 'granted', { reference: 'order-2' })],
    'review',
    [],
    ['reference_mismatch:sub-a:order-2'],
  ),
  story(
    'whose subscription lost its reference',
    [expected(), STARTED, observed(1, 'granted', { reference: null })],
    'review',
    [],
    ['reference_mismatch:sub-a:'],
  ),
  story(
    'that nobody here issued',
    [STARTED, observed(1, 'granted'), { kind: 'unissued' }],
    'review',
    [],
    ['unknown_reference'],
  ),
  story(
    'that was issued after all',
    [STARTED, observed(1, 'granted'), { kind: 'unissued' }, expected()],
    'processing',
    ['fulfill:'],
  ),
  story(
    'paid after it expired',
    [expected(), { kind: 'expired' }, STARTED, observed(1, 'granted')],
    'processing',
    ['fulfill:'],
  ),
  story(
    'in a status nobody knows',
    [expected(), observed(1, 'granted'), observed(2, 'unknown')],
    'review',
    [],
    ['unknown_vendor_status:sub-a:unknown'],
  ),
  {
    ...story(
      'of a subscription without a reference',
      [STARTED, observed(1, 'granted', { reference: null })],
      'processing',
      ['fulfill:'],
    ),
    unreferenced: 'fulfill',
  },
  {
    ...story(
      'of such a one that a person must see',
      [STARTED, observed(1, 'granted', { reference: null })],
      'review',
      [],
      ['unreferenced'],
    ),
    unreferenced: 'review',
  },
];

/** With the work that was begun, done or given up. */
export const WORKED_STORIES: readonly Story[] = [
  story(
    'that is fulfilled',
    [expected(), STARTED, observed(1, 'granted'), begun('fulfill'), done('fulfill', 'sub-a')],
    'fulfilled',
    ['fulfill:'],
  ),
  story(
    'that was fulfilled, paused and resumed',
    [
      expected(),
      observed(1, 'granted'),
      done('fulfill', 'sub-a'),
      observed(2, 'paused'),
      observed(3, 'granted'),
    ],
    'fulfilled',
    ['fulfill:'],
  ),
  story(
    'that was fulfilled and ended',
    [
      expected(),
      observed(1, 'granted'),
      done('fulfill', 'sub-a'),
      CHURNED,
      observed(2, 'ended'),
      begun('revoke'),
    ],
    'ended',
    ['fulfill:', 'revoke:'],
  ),
  story(
    'that was taken back',
    [
      expected(),
      observed(1, 'granted'),
      done('fulfill', 'sub-a'),
      observed(2, 'ended'),
      begun('revoke'),
      done('revoke', 'sub-a'),
    ],
    'ended',
    ['fulfill:', 'revoke:'],
  ),
  story(
    'that ended while it was being fulfilled',
    [expected(), observed(1, 'granted'), begun('fulfill'), observed(2, 'ended')],
    'ended',
    ['revoke:'],
  ),
  story(
    'that is granted again after it was taken back',
    [
      expected(),
      observed(1, 'granted'),
      done('fulfill', 'sub-a'),
      observed(2, 'ended'),
      done('revoke', 'sub-a'),
      observed(3, 'granted'),
    ],
    'review',
    ['fulfill:', 'revoke:'],
    ['granted_after_revoke:1'],
  ),
  story(
    'that a person lets be granted again',
    [
      observed(3, 'granted'),
      expected(),
      done('fulfill', 'sub-a'),
      done('revoke', 'sub-a'),
      observed(2, 'ended'),
      resolved('granted_after_revoke:1', 'accept'),
    ],
    'processing',
    ['fulfill:', 'fulfill:1', 'revoke:'],
    ['granted_after_revoke:1'],
  ),
  story(
    'whose grant failed too often',
    [expected(), observed(1, 'granted'), begun('fulfill'), deadLetter(20)],
    'review',
    [],
    ['effect_dead_letter:fulfill::20'],
  ),
  story(
    'whose grant is tried again by a person',
    [
      expected(),
      observed(1, 'granted'),
      begun('fulfill'),
      deadLetter(20),
      resolved('effect_dead_letter:fulfill::20', 'accept'),
    ],
    'processing',
    ['fulfill:'],
    ['effect_dead_letter:fulfill::20'],
  ),
  story(
    'that was fulfilled and paid a second time',
    [
      expected(),
      secondAttempt,
      observed(1, 'granted'),
      done('fulfill', 'sub-a'),
      observed(1, 'granted', { subject: 'sub-b' }),
    ],
    'fulfilled',
    ['fulfill:'],
    ['second_payment:2'],
  ),
  story(
    'whose plan changed after it was fulfilled',
    [
      expected(),
      observed(1, 'granted'),
      begun('fulfill'),
      done('fulfill', 'sub-a'),
      observed(2, 'granted', ofOtherPlan),
    ],
    'fulfilled',
    ['fulfill:'],
  ),
];

function story(
  name: string,
  facts: readonly Fact[],
  status: OrderStatus,
  effects: readonly string[] = [],
  reviews: readonly string[] = [],
): Story {
  return { name, facts, status, effects, reviews };
}
