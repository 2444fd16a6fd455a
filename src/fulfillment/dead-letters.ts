import type { Vendor } from '../protocol/index.js';
import { listDeadEffects, type DeadEffectRow } from './postgres/list-dead-effects.js';
import { lockOrder } from './postgres/lock-order.js';
import { transaction } from './postgres/transaction.js';
import type { EffectEvidence, EffectKind } from './ports.js';
import type { Resolution } from './review-answers.js';
import { answerReviews, readName, type OperatorContext } from './reviews.js';

/** Dead letters in one list. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** An effect whose tries ran out. */
export interface DeadLetter {
  readonly orderRef: string;
  readonly vendor: Vendor;
  readonly kind: EffectKind;
  readonly epoch: string;
  readonly tries: number;
  /** The merchant's own error text, cut short. For operators' eyes. */
  readonly lastError: string | null;
  readonly evidence: EffectEvidence;
  /** The `effect_dead_letter` review that waits for an answer, or has one. */
  readonly review: {
    readonly id: string;
    readonly key: string;
    /** ISO 8601. */
    readonly openedAt: string;
    /** `null`: it waits for a person. */
    readonly resolution: Resolution | null;
    readonly resolvedBy: string | null;
  };
}

/** Names one effect in a list. */
export type EffectName = Pick<DeadLetter, 'orderRef' | 'kind' | 'epoch'>;

export interface RedriveOptions {
  /** Default: every dead letter of the order. */
  readonly kind?: EffectKind;
  readonly epoch?: string;
  /** Who asks for it, for the record: 1 to 200 characters. */
  readonly by: string;
}

export interface Redriven {
  readonly kind: EffectKind;
  readonly epoch: string;
  /** `false`: the order does not want the effect any more, because it ended or waits for another review. */
  readonly due: boolean;
}

/** What a redrive did. */
export type RedriveResult =
  | { readonly outcome: 'redriven'; readonly effects: readonly Redriven[] }
  /** A person gave each of them up before. An answer stands. */
  | { readonly outcome: 'given-up'; readonly effects: readonly DeadLetter[] }
  /** Nothing of this order, kind and epoch is dead. */
  | { readonly outcome: 'nothing-dead' };

/** Effects, for operators and their tools. */
export interface Effects {
  /**
   * By order.
   * @param options.open `true`: only those that wait for a person. Default: all.
   * @param options.after Where the list before this one ended.
   * @param options.limit 1 to 500, default 50.
   */
  listDead(options?: {
    readonly open?: boolean;
    readonly orderRef?: string;
    readonly after?: EffectName;
    readonly limit?: number;
  }): Promise<readonly DeadLetter[]>;
  /**
   * Puts dead letters of one order back, with new tries, by accepting their reviews. The effects are run by
   * whichever process works in the background.
   * @throws {TypeError} when `by` is empty or too long.
   */
  redrive(orderRef: string, options: RedriveOptions): Promise<RedriveResult>;
}

export function effectsOf(context: OperatorContext): Effects {
  const { database, tables } = context;
  return {
    listDead: async ({ limit = DEFAULT_LIMIT, ...which } = {}) => {
      const bounded = Math.min(Math.max(Math.trunc(limit), 1), MAX_LIMIT);
      return (await listDeadEffects(database, tables, { ...which, limit: bounded })).map(toDeadLetter);
    },
    redrive: (orderRef, options) => redrive(context, orderRef, options),
  };
}

async function redrive(
  context: OperatorContext,
  orderRef: string,
  { kind, epoch, by }: RedriveOptions,
): Promise<RedriveResult> {
  const name = readName(by);
  const { database, tables } = context;
  const { result, news } = await transaction(database, async (sql) => {
    await lockOrder(sql, tables, orderRef);
    const readDead = async (): Promise<readonly DeadEffectRow[]> =>
      (await listDeadEffects(sql, tables, { orderRef, limit: MAX_LIMIT })).filter(
        (row) => (kind ?? row.kind) === row.kind && (epoch ?? row.epoch) === row.epoch,
      );
    const dead = await readDead();
    const waiting = dead.filter(({ resolution }) => resolution === null);
    const news = await answerReviews(sql, context, waiting.map(toReviewRow), {
      resolution: 'accept',
      by: name,
    });
    if (news === null) return { result: nothingDone(dead), news };
    const still = new Set((await readDead()).map(keyOf));
    const effects = waiting.map((row) => ({
      kind: row.kind,
      epoch: row.epoch,
      due: !still.has(keyOf(row)),
    }));
    return { result: { outcome: 'redriven', effects } as const, news };
  });
  if (news !== null) context.announce(news);
  return result;
}

function nothingDone(dead: readonly DeadEffectRow[]): RedriveResult {
  const givenUp = dead.filter(({ resolution }) => resolution === 'reject').map(toDeadLetter);
  return givenUp.length === 0 ? { outcome: 'nothing-dead' } : { outcome: 'given-up', effects: givenUp };
}

function toReviewRow({ reviewId: id, reviewKey: key, orderRef, vendor }: DeadEffectRow) {
  return { id, key, orderRef, vendor };
}

function keyOf({ kind, epoch }: DeadEffectRow): string {
  return `${kind}:${epoch}`;
}

function toDeadLetter(row: DeadEffectRow): DeadLetter {
  const { reviewId: id, reviewKey: key, openedAtMs, resolution, resolvedBy, ...rest } = row;
  const openedAt = new Date(openedAtMs).toISOString();
  return { ...rest, review: { id, key, openedAt, resolution, resolvedBy } };
}
