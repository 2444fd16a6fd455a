import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factKey, type Fact, type OrderView } from '../../src/fulfillment/order-facts.js';
import type { EffectKind, Observation } from '../../src/fulfillment/ports.js';
import type { Resolution } from '../../src/fulfillment/review-answers.js';
import {
  announced,
  AT,
  begun,
  deadLetter,
  decide,
  done,
  expected,
  factSet,
  LATER,
  notDone,
  observed,
  outcomeUnknown,
  REF,
  resolved,
} from '../support/order-facts.js';

describe('decideOrder', () => {
  describe('for any set of facts', () => {
    it('decides the same in every order of arrival, with every repetition', () => {
      fc.assert(
        fc.property(
          fc
            .array(anyFact())
            .chain((facts) =>
              fc.tuple(
                fc.constant(facts),
                fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length }),
              ),
            ),
          anyView(),
          ([facts, arrived], view) => {
            const unique = Object.values(factSet(facts));
            const again = arrived.map((fact) => factSet(unique)[factKey(fact)] ?? fact);
            expect(decide(again, view)).toEqual(decide(unique, view));
          },
        ),
      );
    });

    it('never grants without a reading that shows access, nor after the last one ended', () => {
      fc.assert(
        fc.property(fc.array(anyFact()), anyView(), (facts, view) => {
          const set = Object.values(factSet(facts));
          const isDone = isSaidDone(set, 'fulfill');
          const readings = set.filter((fact) => fact.kind === 'observed');
          const latest = readings.filter(
            ({ generation, observation: { subject } }) =>
              !readings.some(
                (other) => other.observation.subject === subject && other.generation > generation,
              ),
          );
          const entitled = latest.some(({ observation }) =>
            ['granted', 'unknown'].includes(observation.access),
          );
          const { effects, status } = decide(set, view);
          if (!entitled && !isDone) expect(effects.filter(({ kind }) => kind === 'fulfill')).toEqual([]);
          if (!isDone) expect(status).not.toBe('fulfilled');
        }),
      );
    });

    it('names each effect and each review once', () => {
      fc.assert(
        fc.property(fc.array(anyFact()), anyView(), (facts, view) => {
          const { effects, reviews } = decide(facts, view);
          expect(new Set(effects.map(({ kind, epoch }) => `${kind}:${epoch}`)).size).toBe(effects.length);
          expect(new Set(reviews.map(({ key }) => key)).size).toBe(reviews.length);
        }),
      );
    });

    it('never forgets an effect that was done', () => {
      fc.assert(
        fc.property(fc.array(anyFact()), anyView(), (facts, view) => {
          const wanted = decide(facts, view).effects.map(({ kind, epoch }) => `${kind}:${epoch}`);
          const doneOnes = Object.values(factSet(facts)).filter((fact) => fact.kind === 'effect-done');
          expect(wanted).toEqual(
            expect.arrayContaining(doneOnes.map(({ effect, epoch }) => `${effect}:${epoch}`)),
          );
        }),
      );
    });
  });

  it.each(['idempotent', 'once-or-review'] as const)(
    'grants nothing after the end, and takes back all it may have granted, whatever workers do in between: %s',
    (effectClass) => {
      fc.assert(
        // `max`: by itself fast-check makes ten steps at most, too few for a run that is lost and repeated.
        fc.property(fc.array(anyStep(), { maxLength: 40, size: 'max' }), (steps) => {
          const store = new StoreByTheBook(effectClass);
          for (const step of steps) store.take(step);
          store.take({ do: 'observe', access: 'ended' });
          store.settle();
          expect(store.violations).toEqual([]);
          expect(store.mayHold).toBe(false);
        }),
        { numRuns: 500 },
      );
    },
  );
});

/** By its own word, or by a person's about a run of it. */
function isSaidDone(facts: readonly Fact[], effect: EffectKind): boolean {
  const keys = facts.flatMap((fact) => {
    if (fact.kind !== 'effect-dead-letter' && fact.kind !== 'effect-outcome-unknown') return [];
    const { kind, epoch } = fact;
    if (fact.effect !== effect) return [];
    return `${kind.replaceAll('-', '_')}:${effect}:${epoch}:${'run' in fact ? fact.run : fact.tries}`;
  });
  return facts.some((fact) =>
    fact.kind === 'review-resolved'
      ? fact.resolution === 'done' && keys.includes(fact.reviewKey)
      : fact.kind === 'effect-done' && fact.effect === effect,
  );
}

