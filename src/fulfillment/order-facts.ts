/**
 * Facts in; status, wanted effects and reviews out. Pure: no clock, no database, no vendor.
 *
 * Facts are only ever added, and each has a key, so a set is the same whatever order it was filled in. Where
 * a later state of the vendor undoes an earlier one, the fact carries the generation it was read at, and the
 * highest generation of a subject counts.
 *
 * An order passes through turns: a grant and, when all it rests on has ended, its revocation. The turn's
 * number is the effects' epoch, so each is unique for ever. A second turn is never begun without a person.
 */
import type { OrderStatus, Vendor } from '../protocol/index.js';
import { acknowledgeOwed } from './order-acknowledge.js';
import { readEffects } from './order-effects.js';
import { readSubjects, type Standing, type Subject } from './order-subjects.js';
import { readTurn, type Turn } from './order-turn.js';
import { settlementOf, settlementReviews, type OrderSettlement } from './order-settlement.js';
import type { EffectEvidence, EffectKind, MoneyMismatch, Observation, SettlementStanding } from './ports.js';
import type { Resolution } from './review-answers.js';

/** Something that has been proven about an order. */
export type Fact =
  /** The merchant named what the order is for, when attempt `attemptId` was opened. The latest `at` counts. */
  | {
      readonly kind: 'expected';
      readonly attemptId: string;
      readonly at: string;
      readonly planId: string | null;
      readonly amountMinor: number | null;
      readonly currency: string | null;
    }
  /** A signed delivery spoke of the subject. Proves that it exists, not in which state it is. */
  | {
      readonly kind: 'announced';
      readonly subject: string;
      readonly topic: string;
      readonly messageId: string;
      /** LedgerBee's word on a billing problem. For a person: it decides nothing. */
      readonly errorType?: string;
    }
  /** The vendor's API was asked. `generation` grows with each reading of one subject. */
  | { readonly kind: 'observed'; readonly generation: number; readonly observation: Observation }
  /**
   * A payment was made through attempt `attemptId`; the delivery is the proof. Two messages about one payment are two
   * facts of one subject. `objections` is what speaks against fulfilling upon it, compared with the attempt's own
   * terms and the host's options when it came.
   */
  | {
      readonly kind: 'payment';
      readonly subject: string;
      readonly messageId: string;
      readonly attemptId: string;
      /** `accepted`: the money comes later, in a batch, or never. */
      readonly finality: 'settled' | 'accepted';
      readonly receiptId: string | null;
      readonly objections: readonly PaymentObjection[];
      /** The attempt was over when the money came. For a person: it decides nothing. */
      readonly late?: true;
    }
  /**
   * The vendor's API was asked how an attempt's checkout stands. Unsigned, so it fulfills nothing: it keeps the buyer
   * from paying again, and calls a person where the delivery does not come. The highest generation of an attempt counts.
   */
  | {
      readonly kind: 'reported';
      readonly attemptId: string;
      readonly generation: number;
      readonly as: 'paid' | 'overdue' | 'unclear' | 'dead';
    }
  /** The statements were read about a payment that was accepted. The highest generation of a subject counts. */
  | {
      readonly kind: 'settlement';
      readonly subject: string;
      readonly generation: number;
      /** `unclear`: its amounts do not add up. */
      readonly standing: SettlementStanding | 'unclear';
    }
  /** No subject came of any attempt, and the vendor was asked to the end. Later money still counts. */
  | { readonly kind: 'expired' }
  /** Nobody here issued the order's reference, and the time it may be parked is over. */
  | { readonly kind: 'unissued' }
  /**
   * An effect that works outside our transaction is about to run: from here on its work may have happened,
   * whatever is heard of it. The class `idempotent` records it when it first begins, `once-or-review` before
   * each run; the class `transaction` needs none.
   */
  | {
      readonly kind: 'effect-begun';
      readonly effect: EffectKind;
      readonly epoch: string;
      /** The try that began; a later one has a higher number. */
      readonly run: number;
      /** `evidence.subscriptionId` or `paymentId` of the effect, so that a revocation names what was granted. */
      readonly subject?: string;
    }
  /** Class `once-or-review`: the merchant's function said that nothing had happened in this run. */
  | {
      readonly kind: 'effect-not-done';
      readonly effect: EffectKind;
      readonly epoch: string;
      readonly run: number;
      readonly subject?: string;
    }
  /** An effect ran to its end, exactly as far as its class promises. */
  | {
      readonly kind: 'effect-done';
      readonly effect: EffectKind;
      readonly epoch: string;
      /** As for `effect-begun`. */
      readonly subject?: string;
    }
  /** An effect's tries ran out. `tries` counts all so far, so each exhaustion is a fact of its own. */
  | {
      readonly kind: 'effect-dead-letter';
      readonly effect: EffectKind;
      readonly epoch: string;
      readonly tries: number;
      readonly subject?: string;
    }
  /**
   * Class `once-or-review`: a run began and nobody can say whether its work happened. `run` is the try that
   * found it out, the lost one or a later one. It is not run again before a person has looked.
   */
  | {
      readonly kind: 'effect-outcome-unknown';
      readonly effect: EffectKind;
      readonly epoch: string;
      readonly run: number;
      /** `threw`: by no error that says nothing happened. `worker-lost`: it never said how the run ended. */
      readonly why: 'threw' | 'timed-out' | 'worker-lost';
      readonly subject?: string;
    }
  /**
   * A person closed a review, with one of `answersTo(reason)`; see {@link Resolution} for what each means. What
   * follows is decided from the fact alone: `done` needs no `effect-done` beside it.
   */
  | {
      readonly kind: 'review-resolved';
      readonly reviewKey: string;
      readonly resolution: Resolution;
    };

