/** What a person answers, and what their answer does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  idempotentEffect,
  onceOrReviewEffect,
  type Resolution,
  type Review,
} from '../../src/fulfillment/index.js';
import { eventually, World, type Caller } from './kit/world.js';

const HOUR = 3600_000;

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

/** An order that waits because another plan was bought than was sold. */
const buyOtherPlan = async (ref = 'order-1', number = 1): Promise<Review> => {
  await kit.start(ref, { plan: 'plan-basic' });
  world.vendor.sells({ subject: `sub-${number}`, reference: ref, planId: 'plan-pro' });
  await kit.deliver({ id: `msg-${number}`, subject: `sub-${number}`, reference: ref });
  await kit.tick();
  return (await kit.kit.reviews.list({ orderRef: ref }))[0]!;
};
const answer = (review: string | { orderRef: string | null; key: string }, resolution: Resolution) =>
  kit.kit.reviews.resolve(review, { resolution, by: 'ada' });

describe('a review that is answered', () => {
  it('by accept lets the order go on, and keeps who said so', async () => {
    const review = await buyOtherPlan();
    expect(review).toEqual({
      id: expect.stringMatching(/^\d+$/) as string,
      orderRef: 'order-1',
      vendor: 'ledgerbee',
      key: 'plan_mismatch:sub-1:plan-basic:plan-pro',
      reason: 'plan_mismatch',
      evidence: { subscriptionId: 'sub-1', expectedPlanId: 'plan-basic', planId: 'plan-pro' },
      openedAt: '2026-06-01T12:00:00.000Z',
      resolvedAt: null,
      resolution: null,
      resolvedBy: null,
    });
    world.pass(HOUR);
    expect(await answer(review.id, 'accept')).toEqual({
      outcome: 'resolved',
      review: {
        ...review,
        resolvedAt: '2026-06-01T13:00:00.000Z',
        resolution: 'accept',
        resolvedBy: 'ada',
      },
      status: { before: 'review', after: 'processing' },
    });
    await kit.tick();
    const order = await kit.order('order-1');
    expect(order).toMatchObject({ status: 'fulfilled', openReviews: 0 });
    expect(order.reviews).toMatchObject([{ id: review.id, resolution: 'accept', resolvedBy: 'ada' }]);
    expect(order.transitions.map(({ to, cause }) => [to, cause])).toContainEqual([
      'processing',
      `review:${review.id}:accept`,
    ]);
    expect(await world.granted()).toHaveLength(1);
  });

  it('by reject grants nothing', async () => {
    const review = await buyOtherPlan();
    expect(await answer({ orderRef: 'order-1', key: review.key }, 'reject')).toMatchObject({
      outcome: 'resolved',
      status: { before: 'review', after: 'failed' },
    });
    await kit.tick();
    expect(await world.granted()).toEqual([]);
  });

  it('keeps its answer: the same again changes nothing, another is refused', async () => {
    const { id } = await buyOtherPlan();
    await answer(id, 'accept');
    const before = await kit.order('order-1');
    expect(await answer(id, 'accept')).toMatchObject({
      outcome: 'repeated',
      status: { before: 'processing', after: 'processing' },
    });
    expect(await answer(id, 'reject')).toMatchObject({
      outcome: 'answered-otherwise',
      review: { resolution: 'accept', resolvedBy: 'ada' },
    });
    expect(await kit.order('order-1')).toEqual(before);
  });

  it('by many at once takes one answer, and the rest are told which', async () => {
    const { id } = await buyOtherPlan();
    const others = await Promise.all([world.kit(), world.kit(), world.kit()]);
    const results = await Promise.all(
      [kit, ...others].map((one, index) =>
        one.kit.reviews.resolve(id, {
          resolution: index % 2 === 0 ? 'accept' : 'reject',
          by: `person ${index}`,
        }),
      ),
    );
    const [review] = await kit.kit.reviews.list();
    expect(results.filter(({ outcome }) => outcome === 'resolved')).toMatchObject([{ review }]);
    expect(results.filter(({ outcome }) => outcome === 'answered-otherwise')).toHaveLength(2);
    expect((await kit.order('order-1')).facts.filter(({ kind }) => kind === 'review-resolved')).toEqual([
      { kind: 'review-resolved', reviewKey: review!.key, resolution: review!.resolution },
    ]);
  });

  it('writes nothing when the order cannot be written', async () => {
    const { id } = await buyOtherPlan();
    await world.pool.query(
      `ALTER TABLE ${world.schema}.orders ADD CONSTRAINT refuse CHECK (version < 1) NOT VALID`,
    );
    await expect(answer(id, 'accept')).rejects.toMatchObject({ code: '23514' });
    expect(await kit.kit.reviews.list({ open: true })).toMatchObject([{ id, resolution: null }]);
  });

  it('may belong to no order', async () => {
    await kit.deliver({ id: 'msg-1', as: 'unreadable' });
    const [review] = await kit.kit.reviews.list({ open: true });
    expect(review).toMatchObject({ orderRef: null, reason: 'unreadable_delivery' });
    expect(await answer({ orderRef: null, key: review!.key }, 'reject')).toMatchObject({
      outcome: 'resolved',
      review: { resolvedBy: 'ada' },
      status: null,
    });
    expect(await kit.kit.reviews.list({ open: true })).toEqual([]);
  });

  it('does not end the waiting of an order whose reference is nobody’s yet', async () => {
    for (const number of [1, 2]) {
      world.vendor.sells({ subject: `sub-${number}`, reference: 'early' });
      await kit.deliver({ id: `msg-${number}`, subject: `sub-${number}`, reference: 'early' });
    }
    await kit.tick();
    const [review] = await kit.kit.reviews.list({ orderRef: 'early' });
    expect(review).toMatchObject({ reason: 'second_payment' });
    await answer(review!.id, 'accept');
    expect((await kit.order('early')).parkedUntil).not.toBeNull();
    world.pass(2 * HOUR);
    await kit.tick();
    expect(await kit.order('early')).toMatchObject({ status: 'review', parkedUntil: null });
  });

  it.each(['0', '999', '-1', '1 OR 1=1', '', '99999999999999999999'])(
    'must be there: %j is not found',
    async (id) => {
      expect(await answer(id, 'accept')).toEqual({ outcome: 'not-found' });
    },
  );

  it('takes no answer that its reason does not have', async () => {
    const { id } = await buyOtherPlan();
    for (const other of ['done', 'not-done', 'perhaps' as 'done'] as const) {
      expect(await answer(id, other)).toMatchObject({
        outcome: 'not-an-answer',
        review: { id, resolution: null },
        answers: ['accept', 'reject'],
      });
    }
    expect(await kit.kit.reviews.list({ open: true })).toHaveLength(1);
  });

  it.each(['', '   ', 'x'.repeat(201), 'a\0b'])('takes no answer from nobody: %j', async (by) => {
    const { id } = await buyOtherPlan();
    await expect(kit.kit.reviews.resolve(id, { resolution: 'accept', by })).rejects.toThrow(
      /by must name who answers/,
    );
  });
});

