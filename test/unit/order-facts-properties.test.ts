import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factKey, type Fact, type OrderView } from '../../src/fulfillment/order-facts.js';
import type { EffectKind, Observation } from '../../src/fulfillment/ports.js';
import {
  announced,
  AT,
  begun,
  decide,
  done,
  expected,
  factSet,
  LATER,
  observed,
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
          const isDone = set.some((fact) => fact.kind === 'effect-done' && fact.effect === 'fulfill');
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

  it('grants nothing after the end, and takes back all it may have granted, whatever workers do in between', () => {
    fc.assert(
      fc.property(fc.array(anyStep(), { maxLength: 40 }), (steps) => {
        const store = new StoreByTheBook();
        for (const step of steps) store.take(step);
        store.take({ do: 'observe', access: 'ended' });
        store.settle();
        expect(store.violations).toEqual([]);
        expect(store.mayHold).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

/** The rules of `OrderDecision`'s docstring, for one order, and what the merchant's side would see of them. */
class StoreByTheBook {
  readonly violations: string[] = [];
  /** Whether the buyer may hold what was bought. */
  mayHold = false;
  readonly #facts: Fact[] = [expected()];
  readonly #leased = new Set<string>();
  #generation = 0;
  #ended = false;

  take(step: Step): void {
    switch (step.do) {
      case 'observe':
        this.#generation += 1;
        this.#ended = step.access === 'ended';
        this.#facts.push(observed(this.#generation, step.access));
        return;
      case 'accept':
        for (const { key } of decide(this.#facts).reviews) this.#facts.push(resolved(key, 'accept'));
        return;
      case 'claim':
        this.#claim(step.effect);
        return;
      case 'finish':
        this.#finish(step.effect, true);
        return;
      case 'crash':
        this.#finish(step.effect, false);
    }
  }

  /** Runs what is wanted until nothing is. */
  settle(): void {
    for (let round = 0; round < 6; round += 1) {
      for (const effect of ['fulfill', 'revoke'] as const) {
        this.#finish(effect, true);
        this.#claim(effect);
        this.#finish(effect, true);
      }
    }
  }

  #wanted(effect: EffectKind): string | undefined {
    const isDone = (epoch: string): boolean =>
      this.#facts.some(
        (fact) => fact.kind === 'effect-done' && fact.effect === effect && fact.epoch === epoch,
      );
    return decide(this.#facts).effects.find(({ kind, epoch }) => kind === effect && !isDone(epoch))?.epoch;
  }

  #claim(effect: EffectKind): void {
    const epoch = this.#wanted(effect);
    // One worker for an order at a time: a revocation never overtakes a grant in flight.
    if (epoch === undefined || this.#leased.size > 0) return;
    this.#leased.add(`${effect}:${epoch}`);
    this.#facts.push(begun(effect, epoch));
    if (effect === 'fulfill' && this.#ended) this.violations.push('granted after the end');
    this.mayHold = effect === 'fulfill';
  }

  #finish(effect: EffectKind, isHeard: boolean): void {
    const lease = [...this.#leased].find((key) => key.startsWith(`${effect}:`));
    if (lease === undefined) return;
    this.#leased.delete(lease);
    if (isHeard) this.#facts.push(done(effect, undefined, lease.slice(effect.length + 1)));
  }
}

type Step =
  | { readonly do: 'observe'; readonly access: Observation['access'] }
  | { readonly do: 'accept' }
  | { readonly do: 'claim' | 'finish' | 'crash'; readonly effect: EffectKind };

function anyStep(): fc.Arbitrary<Step> {
  const effect = fc.constantFrom<EffectKind>('fulfill', 'revoke');
  return fc.oneof(
    fc.record({ do: fc.constant('observe' as const), access: anyAccess() }),
    fc.constant({ do: 'accept' as const }),
    fc.record({ do: fc.constantFrom('claim' as const, 'finish' as const, 'crash' as const), effect }),
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
    fc.tuple(effect, epoch).map(([kind, turn]) => begun(kind, turn)),
    fc
      .tuple(
        fc.constantFrom(
          'plan_mismatch:sub-a:plan-1:plan-2',
          'unknown_vendor_status:sub-a:unknown',
          'unreferenced',
          'granted_after_revoke:1',
          'unknown_reference',
        ),
        fc.constantFrom('accept' as const, 'reject' as const),
      )
      .map(([key, resolution]) => resolved(key, resolution)),
  );
}
