/** The same facts in every order of arrival leave the same rows: in the store, and by way of the receiver. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyChanges, type OrderChange } from '../../src/fulfillment/apply.js';
import { factKey, type Fact } from '../../src/fulfillment/order-facts.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { transaction } from '../../src/fulfillment/postgres/transaction.js';
import { DEFAULT_SCHEDULE } from '../../src/fulfillment/schedule.js';
import { REF } from '../support/order-facts.js';
import { HEARD_STORIES, type Story } from '../support/order-stories.js';
import { permutations } from '../support/permutations.js';
import { differencesOf, readStored } from './kit/stored-orders.js';
import { World } from './kit/world.js';

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

describe('the store', () => {
  it('ends each story in the same rows, in every order of arrival and with every fact repeated', async () => {
    await world.kit();
    const orders = HEARD_STORIES.flatMap((story, number) =>
      permutations(story.facts).map((arrived, index) => {
        const ref = `order-${number}-${index}`;
        return { ref, story, arrived: arrived.map((fact) => about(ref, fact)) };
      }),
    );
    for (let step = 0; step < 6; step += 1) {
      // Each transaction brings the orders their next fact, and the one before it once more.
      const going = orders.filter(({ arrived }) => step < arrived.length);
      await apply(
        going.map(({ ref, story, arrived }) =>
          changeOf(ref, story, arrived.slice(Math.max(0, step - 1), step + 1)),
        ),
      );
    }
    const stored = new Map((await readStored(world)).map((order) => [order.ref, order]));
    expect(stored.size).toBe(orders.length);
    expect([...stored.values()].flatMap(differencesOf)).toEqual([]);
    for (const { ref, story, arrived } of orders) {
      const { status, effects, facts, reviews } = stored.get(ref)!;
      expect({ ref, status, effects }).toEqual({
        ref,
        status: story.status,
        effects: story.effects.map((key) => `${key} due`),
      });
      expect(facts).toEqual(Object.fromEntries(arrived.map((fact) => [factKey(fact), fact])));
      // A review that was opened on the way stays: a person may be looking at it.
      expect(reviews).toEqual(expect.arrayContaining([...story.reviews]));
    }
  });
});

describe('the receiver', () => {
  const topics = ['assigned', 'started', 'payment_succeeded', 'updated'];

  it.each([
    ['that grants', 'granted', 'fulfilled', 24],
    ['that has ended', 'ended', 'failed', 0],
    ['that waits for its payment', 'awaiting', 'pending', 0],
  ] as const)(
    'ends in one place for a subscription %s, in every order of its deliveries, each sent twice',
    async (_, access, status, granted) => {
      const kits = [await world.kit(), await world.kit()];
      const orders = permutations(topics).map((arrived, index) => ({
        ref: `order-${index}`,
        subject: `sub-${index}`,
        arrived,
      }));
      for (const { ref, subject } of orders) {
        await kits[0]!.start(ref);
        world.vendor.sells({ subject, reference: ref, access, vendorStatus: access });
      }
      for (let step = 0; step < topics.length; step += 1) {
        const answers = orders.flatMap(({ ref, subject, arrived }) =>
          kits.map((kit) =>
            kit.deliver({
              id: `${ref}-${arrived[step]}`,
              topic: `subscription.${arrived[step]}`,
              subject,
              reference: ref,
            }),
          ),
        );
        expect((await Promise.all(answers)).every((answer) => answer.status === 204)).toBe(true);
        await Promise.all(kits.map((kit) => kit.tick()));
      }
      const stored = await readStored(world);
      expect(stored.map((order) => order.status)).toEqual(orders.map(() => status));
      expect(stored.flatMap(differencesOf)).toEqual([]);
      const effects = await world.granted();
      expect(new Set(effects.map(({ order_ref }) => order_ref)).size).toBe(granted);
      expect(effects).toHaveLength(granted);
    },
  );
});

async function apply(changes: readonly OrderChange[]): Promise<void> {
  const context = { tables: tablesOf(world.schema), schedule: DEFAULT_SCHEDULE };
  await transaction(world.pool, (sql) => applyChanges(sql, context, changes, world.now));
}

function changeOf(ref: string, { unreferenced }: Story, facts: readonly Fact[]): OrderChange {
  const change = { ref, vendor: 'ledgerbee', facts, cause: 'test' } as const;
  return unreferenced === undefined || unreferenced === null ? change : { ...change, unreferenced };
}

/** The story's fact, told of this order. */
function about(ref: string, fact: Fact): Fact {
  if (fact.kind !== 'observed' || fact.observation.reference !== REF) return fact;
  return { ...fact, observation: { ...fact.observation, reference: ref } };
}
