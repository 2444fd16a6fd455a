/** Every order of arrival, and every repetition, of what can happen to one order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact, OrderDecision, OrderView } from '../../src/fulfillment/order-facts.js';
import { announced, decide, expected, kinds, observed } from '../support/order-facts.js';
import { HEARD_STORIES, WORKED_STORIES, type Story } from '../support/order-stories.js';
import { permutations } from '../support/permutations.js';

describe('an order', () => {
  it.each([...HEARD_STORIES, ...WORKED_STORIES].map((story) => [story.name, story] as const))(
    '%s ends in one place, in every order of arrival and with every repetition',
    (_, story) => {
      expect(story.facts.length).toBeLessThanOrEqual(6);
      const ends = new Set<string>();
      for (const arrived of permutations(story.facts)) {
        ends.add(endOf(arrived, story));
        // Each fact once more, at the end, in the opposite order; and each at once after itself.
        ends.add(endOf([...arrived, ...arrived.toReversed()], story));
        ends.add(
          endOf(
            arrived.flatMap((fact) => [fact, fact]),
            story,
          ),
        );
      }
      // To the last letter: the evidence that an effect is given too.
      expect(ends.size).toBe(1);
      const decision = decide(story.facts, viewOf(story));
      expect({
        status: decision.status,
        effects: decision.effects.map(({ kind, epoch }) => `${kind}:${epoch}`).sort(),
        reviews: decision.reviews.map(({ key }) => key).sort(),
      }).toEqual({ status: story.status, effects: story.effects, reviews: story.reviews });
    },
  );
});

describe('no announcement', () => {
  it('changes what is owed, whatever its topic', () => {
    const stories = fc.constantFrom(...HEARD_STORIES, ...WORKED_STORIES);
    const subject = fc.constantFrom('sub-a', 'sub-b', 'sub-z');
    const topics = fc.array(fc.tuple(subject, fc.string()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(stories, topics, ({ facts, unreferenced = null }, said) => {
        const heard = said.map(([id, topic]) => announced(id, topic));
        const { effects, reviews } = decide([...facts, ...heard], { unreferenced });
        expect({ effects, reviews }).toEqual(pick(decide(facts, { unreferenced })));
      }),
    );
  });

  it('grants once the end was read, though it says "started" and comes last', () => {
    const started = announced('sub-a', 'subscription.started');
    for (const arrived of permutations([
      expected(),
      announced('sub-a', 'subscription.churned'),
      observed(1, 'ended'),
    ])) {
      expect(kinds(decide([...arrived, started]))).toEqual([]);
    }
  });
});

describe('a subscription that is resumed', () => {
  it('is no repetition of itself before the pause, though the API says the same of it', () => {
    const [before, pause, after] = [observed(1, 'granted'), observed(2, 'paused'), observed(3, 'granted')];
    expect(kinds(decide([expected(), before, pause]))).toEqual([]);
    expect(kinds(decide([expected(), before, pause, after]))).toEqual(['fulfill']);
    // What was read before the pause and comes once more says nothing new.
    expect(kinds(decide([expected(), before, pause, before]))).toEqual([]);
  });
});

function endOf(facts: readonly Fact[], story: Story): string {
  return JSON.stringify(decide(facts, viewOf(story)));
}

function viewOf({ unreferenced = null }: Story): Pick<OrderView, 'unreferenced'> {
  return { unreferenced };
}

function pick({ effects, reviews }: OrderDecision): Pick<OrderDecision, 'effects' | 'reviews'> {
  return { effects, reviews };
}
