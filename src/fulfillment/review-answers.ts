/** How may a person answer a review? Pure. */
import type { ReviewReason } from './order-facts.js';

/**
 * A person's answer to a review. The first one counts; there is no second.
 *
 * - `accept`: go on as if the review had not been needed. For a dead letter: try again, with new tries.
 * - `reject`: do not. What may have been granted is still taken back when the subscription ends.
 * - `done`: the effect has happened, by the lost run or by hand. It counts as done and is not run.
 * - `not-done`: somebody looked, and it has not happened. It is run again if it is still owed.
 */
export type Resolution = 'accept' | 'reject' | 'done' | 'not-done';

/**
 * The answers that fit a review. Any other leaves it unanswered for good, so whoever takes an answer must check
 * it here first. `effect_outcome_unknown` does not know `accept`: of work that must not happen twice a person
 * says what became of it, not that it may go on.
 */
export function answersTo(reason: ReviewReason): readonly Resolution[] {
  switch (reason) {
    case 'effect_outcome_unknown':
      return ['done', 'not-done', 'reject'];
    case 'effect_dead_letter':
      return ['accept', 'done', 'reject'];
    case 'plan_mismatch':
    case 'amount_mismatch':
    case 'second_payment':
    case 'granted_after_revoke':
    case 'reference_mismatch':
    case 'unknown_reference':
    case 'unlinked_order':
    case 'unreferenced':
    case 'unknown_vendor_status':
    case 'unreadable_delivery':
    case 'terms_mismatch':
    case 'superseded_terms':
    case 'metered_integration_required':
    case 'second_receipt':
    case 'paid_without_webhook':
    case 'unmatched_payment':
    case 'settlement_past_due':
    case 'settlement_unclear':
    case 'settlement_uncollectible':
    case 'settlement_written_off':
      return ['accept', 'reject'];
  }
}