describe('a run of which nobody can say how it ended', () => {
  const lose = async (): Promise<{ careful: Caller; review: Review; runs: () => number }> => {
    let runs = 0;
    const careful = await world.kit({
      effects: {
        fulfill: onceOrReviewEffect(() => {
          runs += 1;
          return runs === 1 ? Promise.reject(new Error('the answer was lost')) : Promise.resolve();
        }),
      },
    });
    await careful.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await careful.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await careful.tick();
    const [review] = await careful.kit.reviews.list({ open: true });
    expect(review).toMatchObject({ reason: 'effect_outcome_unknown' });
    return { careful, review: review!, runs: () => runs };
  };

  it.each([
    ['done', 1, 'fulfilled'],
    ['not-done', 2, 'fulfilled'],
    ['reject', 1, 'failed'],
  ] as const)(
    'and which a person calls %j has run %i times in the end',
    async (resolution, times, status) => {
      const { careful, review, runs } = await lose();
      expect(await answer(review.id, resolution)).toMatchObject({ outcome: 'resolved' });
      await careful.tick();
      expect(runs()).toBe(times);
      expect((await careful.order('order-1')).status).toBe(status);
    },
  );

  it('is not run again by a mere "go on", and is no dead letter', async () => {
    const { careful, review, runs } = await lose();
    expect(await answer(review.id, 'accept')).toMatchObject({
      outcome: 'not-an-answer',
      answers: ['done', 'not-done', 'reject'],
    });
    expect(await careful.kit.effects.redrive('order-1', { by: 'ada' })).toEqual({ outcome: 'nothing-dead' });
    await careful.tick();
    expect(runs()).toBe(1);
  });
});

