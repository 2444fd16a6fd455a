import { backoffMs } from './backoff.js';
import type { KitContext } from './context.js';
import { withLease } from './lease.js';
import type { ReviewReason } from './order-facts.js';
import { claimReviews, type ReviewClaim } from './postgres/claim-reviews.js';
import { setNotifyTime } from './postgres/set-notify-time.js';
import { settleAll } from './settle-all.js';
import type { Vendor } from '../protocol/index.js';

/** Tries from which on it is no blip, and after which a review that somebody answered meanwhile is let go. */
const LASTING_TRIES = 10;

/** Something that a person must look at. */
export interface OpenedReview {
  /** For `kit.reviews.resolve(id, …)` and `checkout-embed review resolve <id>`. */
  readonly id: string;
  /** `null`: about a delivery that belongs to no order. */
  readonly orderRef: string | null;
  readonly vendor: Vendor;
  /** Unique within the order. */
  readonly key: string;
  readonly reason: ReviewReason;
  readonly evidence: Readonly<Record<string, string | number | null>>;
  /** ISO 8601. */
  readonly openedAt: string;
}

/**
 * The merchant's ears. Each is called at least once per review: again when it throws, hangs, or its process ends
 * before it returned, for as long as the review is open. `id` stays the same, so that a repetition can be told.
 */
export interface Hooks {
  readonly onReview: ((review: OpenedReview) => Promise<void> | void) | undefined;
  /** An effect's tries ran out. `onReview` is called for it too. */
  readonly onDeadLetter: ((review: OpenedReview) => Promise<void> | void) | undefined;
}

/** Tells the merchant of reviews. @returns how many it took. */
export async function notify(context: KitContext, hooks: Hooks): Promise<number> {
  // Another process may have ears; what nobody hears here stays untold.
  if (hooks.onReview === undefined && hooks.onDeadLetter === undefined) return 0;
  const nowMs = context.clock();
  const claims = await claimReviews(context.database, context.tables, {
    reason: hooks.onReview === undefined ? 'effect_dead_letter' : null,
    limit: context.schedule.concurrency,
    nowMs,
    leaseUntilMs: nowMs + context.schedule.leaseSeconds * 1000,
  });
  await settleAll(claims.map((claim) => tell(context, hooks, claim)));
  return claims.length;
}

async function tell(context: KitContext, hooks: Hooks, claim: ReviewClaim): Promise<void> {
  const { id, orderRef, vendor, key, reason, evidence } = claim;
  const openedAt = new Date(claim.openedAtMs).toISOString();
  const review: OpenedReview = { id, orderRef, vendor, key, reason, evidence, openedAt };
  let nextAtMs: number | null = null;
  try {
    await withLease(context, async () => {
      // One that fails must not keep the other from hearing of it.
      await settleAll([
        ...(reason === 'effect_dead_letter' ? [call(hooks.onDeadLetter, review)] : []),
        call(hooks.onReview, review),
      ]);
    });
  } catch (error) {
    const isLasting = claim.tries >= LASTING_TRIES;
    const gaveUp = isLasting && claim.isResolved;
    if (!gaveUp) nextAtMs = context.clock() + backoffMs(context.schedule, claim.tries);
    context.log({
      level: isLasting ? 'error' : 'warn',
      event: 'review.not-told',
      message: `onReview or onDeadLetter failed; ${gaveUp ? 'the review was answered meanwhile' : 'it is called again'}`,
      fields: {
        reason,
        orderRef,
        tries: claim.tries,
        error: error instanceof Error ? error.name : 'unknown',
      },
    });
  }
  await setNotifyTime(context.database, context.tables, claim, nextAtMs);
}

/** A hook that throws at once fails as one that rejects. */
async function call(hook: Hooks['onReview'], review: OpenedReview): Promise<void> {
  await hook?.(review);
}
