/** What a person's answer to a review does, by the review's reason. The decision itself is in `order-facts.ts`. */
import type { Fact, ReviewReason } from './order-facts.js';

/** How a person closes a review. */
export type Resolution = Extract<Fact, { kind: 'review-resolved' }>['resolution'];

/** The answers that each reason takes, and what each does. An answer stands for ever: facts are only added. */
export const REVIEW_ANSWERS: Readonly<Record<ReviewReason, Readonly<Partial<Record<Resolution, string>>>>> = {
  plan_mismatch: {
    accept: 'the other plan is right: the order is fulfilled upon it',
    reject: 'the subscription grants nothing under this order',
  },
  second_payment: {
    accept: 'both payments stand; the order does not change',
    reject: 'one was or will be paid back by you, at the vendor; the order does not change',
  },
  granted_after_revoke: {
    accept: 'grant it again',
    reject: 'do not grant it again',
  },
  reference_mismatch: {
    accept: 'the subscription belongs to this order',
    reject: 'the subscription grants nothing under this order',
  },
  unknown_reference: {
    accept: 'the reference is yours: the order is fulfilled',
    reject: 'the reference is nobody’s: nothing is granted',
  },
  unreferenced: {
    accept: 'fulfill it as an order of its own',
    reject: 'nothing is granted',
  },
  unknown_vendor_status: {
    accept: 'this status of the vendor grants access',
    reject: 'this status of the vendor grants nothing',
  },
  unreadable_delivery: {
    accept: 'it was looked at; nothing changes',
    reject: 'it was looked at and is of no concern; nothing changes',
  },
  effect_dead_letter: {
    accept: 'run the effect again, with new tries',
    reject: 'give the effect up; it is not run again',
  },
};

/** The answers that a review of this reason takes. */
export function answersTo(reason: ReviewReason): readonly Resolution[] {
  return Object.keys(REVIEW_ANSWERS[reason]) as Resolution[];
}