/** One run of an effect that works outside our transaction. */
interface Run {
  readonly effect: EffectKind;
  readonly epoch: string;
  readonly number: number;
  readonly happened: boolean;
}

/**
 * The rules of `OrderDecision`'s docstring and of the classes, for one order, and what the merchant's side would
 * see of them. Each effect's work happens when it is claimed, if at all.
 */
class StoreByTheBook {
  readonly violations: string[] = [];
  /** Whether the buyer may hold what was bought. */
  mayHold = false;
  readonly #class: 'idempotent' | 'once-or-review';
  readonly #facts: Fact[] = [expected()];
  readonly #happened = new Set<string>();
  /** The run whose worker holds the order's lease. */
  #leased: Run | null = null;
  /** Class `once-or-review`: the runs whose worker never said more. */
  readonly #lost: Run[] = [];
  #generation = 0;
  #runs = 0;
  #ended = false;

  constructor(effectClass: 'idempotent' | 'once-or-review') {
    this.#class = effectClass;
  }

  take(step: Step): void {
    switch (step.do) {
      case 'observe':
        this.#generation += 1;
        this.#ended = step.access === 'ended';
        this.#facts.push(observed(this.#generation, step.access));
        return;
      case 'answer':
        this.#answer();
        return;
      case 'claim':
        this.#claim(step.effect, step.happens);
        return;
      case 'finish':
        this.#finish();
        return;
      case 'crash':
        if (this.#leased !== null && this.#class === 'once-or-review') this.#lost.push(this.#leased);
        this.#leased = null;
    }
  }

  /** Runs what is wanted, and answers what is asked, until nothing is. */
  settle(): void {
    for (let round = 0; round < 8; round += 1) {
      for (const effect of ['fulfill', 'revoke'] as const) {
        this.#finish();
        this.#claim(effect, true);
        this.#finish();
      }
      this.#answer();
    }
  }

  /** A person who looks tells the truth. */
  #answer(): void {
    const answered = new Set(
      this.#facts.map((fact) => (fact.kind === 'review-resolved' ? fact.reviewKey : null)),
    );
    for (const { key, reason, evidence } of decide(this.#facts).reviews) {
      if (answered.has(key)) continue;
      const happened = this.#happened.has(`${evidence['effect'] ?? ''}:${evidence['epoch'] ?? ''}`);
      this.#facts.push(
        resolved(key, reason !== 'effect_outcome_unknown' ? 'accept' : happened ? 'done' : 'not-done'),
      );
    }
  }

  #wanted(effect: EffectKind): string | undefined {
    return decide(this.#facts).effects.find(({ kind, done }) => kind === effect && !done)?.epoch;
  }