describe('the list of reviews', () => {
  it('shows what waits, oldest first, what was answered, newest first, and those of one order', async () => {
    const first = await buyOtherPlan('order-1', 1);
    const second = await buyOtherPlan('order-2', 2);
    await kit.deliver({ id: 'msg-x', as: 'unreadable' });
    const ids = async (options: Parameters<typeof kit.kit.reviews.list>[0]) =>
      (await kit.kit.reviews.list(options)).map(({ id }) => id);
    const [unreadable] = (await ids({ open: true })).slice(-1);
    expect(await ids({ open: true })).toEqual([first.id, second.id, unreadable]);
    expect(await ids({ open: true, limit: 1 })).toEqual([first.id]);
    await answer(first.id, 'reject');
    await answer(second.id, 'accept');
    expect(await ids({ open: true })).toEqual([unreadable]);
    expect(await ids({ open: false })).toEqual([second.id, first.id]);
    expect(await ids({})).toEqual([unreadable, second.id, first.id]);
    expect(await ids({ orderRef: 'order-2' })).toEqual([second.id]);
    expect(await ids({ orderRef: 'order-2', open: true })).toEqual([]);
  });
});

describe('the merchant', () => {
  it('is told all that an answer needs', async () => {
    const review = await buyOtherPlan();
    const { id, orderRef, vendor, key, reason, evidence, openedAt } = review;
    expect(world.reviews).toEqual([{ id, orderRef, vendor, key, reason, evidence, openedAt }]);
  });

  it.each([
    ['with an ear', {}],
    ['without one', { onReview: undefined, onDeadLetter: undefined }],
  ])('finds a review in the log once, %s', async (_, options) => {
    kit = await world.kit(options);
    const { id } = await buyOtherPlan();
    await kit.deliver({ id: 'msg-2', as: 'unreadable' });
    await kit.tick();
    await kit.deliver({ id: 'msg-3', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    const opened = world.logs.filter(({ event }) => event === 'review.opened');
    expect(opened).toEqual([
      {
        level: 'warn',
        event: 'review.opened',
        message: 'A person must look at it; see: npx checkout-embed review',
        fields: { id, reason: 'plan_mismatch', orderRef: 'order-1' },
      },
      expect.objectContaining({
        fields: { id: expect.any(String) as string, reason: 'unreadable_delivery', orderRef: null },
      }),
    ]);
  });

  it('is told again when the process that told them died before it could note it', async () => {
    const dying = await world.kit({ onReview: () => new Promise(() => undefined) });
    await kit.deliver({ id: 'msg-1', as: 'unreadable' });
    void dying.tick();
    await eventually(async () => (await tries()) === 1);
    await kit.tick();
    expect(world.reviews).toEqual([]);
    world.pass(31_000);
    await kit.tick();
    expect(world.reviews).toHaveLength(1);
    world.pass(HOUR);
    await kit.tick();
    expect(world.reviews).toHaveLength(1);
  });

  it('is told however long their mail is down, until somebody has answered', async () => {
    let isDown = true;
    const told: string[] = [];
    const patient = await world.kit({
      onReview: ({ id }) => {
        if (isDown) throw new Error('mail is down');
        told.push(id);
      },
    });
    await patient.deliver({ id: 'msg-1', as: 'unreadable' });
    for (let round = 0; round < 15; round += 1) {
      await patient.tick();
      world.pass(HOUR);
    }
    expect(await tries()).toBe(15);
    isDown = false;
    await patient.tick();
    expect(told).toHaveLength(1);
  });

  it('is not called for ever about what was answered meanwhile', async () => {
    const deaf = await world.kit({
      onReview: () => Promise.reject(new Error('mail is down')),
    });
    await deaf.deliver({ id: 'msg-1', as: 'unreadable' });
    await deaf.tick();
    const [review] = await deaf.kit.reviews.list();
    await deaf.kit.reviews.resolve(review!.id, { resolution: 'reject', by: 'ada' });
    for (let round = 0; round < 15; round += 1) {
      world.pass(HOUR);
      await deaf.tick();
    }
    expect(await tries()).toBe(10);
  });

  it('hears of a review with the one ear although the other fails', async () => {
    const heard: string[] = [];
    const half = await world.kit({
      schedule: { effectMaxTries: 1 },
      effects: { fulfill: idempotentEffect(() => Promise.reject(new Error('never'))) },
      onDeadLetter: () => {
        throw new Error('the pager is down');
      },
      onReview: ({ reason }) => void heard.push(reason),
    });
    await half.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await half.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await half.tick();
    expect(heard).toEqual(['effect_dead_letter']);
  });

  it('who listens here for dead letters alone leaves the other reviews to who listens for them', async () => {
    const half = await world.kit({ onReview: undefined });
    await half.deliver({ id: 'msg-1', as: 'unreadable' });
    await half.tick();
    await kit.tick();
    expect(world.reviews).toHaveLength(1);
  });

  const tries = async (): Promise<number> => {
    const { rows } = await world.pool.query<{ notify_tries: number }>(
      `SELECT notify_tries FROM ${world.schema}.reviews`,
    );
    return rows[0]?.notify_tries ?? 0;
  };
});
