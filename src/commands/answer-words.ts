/** What each answer to a review does, in words, by the review's reason. The decision itself is the kit's. */
import type { Resolution, ReviewReason } from '../fulfillment/index.js';

export const ANSWER_WORDS: Readonly<Record<ReviewReason, Readonly<Partial<Record<Resolution, string>>>>> = {
  plan_mismatch: {
    accept: 'the other plan is right: the order is fulfilled upon it',
    reject: 'the subscription grants nothing under this order',
  },
  amount_mismatch: {
    accept: 'the other amount is right: the order is fulfilled upon it',
    reject: 'the payment grants nothing under this order',
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
  unlinked_order: {
    accept: 'it was looked at, and linked by you where it is yours; nothing changes by this answer',
    reject: 'it was looked at and is of no concern; nothing changes',
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
  terms_mismatch: {
    accept: 'the payment is taken for this order as it is: the order is fulfilled',
    reject: 'the payment grants nothing under this order',
  },
  superseded_terms: {
    accept: 'the earlier price is taken: the order is fulfilled',
    reject: 'the payment grants nothing under this order',
  },
  metered_integration_required: {
    accept: 'fulfill now; the money comes later, or never',
    reject: 'the payment grants nothing under this order',
  },
  second_receipt: {
    accept: 'both receipts were looked at: the order is fulfilled, once',
    reject: 'the payment grants nothing under this order',
  },
  paid_without_webhook: {
    accept: 'the vendor’s own pages show the payment: the order is fulfilled upon it',
    reject: 'no payment was found: nothing is granted unless its webhook comes',
  },
  unmatched_payment: {
    accept: 'it was looked at; nothing changes, and it is applied by itself should its attempt turn up',
    reject: 'it was looked at and is of no concern; nothing changes',
  },
  settlement_past_due: {
    accept: 'it was looked at; the order stays as it is, and the statements are read on',
    reject: 'it was looked at; the order stays as it is, and the statements are read on',
  },
  settlement_unclear: {
    accept: 'the statements were looked at; the order stays as it is',
    reject: 'the statements were looked at; the order stays as it is',
  },
  settlement_uncollectible: {
    accept: 'the loss is borne: what was granted stays granted',
    reject: 'what was granted is taken back',
  },
  settlement_written_off: {
    accept: 'the loss is borne: what was granted stays granted',
    reject: 'what was granted is taken back',
  },
  effect_dead_letter: {
    accept: 'run the effect again, with new tries',
    done: 'it has happened, by a try or by hand: it counts as done and is not run',
    reject: 'give the effect up; it is not run again',
  },
  effect_outcome_unknown: {
    done: 'it has happened: it counts as done and is not run',
    'not-done': 'somebody looked, and it has not happened: it is run again',
    reject: 'give the effect up; it is not run again',
  },
};
