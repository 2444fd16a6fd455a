/** What has become of an order's effects, as far as facts and people say. Pure. */
import type { Fact, FactSet, WantedReview } from './order-facts.js';
import type { EffectKind } from './ports.js';
import type { Resolution } from './review-answers.js';

/** How a person closed a review, by its key. */
export type Resolutions = ReadonlyMap<string, Resolution>;

/** Whether an effect may be run. `in-review`: a person must answer first. `refused`: one decided against it. */
export type Gate = 'owed' | 'in-review' | 'refused';

export interface EffectMark {
  readonly effect: EffectKind;
  readonly epoch: string;
  /** What it granted or took back, where that was noted. */
  readonly subject: string | undefined;
}

export interface EffectHistory {
  /** Ran to their end, or a person said that they happened. Each once, by turn and kind. */
  readonly done: readonly EffectMark[];
  /** Work outside our transaction that began, and of which nothing says that it did not happen. */
  readonly begun: readonly EffectMark[];
  /** The reviews that stand between an effect and its next run, answered or not. */
  readonly reviews: readonly EffectReview[];
}

export interface EffectReview extends WantedReview {
  readonly reason: 'effect_dead_letter' | 'effect_outcome_unknown';
  readonly mark: EffectMark;
  /** The try that opened it. */
  readonly run: number;
}

type EffectFact = Extract<
  Fact,
  {
    kind:
      | 'effect-begun'
      | 'effect-not-done'
      | 'effect-done'
      | 'effect-dead-letter'
      | 'effect-outcome-unknown';
  }
>;

export function readEffects(facts: FactSet): EffectHistory {
  const all = Object.values(facts).filter(isEffectFact);
  const resolutions = readResolutions(facts);
  const reviews = all.flatMap(reviewOf).sort(byRun);
  const answered = (answer: Resolution) => reviews.filter(({ key }) => resolutions.get(key) === answer);

  const done = [
    ...all.filter((fact) => fact.kind === 'effect-done').map(markOf),
    ...answered('done').map(({ mark }) => mark),
  ];
  // A later run begins only once the one before is known not to have happened: that one and all before it.
  const refuted = [
    ...all.filter((fact) => fact.kind === 'effect-not-done').map((fact) => ({ ...fact, mark: markOf(fact) })),
    ...answered('not-done'),
  ];
  const begun = all
    .filter((fact) => fact.kind === 'effect-begun')
    .filter((fact) => !refuted.some(({ mark, run }) => isSame(mark, fact) && run >= fact.run))
    .sort((a, b) => byTurn(a, b) || a.run - b.run);
  return { done: onceEach(done).sort(byTurn), begun: onceEach(begun.map(markOf)), reviews };
}

export function readResolutions(facts: FactSet): Resolutions {
  const resolved = Object.values(facts).filter((fact) => fact.kind === 'review-resolved');
  return new Map(resolved.map(({ reviewKey, resolution }) => [reviewKey, resolution]));
}

/** What the reviews that an effect waits for say of it. */
export function gateOf(reviews: readonly WantedReview[], resolutions: Resolutions): Gate {
  const answers = reviews.map(({ key }) => resolutions.get(key));
  if (answers.includes('reject')) return 'refused';
  return reviews.every(({ reason }, index) => letsGoOn(reason, answers[index])) ? 'owed' : 'in-review';
}

/** An answer that does not fit its question is none. */
function letsGoOn(reason: WantedReview['reason'], answer: Resolution | undefined): boolean {
  // Never by a mere "go on": only who looked can say that the lost run did nothing.
  if (reason === 'effect_outcome_unknown') return answer === 'not-done';
  return answer === 'accept';
}

function reviewOf(fact: EffectFact): EffectReview[] {
  const { effect, epoch } = fact;
  switch (fact.kind) {
    case 'effect-dead-letter':
      return [
        {
          key: `effect_dead_letter:${effect}:${epoch}:${fact.tries}`,
          reason: 'effect_dead_letter',
          evidence: { effect, epoch, tries: fact.tries },
          mark: markOf(fact),
          run: fact.tries,
        },
      ];
    case 'effect-outcome-unknown':
      return [
        {
          key: `effect_outcome_unknown:${effect}:${epoch}:${fact.run}`,
          reason: 'effect_outcome_unknown',
          evidence: { effect, epoch, run: fact.run, why: fact.why },
          mark: markOf(fact),
          run: fact.run,
        },
      ];
    case 'effect-begun':
    case 'effect-not-done':
    case 'effect-done':
      return [];
  }
}

function isEffectFact(fact: Fact): fact is EffectFact {
  return fact.kind.startsWith('effect-');
}

function markOf({ effect, epoch, subject }: EffectFact): EffectMark {
  return { effect, epoch, subject };
}

function isSame(a: Pick<EffectMark, 'effect' | 'epoch'>, b: Pick<EffectMark, 'effect' | 'epoch'>): boolean {
  return a.effect === b.effect && a.epoch === b.epoch;
}

function onceEach(marks: readonly EffectMark[]): EffectMark[] {
  return marks.filter((mark, index) => marks.findIndex((other) => isSame(mark, other)) === index);
}

function byTurn(a: Pick<EffectMark, 'effect' | 'epoch'>, b: Pick<EffectMark, 'effect' | 'epoch'>): number {
  return Number(a.epoch) - Number(b.epoch) || (a.effect < b.effect ? -1 : a.effect > b.effect ? 1 : 0);
}

function byRun(a: EffectReview, b: EffectReview): number {
  return byTurn(a.mark, b.mark) || a.run - b.run || (a.reason < b.reason ? -1 : 1);
}
