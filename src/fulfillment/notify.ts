import { backoffMs } from './backoff.js';
import type { KitContext } from './context.js';
import { withLease } from './lease.js';
import type { ReviewReason } from './order-facts.js';
import { claimReviews, type ReviewClaim } from './postgres/claim-reviews.js';
import { setNotifyTime } from './postgres/set-notify-time.js';
import { settleAll } from './settle-all.js';
import type { Vendor } from '../protocol/index.js';

/** Tries to tell the merchant of one review. It stays open and listed whatever comes of them. */
const MAX_TRIES = 10;

/** Something that a person must look at. */
export interface OpenedReview {
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

/** The merchant's ears. Each is called at least once per review, and again when it throws. */
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
    limit: context.schedule.concurrency,
    nowMs,
    leaseUntilMs: nowMs + context.schedule.leaseSeconds * 1000,
  });
  await settleAll(claims.map((claim) => tell(context, hooks, claim)));
  return claims.length;
}

async function tell(context: KitContext, hooks: Hooks, claim: ReviewClaim): Promise<void> {
  const { orderRef, vendor, key, reason, evidence } = claim;
  const review: OpenedReview = {
    orderRef,
    vendor,
    key,
    reason,
    evidence,
    openedAt: new Date(claim.openedAtMs).toISOString(),
  };
  let nextAtMs: number | null = null;
  try {
    await withLease(context, async () => {
      if (reason === 'effect_dead_letter') await hooks.onDeadLetter?.(review);
      await hooks.onReview?.(review);
    });
  } catch (error) {
    if (claim.tries < MAX_TRIES) nextAtMs = context.clock() + backoffMs(context.schedule, claim.tries);
    context.log({
      level: nextAtMs === null ? 'error' : 'warn',
      event: 'review.not-told',
      message: 'onReview or onDeadLetter failed',
      fields: {
        reason,
        orderRef,
        tries: claim.tries,
        error: error instanceof Error ? error.name : 'unknown',
      },
    });
  }
  await setNotifyTime(context.database, context.tables, claim.id, nextAtMs);
}