/** `metered`: it was only accepted, and the host did not allow that. */
export type PaymentObjection = MoneyMismatch | 'metered';

/** Facts by their key; see {@link factKey}. */
export type FactSet = Readonly<Record<string, Fact>>;

/** The same fact always has the same key: adding it twice is adding it once. */
export function factKey(fact: Fact): string {
  switch (fact.kind) {
    case 'expected':
      return `expected:${fact.attemptId}`;
    case 'announced':
      return `announced:${fact.subject}:${fact.messageId}`;
    case 'observed':
      return `observed:${fact.observation.subject}:${fact.generation}`;
    case 'payment':
      return `payment:${fact.subject}:${fact.messageId}`;
    case 'reported':
      return `reported:${fact.attemptId}:${fact.generation}`;
    case 'settlement':
      return `settlement:${fact.subject}:${fact.generation}`;
    case 'expired':
      return 'expired';
    case 'unissued':
      return 'unissued';
    case 'effect-begun':
    case 'effect-not-done':
    case 'effect-outcome-unknown':
      return `${fact.kind}:${fact.effect}:${fact.epoch}:${fact.run}`;
    case 'effect-done':
      return `effect-done:${fact.effect}:${fact.epoch}`;
    case 'effect-dead-letter':
      return `effect-dead-letter:${fact.effect}:${fact.epoch}:${fact.tries}`;
    case 'review-resolved':
      return `review-resolved:${fact.reviewKey}`;
  }
}

export interface WantedEffect {
  readonly kind: EffectKind;
  /** `''` for the purchase and its revocation; `'1'`, `'2'` for a grant that a person allowed after one. */
  readonly epoch: string;
  /** It happened: its row is or becomes `done`, and nobody runs it. */
  readonly done: boolean;
  readonly evidence: EffectEvidence;
}

export type ReviewReason =
  | 'plan_mismatch'
  | 'amount_mismatch'
  | 'second_payment'
  | 'granted_after_revoke'
  | 'reference_mismatch'
  | 'unknown_reference'
  | 'unlinked_order'
  | 'unreferenced'
  | 'unknown_vendor_status'
  | 'unreadable_delivery'
  | 'terms_mismatch'
  | 'superseded_terms'
  | 'metered_integration_required'
  | 'second_receipt'
  | 'paid_without_webhook'
  | 'unmatched_payment'
  | 'settlement_past_due'
  | 'settlement_unclear'
  | 'settlement_uncollectible'
  | 'settlement_written_off'
  | 'effect_dead_letter'
  | 'effect_outcome_unknown';

export interface WantedReview {
  /** Unique within the order: a review is opened once. */
  readonly key: string;
  readonly reason: ReviewReason;
  readonly evidence: Readonly<Record<string, string | number | null>>;
}

