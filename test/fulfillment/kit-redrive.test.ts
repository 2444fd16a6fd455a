/** Effects whose tries ran out, put back by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idempotentEffect } from '../../src/fulfillment/index.js';
import { World, type Caller } from './kit/world.js';

let world: World;
let kit: Caller;
let isBroken: boolean;
let runs: string[];
beforeEach(async () => {
  world = await World.create();
  isBroken = true;
  runs = [];
  kit = await world.kit({
    schedule: { effectMaxTries: 1 },
    effects: {
      fulfill: idempotentEffect(({ key }) => {
        runs.push(key);
        return isBroken ? Promise.reject(new Error('the shop is broken')) : Promise.resolve();
      }),
    },
  });
});
afterEach(() => world.close());

/** An order whose fulfillment has died. */
const die = async (ref = 'order-1', number = 1): Promise<void> => {
  await kit.start(ref);
  world.vendor.sells({ subject: `sub-${number}`, reference: ref });
  await kit.deliver({ id: `msg-${number}`, subject: `sub-${number}`, reference: ref });
  await kit.tick();
};
const { listDead, redrive } = {
  listDead: (...args: Parameters<Caller['kit']['effects']['listDead']>) => kit.kit.effects.listDead(...args),
  redrive: (ref: string, options: { kind?: 'fulfill' | 'revoke'; epoch?: string } = {}) =>
    kit.kit.effects.redrive(ref, { by: 'ada', ...options }),
};

describe('a dead letter', () => {
  it('is listed with what went wrong and the review that it opened', async () => {
    await die();
    const [review] = await kit.kit.reviews.list({ open: true });
    expect(await listDead()).toEqual([
      {
        orderRef: 'order-1',
        vendor: 'ledgerbee',
        kind: 'fulfill',
        epoch: '',
        tries: 1,
        lastError: 'Error: the shop is broken',
        evidence: {
          subscriptionId: 'sub-1',
          vendorStatus: 'active',
          customerId: 'cus-1',
          planId: 'plan-pro',
        },
        review: {
          id: review!.id,
          key: 'effect_dead_letter:fulfill::1',
          openedAt: '2026-06-01T12:00:00.000Z',
          resolution: null,
          resolvedBy: null,
        },
      },
    ]);
  });

  it('that is put back runs again with new tries and the same key, and its review is answered', async () => {
    await die();
    isBroken = false;
    expect(await redrive('order-1')).toEqual({
      outcome: 'redriven',
      effects: [{ kind: 'fulfill', epoch: '', due: true }],
    });
    expect(await listDead()).toEqual([]);
    expect(await kit.kit.reviews.list({ open: false })).toMatchObject([
      { reason: 'effect_dead_letter', resolution: 'accept', resolvedBy: 'ada' },
    ]);
    await kit.tick();
    expect(runs).toEqual(['order-1:fulfill:', 'order-1:fulfill:']);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });

  it('that dies again is a new one, and can be put back again', async () => {
    await die();
    await redrive('order-1');
    await kit.tick();
    expect(await listDead({ open: true })).toMatchObject([
      { tries: 2, review: { key: 'effect_dead_letter:fulfill::2' } },
    ]);
    isBroken = false;
    expect(await redrive('order-1')).toMatchObject({ outcome: 'redriven' });
    await kit.tick();
    expect(runs).toHaveLength(3);
  });

  it('that is put back by several at once is put back once', async () => {
    await die();
    isBroken = false;
    const others = await Promise.all([world.kit(), world.kit()]);
    const results = await Promise.all(
      [kit, ...others].map((one, index) => one.kit.effects.redrive('order-1', { by: `person ${index}` })),
    );
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([
      'nothing-dead',
      'nothing-dead',
      'redriven',
    ]);
  });

  it('that was given up stays so, and who did it is told', async () => {
    await die();
    const review = (await listDead())[0]!.review;
    await kit.kit.reviews.resolve(review.id, { resolution: 'reject', by: 'bob' });
    expect(await redrive('order-1')).toMatchObject({
      outcome: 'given-up',
      effects: [{ kind: 'fulfill', review: { resolution: 'reject', resolvedBy: 'bob' } }],
    });
    expect(await listDead({ open: true })).toEqual([]);
    expect(await listDead()).toHaveLength(1);
  });

  it('whose subscription has ended is not run', async () => {
    await die();
    world.vendor.sells({
      subject: 'sub-1',
      reference: 'order-1',
      access: 'ended',
      vendorStatus: 'cancelled',
    });
    await kit.deliver({ id: 'msg-end', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    expect(await redrive('order-1')).toEqual({
      outcome: 'redriven',
      effects: [{ kind: 'fulfill', epoch: '', due: false }],
    });
    await kit.tick();
    expect(runs).toHaveLength(1);
  });

  it('is only put back where kind and epoch are those asked for', async () => {
    await die();
    expect(await redrive('order-1', { kind: 'revoke' })).toEqual({ outcome: 'nothing-dead' });
    expect(await redrive('order-1', { epoch: '1' })).toEqual({ outcome: 'nothing-dead' });
    expect(await redrive('order-2')).toEqual({ outcome: 'nothing-dead' });
    expect(await redrive('order-1', { kind: 'fulfill', epoch: '' })).toMatchObject({ outcome: 'redriven' });
  });
});

it('dead letters are listed page by page', async () => {
  for (const number of [1, 2, 3]) await die(`order-${number}`, number);
  const first = await listDead({ limit: 2 });
  const rest = await listDead({ limit: 2, after: first.at(-1)! });
  expect([first, rest].map((page) => page.map(({ orderRef }) => orderRef))).toEqual([
    ['order-1', 'order-2'],
    ['order-3'],
  ]);
});
