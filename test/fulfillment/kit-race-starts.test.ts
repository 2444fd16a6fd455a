/** Fifty pages start one order in the same moment, by way of two processes. */
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { World, type Caller } from './kit/world.js';

const STARTS = 50;

let world: World;
let pools: readonly pg.Pool[];
let kits: readonly Caller[];
beforeEach(async () => {
  world = await World.create();
  pools = [0, 1].map(() => new pg.Pool({ connectionString: world.url, max: 10 }));
  kits = await Promise.all(pools.map((database) => world.kit({ database })));
});
afterEach(async () => {
  await world.close();
  await Promise.all(pools.map((pool) => pool.end()));
});

it('fifty starts of one buyer open one attempt, which keeps twenty tokens', async () => {
  const started = await startAll(() => 'ada');
  expect(new Set(started.map(({ attempt }) => attempt.id)).size).toBe(1);
  expect(new Set(started.map(({ attempt }) => attempt.token)).size).toBe(STARTS);
  expect((await kits[0]!.order('order-1')).attempts).toMatchObject([{ active: true }]);
  const answers = await Promise.all(started.map(({ attempt }) => kits[1]!.about(attempt, '')));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(STARTS - 20);
});

it('fifty starts of fifty buyers leave one attempt active, and one expectation for each', async () => {
  for (let index = 0; index < STARTS; index += 1) {
    world.buyers[`buyer-${index}`] = { email: `b${index}@example.test`, customerId: `cus-${index}` };
  }
  const started = await startAll((index) => `buyer-${index}`);
  const { attempts, facts } = await kits[0]!.order('order-1');
  expect(new Set(started.map(({ attempt }) => attempt.id)).size).toBe(STARTS);
  expect(attempts).toHaveLength(STARTS);
  expect(attempts.filter(({ active }) => active)).toHaveLength(1);
  expect(facts.filter(({ kind }) => kind === 'expected')).toHaveLength(STARTS);

  // Whoever of them pays, the order is fulfilled once.
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
  await Promise.all(
    kits.map((kit, index) => kit.deliver({ id: `msg-${index}`, subject: 'sub-1', reference: 'order-1' })),
  );
  await Promise.all(kits.map((kit) => kit.tick()));
  expect(await world.granted()).toHaveLength(1);
});

function startAll(buyerOf: (index: number) => string) {
  return Promise.all(
    Array.from({ length: STARTS }, (_, index) =>
      kits[index % kits.length]!.start('order-1', { buyer: buyerOf(index) }),
    ),
  );
}
