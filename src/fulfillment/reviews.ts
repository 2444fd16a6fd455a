import type { OrderStatus, Vendor } from '../protocol/index.js';
import { applyChanges } from './apply.js';
import type { KitContext, News } from './context.js';
import type { ReviewReason } from './order-facts.js';
import { listOrders } from './postgres/list-orders.js';
import { listReviews, type ReviewQuery, type ReviewRow } from './postgres/list-reviews.js';
import { lockOrder } from './postgres/lock-order.js';
import { resolveReviews } from './postgres/resolve-reviews.js';
import { transaction } from './postgres/transaction.js';
import type { SqlClient } from './ports.js';
import { answersTo, type Resolution } from './review-answers.js';

/** Reviews in one list. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
/** Longest name of whoever answers, in UTF-16 units. */
const MAX_NAME_LENGTH = 200;

/** Something that a person must look at, or has looked at. Times are ISO 8601. */
export interface Review {
  /** A decimal number. */
  readonly id: string;
  /** `null`: about a delivery that belongs to no order. */
  readonly orderRef: string | null;
  readonly vendor: Vendor;
  /** Unique within the order. */
  readonly key: string;
  readonly reason: ReviewReason;
  readonly evidence: Readonly<Record<string, string | number | null>>;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  readonly resolution: Resolution | null;
  /** Who answered, in the words of the tool that was used. */
  readonly resolvedBy: string | null;
}

/** A review by its id, or by its key within its order; `orderRef: null` for one that belongs to no order. */
export type ReviewName = string | { readonly orderRef: string | null; readonly key: string };

export interface ReviewAnswer {
  /** One of `answersTo(reason)`. */
  readonly resolution: Resolution;
  /** Who answers, for the record: 1 to 200 characters. */
  readonly by: string;
}

/** What the answer to one review did. */
export type ReviewResolved =
  | {
      /** `repeated`: it had this answer already, and nothing was done now. */
      readonly outcome: 'resolved' | 'repeated';
      readonly review: Review;
      /** The order's status before and after; `null` for a review of no order. */
      readonly status: { readonly before: OrderStatus; readonly after: OrderStatus } | null;
    }
  /** Somebody gave another answer before. An answer stands. */
  | { readonly outcome: 'answered-otherwise'; readonly review: Review }
  /** A review of this reason has other answers. */
  | {
      readonly outcome: 'not-an-answer';
      readonly review: Review;
      readonly answers: readonly Resolution[];
    }
  | { readonly outcome: 'not-found' };

/** For operators and their tools. */
export interface Reviews {
  /**
   * Open ones oldest first, others newest first.
   * @param options.open `true`: only those that wait; `false`: only answered ones; default: all.
   * @param options.limit 1 to 500, default 50.
   */
  list(options?: {
    readonly open?: boolean;
    readonly orderRef?: string;
    readonly limit?: number;
  }): Promise<readonly Review[]>;
  /**
   * Answers a review for good and lets its order go on, in one transaction: the answer is a fact, and what
   * follows is decided at once. The same answer again changes nothing.
   * @throws {TypeError} when `by` is empty or too long.
   */
  resolve(review: ReviewName, answer: ReviewAnswer): Promise<ReviewResolved>;
}

/** What an operator's call needs of the kit. */
export type OperatorContext = Pick<KitContext, 'database' | 'tables' | 'schedule' | 'clock' | 'announce'>;

export function reviewsOf(context: OperatorContext): Reviews {
  const { database, tables } = context;
  return {
    list: async ({ open, orderRef, limit = DEFAULT_LIMIT } = {}) => {
      const bounded = Math.min(Math.max(Math.trunc(limit), 1), MAX_LIMIT);
      const wanted: ReviewQuery =
        orderRef === undefined
          ? { by: 'state', open, limit: bounded }
          : { by: 'order', orderRef, open, limit: bounded };
      return (await listReviews(database, tables, wanted)).map(toReview);
    },
    resolve: (name, answer) => resolveOne(context, name, answer),
  };
}