/**
 * What follows from an order's facts. The store makes its rows agree with it, in the transaction that added
 * the facts:
 *
 * - A wanted effect without a row gets one. A row never leaves: `(order, kind, epoch)` is unique for ever.
 * - A row that is wanted and not begun takes the decision's evidence; a begun row keeps its own.
 * - A row that is not done and **no longer wanted** is withdrawn: no worker may claim it until it is wanted
 *   again. Withdrawing is safe even for a row a worker holds now, because
 *   - `transaction`: before it commits, the worker locks the order and looks whether the row is still wanted;
 *     if not, it rolls back and nothing was granted;
 *   - `idempotent`, `once-or-review`: the claim added `effect-begun`, after which the end of the subscription
 *     makes `revoke` wanted although `fulfill` never said it was done.
 * - `revoke` is claimed only while no worker holds the lease of `fulfill`: a grant in flight must land first.
 *   A `revoke` may therefore meet an order of which nothing was granted, and must then do nothing.
 * - Both `effect-begun` and `effect-done` are added with the order locked, and decided upon at once.
 * - A dead row is not wanted. Once its `effect_dead_letter` review was accepted it is wanted again, with new
 *   tries.
 * - A row of which nobody knows how it ended (`effect_outcome_unknown`) is not wanted either, until a person
 *   says `not-done`; it is then as if it had not begun.
 * - A row that a person says was `done` becomes done, whatever state it was in.
 *
 * So nothing is granted once the end is known, and whatever may have been granted is revoked.
 *
 * Opened reviews stay open until a person resolves them, also when a later decision no longer names them.
 */
export interface OrderDecision {
  readonly status: OrderStatus;
  /** Every effect that is owed or was ever done. */
  readonly effects: readonly WantedEffect[];
  readonly reviews: readonly WantedReview[];
  /** How the money stands where a payment was only accepted; `null` where none was. Never `null` again. */
  readonly settlement: OrderSettlement | null;
}

export interface OrderView {
  readonly ref: string;
  readonly vendor: Vendor;
  readonly facts: FactSet;
  /** The order exists only because a subscription came without a reference; see `unreferenced`. */
  readonly unreferenced: 'fulfill' | 'review' | null;
}

/** The same set of facts always gives the same decision, in whatever order and however often they came. */
export function decideOrder(view: OrderView): OrderDecision {
  const history = readEffects(view.facts);
  const subjects = readSubjects(view, history);
  const turn = readTurn(view.facts, history, subjects);
  return {
    status: statusOf(view.facts, subjects, turn),
    effects: [...turn.effects, ...acknowledgeOwed(view.facts, history)],
    reviews: oncePerKey([
      ...subjects.flatMap((subject) => subject.reviews),
      ...secondPaymentReviews(subjects),
      ...settlementReviews(view.facts),
      ...turn.reviews,
    ]),
    settlement: settlementOf(view.facts),
  };
}

/**
 * What the buyer is told. A grant that stands outweighs every open review, and one that is owed outweighs
 * those that do not hold it up.
 */
function statusOf(facts: FactSet, subjects: readonly Subject[], turn: Turn): OrderStatus {
  const some = (standing: Standing): boolean => subjects.some((subject) => subject.standing === standing);
  if (turn.fulfill === 'done' && !turn.revoking) return 'fulfilled';
  if (turn.fulfill === 'owed') return 'processing';
  if (turn.fulfill === 'in-review' || some('held')) return 'review';
  if (some('waiting')) return 'pending';
  if (turn.granted) return 'ended';
  if (turn.fulfill === 'refused' || some('refused')) return 'failed';
  if (some('ended')) return subjects.some((subject) => subject.everGranted) ? 'ended' : 'failed';
  return facts['expired'] === undefined ? 'open' : 'expired';
}

/**
 * One review for each subscription beyond the first that ever granted access under this order. They are
 * counted, not named: which of two was first is not to be told from a set, so a name would change with time.
 */
function secondPaymentReviews(subjects: readonly Subject[]): readonly WantedReview[] {
  const granted = subjects.filter((subject) => subject.everGranted);
  const ids = new Set(granted.map((subject) => subject.id));
  // A session beside its own order is one purchase under two names.
  const isOrderItself = ({ latest }: Subject): boolean =>
    !(latest?.aliases ?? []).some((alias) => ids.has(alias));
  const paid = granted.filter(isOrderItself).map((subject) => subject.id);
  const evidence = granted.some((subject) => subject.payment !== null)
    ? { payments: paid.length, paymentIds: paid.join(' ') }
    : { subscriptions: paid.length, subscriptionIds: paid.join(' ') };
  return paid.slice(1).map((_, index) => ({
    key: `second_payment:${index + 2}`,
    reason: 'second_payment',
    evidence,
  }));
}

/** Two subjects can raise one question about their order. */
function oncePerKey(reviews: readonly WantedReview[]): readonly WantedReview[] {
  return reviews.filter(({ key }, index) => reviews.findIndex((other) => other.key === key) === index);
}