  #claim(effect: EffectKind, happens: boolean): void {
    const epoch = this.#wanted(effect);
    // One worker for an order at a time: a revocation never overtakes a grant in flight.
    if (epoch === undefined || this.#leased !== null) return;
    this.#runs += 1;
    const lost = this.#lost.findIndex((run) => run.effect === effect && run.epoch === epoch);
    if (lost >= 0) {
      this.#lost.splice(lost, 1);
      this.#facts.push(outcomeUnknown(this.#runs, effect, epoch));
      return;
    }
    const identity = `${effect}:${epoch}`;
    if (effect === 'fulfill' && this.#ended) this.violations.push('granted after the end');
    if (happens && this.#class === 'once-or-review' && this.#happened.has(identity)) {
      this.violations.push(`${identity} happened twice`);
    }
    this.#leased = { effect, epoch, number: this.#runs, happened: happens };
    this.#facts.push(begun(effect, epoch, this.#runs));
    if (!happens) return;
    this.#happened.add(identity);
    this.mayHold = effect === 'fulfill';
  }

  #finish(): void {
    const run = this.#leased;
    if (run === null) return;
    this.#leased = null;
    const { effect, epoch, number, happened } = run;
    if (happened) this.#facts.push(done(effect, undefined, epoch));
    else if (this.#class === 'once-or-review') this.#facts.push(notDone(number, effect, epoch));
  }
}

type Step =
  | { readonly do: 'observe'; readonly access: Observation['access'] }
  | { readonly do: 'claim'; readonly effect: EffectKind; readonly happens: boolean }
  | { readonly do: 'answer' | 'finish' | 'crash' };

function anyStep(): fc.Arbitrary<Step> {
  // Weighed so that most lists get as far as a grant that is lost on its way.
  const does = <Does extends 'answer' | 'finish' | 'crash'>(what: Does) => fc.constant({ do: what });
  const access = fc.oneof({ arbitrary: fc.constant('granted' as const), weight: 3 }, anyAccess());
  const effect = fc.constantFrom<EffectKind>('fulfill', 'fulfill', 'revoke');
  return fc.oneof(
    { arbitrary: fc.record({ do: fc.constant('observe' as const), access }), weight: 2 },
    {
      arbitrary: fc.record({ do: fc.constant('claim' as const), effect, happens: fc.boolean() }),
      weight: 4,
    },
    { arbitrary: does('crash'), weight: 2 },
    does('finish'),
    does('answer'),
  );
}

function anyAccess(): fc.Arbitrary<Observation['access']> {
  return fc.constantFrom('granted', 'awaiting', 'paused', 'ended', 'unknown');
}

function anyView(): fc.Arbitrary<Partial<OrderView>> {
  return fc.record({ unreferenced: fc.constantFrom('fulfill' as const, 'review' as const, null) });
}

function anyFact(): fc.Arbitrary<Fact> {
  const subject = fc.constantFrom('sub-a', 'sub-b', 'sub-c');
  const planId = fc.constantFrom('plan-1', 'plan-2', null);
  const effect = fc.constantFrom<EffectKind>('fulfill', 'revoke');
  const epoch = fc.constantFrom('', '1');
  const run = fc.integer({ min: 1, max: 2 });
  return fc.oneof(
    fc
      .record({
        attemptId: fc.constantFrom('attempt-1', 'attempt-2'),
        at: fc.constantFrom(AT, LATER),
        planId,
      })
      .map((fields) => expected(fields)),
    fc
      .tuple(subject, fc.constantFrom('subscription.started', 'subscription.churned'))
      .map(([id, topic]) => announced(id, topic)),
    fc
      .tuple(
        fc.integer({ min: 1, max: 4 }),
        anyAccess(),
        fc.record({ subject, planId, reference: fc.constantFrom(REF, null, 'order-2') }),
      )
      .map(([generation, access, fields]) => observed(generation, access, fields)),
    fc.constantFrom<Fact>({ kind: 'expired' }, { kind: 'unissued' }),
    fc.tuple(effect, subject, epoch).map(([kind, id, turn]) => done(kind, id, turn)),
    fc.tuple(effect, epoch, run).map(([kind, turn, number]) => begun(kind, turn, number)),
    fc.tuple(run, effect, epoch).map(([number, kind, turn]) => notDone(number, kind, turn)),
    fc.tuple(run, effect, epoch).map(([number, kind, turn]) => outcomeUnknown(number, kind, turn)),
    fc.tuple(run, effect).map(([tries, kind]) => deadLetter(tries, kind)),
    fc
      .tuple(
        fc.constantFrom(
          'plan_mismatch:sub-a:plan-1:plan-2',
          'unknown_vendor_status:sub-a:unknown',
          'unreferenced',
          'granted_after_revoke:1',
          'unknown_reference',
          'effect_dead_letter:fulfill::1',
          'effect_outcome_unknown:fulfill::1',
          'effect_outcome_unknown:fulfill::2',
          'effect_outcome_unknown:revoke::1',
        ),
        fc.constantFrom<Resolution>('accept', 'reject', 'done', 'not-done'),
      )
      .map(([key, resolution]) => resolved(key, resolution)),
  );
}