async function resolveOne(
  context: OperatorContext,
  name: ReviewName,
  answer: ReviewAnswer,
): Promise<ReviewResolved> {
  const by = readName(answer.by);
  const wanted = toQuery(name);
  if (wanted === null) return { outcome: 'not-found' };
  const { result, news } = await transaction(context.database, async (sql) => {
    const [found] = await listReviews(sql, context.tables, wanted);
    if (found === undefined) return unchanged({ outcome: 'not-found' });
    const answers = answersTo(found.reason);
    if (!answers.includes(answer.resolution)) {
      return unchanged({ outcome: 'not-an-answer', review: toReview(found), answers });
    }
    if (found.orderRef !== null) await lockOrder(sql, context.tables, found.orderRef);
    const before = await statusOf(sql, context, found.orderRef);
    const news = await answerReviews(sql, context, [found], { ...answer, by });
    const review = toReview((await listReviews(sql, context.tables, { by: 'id', id: found.id }))[0] ?? found);
    if (review.resolution !== answer.resolution) return unchanged({ outcome: 'answered-otherwise', review });
    const after = await statusOf(sql, context, found.orderRef);
    const result: ReviewResolved = {
      outcome: news === null ? 'repeated' : 'resolved',
      review,
      status: before === null || after === null ? null : { before, after },
    };
    return { result, news };
  });
  if (news !== null) context.announce(news);
  return result;
}

/**
 * Answers reviews of one order, which is locked, or one review of none, inside the caller's transaction.
 * @returns `null` when none of them was open any more: nothing was written.
 */
export async function answerReviews(
  sql: SqlClient,
  context: OperatorContext,
  reviews: readonly Pick<ReviewRow, 'id' | 'orderRef' | 'vendor' | 'key'>[],
  { resolution, by }: ReviewAnswer,
): Promise<News | null> {
  const [first] = reviews;
  if (first === undefined) return null;
  const nowMs = context.clock();
  const ids = reviews.map(({ id }) => id);
  if ((await resolveReviews(sql, context.tables, { ids, resolution, by, nowMs })) === 0) return null;
  if (first.orderRef === null) return { orderRefs: [], due: [] };
  return applyChanges(
    sql,
    context,
    [
      {
        ref: first.orderRef,
        vendor: first.vendor,
        facts: reviews.map(({ key }) => ({ kind: 'review-resolved', reviewKey: key, resolution })),
        cause: `review:${first.id}:${resolution}`,
        // An answer issues no reference: an order that waits for its attempt goes on waiting.
        parkedUntilMs: nowMs + context.schedule.parkMs,
      },
    ],
    nowMs,
  );
}

/** Whoever answers, as it can be kept. @throws {TypeError} */
export function readName(by: unknown): string {
  const name = typeof by === 'string' ? by.trim() : '';
  if (name === '' || name.length > MAX_NAME_LENGTH || name.includes('\0')) {
    throw new TypeError(
      `by must name who answers, for the record: 1 to ${MAX_NAME_LENGTH} characters without a NUL`,
    );
  }
  return name;
}

function toQuery(name: ReviewName): ReviewQuery | null {
  if (typeof name !== 'string') return { by: 'key', ...name };
  return /^\d{1,18}$/.test(name) ? { by: 'id', id: name } : null;
}

async function statusOf(
  sql: SqlClient,
  { tables }: OperatorContext,
  ref: string | null,
): Promise<OrderStatus | null> {
  if (ref === null) return null;
  const [head] = await listOrders(sql, tables, { ref });
  return head?.status ?? null;
}

function unchanged(result: ReviewResolved): { readonly result: ReviewResolved; readonly news: null } {
  return { result, news: null };
}

function toReview(row: ReviewRow): Review {
  const { openedAtMs, resolvedAtMs, ...rest } = row;
  return {
    ...rest,
    openedAt: toIso(openedAtMs),
    resolvedAt: resolvedAtMs === null ? null : toIso(resolvedAtMs),
  };
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
