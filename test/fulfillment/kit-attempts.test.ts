/** Opening attempts, and who may ask about one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptHandle, BindTokenAnswer } from '../../src/protocol/index.js';
import { FakeVendor } from './kit/fake-vendor.js';
import { World, type Caller } from './kit/world.js';

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

const attempts = async (order: string) => (await kit.order(order)).attempts;
const mint = async (attempt: AttemptHandle, buyer?: string): Promise<BindTokenAnswer> =>
  (await (await kit.bindToken(attempt, buyer)).json()) as BindTokenAnswer;

describe('a start', () => {
  it('is committed before it is answered, with no secret and no person in the tables', async () => {
    const { attempt } = await kit.start('order-1');
    await mint(attempt);
    const { rows } = await world.pool.query<{ dump: string }>(
      `SELECT (SELECT json_agg(a)::text FROM ${world.schema}.attempts a) ||
              (SELECT json_agg(t)::text FROM ${world.schema}.attempt_tokens t) AS dump`,
    );
    expect(rows[0]?.dump).toContain(attempt.id);
    expect(rows[0]?.dump).not.toContain(attempt.token);
    expect(rows[0]?.dump).not.toMatch(/ada@|cus-ada|bind-1/);
    expect(Buffer.from(attempt.token, 'base64url')).toHaveLength(32);
  });

  it('by the same buyer in a second tab goes on with the attempt, and both tabs keep a good token', async () => {
    const first = await kit.start('order-1');
    const second = await kit.start('order-1');
    expect(second.attempt.id).toBe(first.attempt.id);
    expect(second.attempt.token).not.toBe(first.attempt.token);
    expect((await kit.status(first.attempt)).status).toBe('open');
    expect((await kit.status(second.attempt)).status).toBe('open');
  });

  it('made twelve times at once by two processes opens one attempt', async () => {
    const other = await world.kit();
    const started = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? kit : other).start('order-1')),
    );
    expect(new Set(started.map(({ attempt }) => attempt.id)).size).toBe(1);
    expect(await attempts('order-1')).toHaveLength(1);
    for (const { attempt } of started) expect((await kit.status(attempt)).status).toBe('open');
  });

  it('by another buyer gets an attempt of its own, whose token is useless for the first', async () => {
    const ada = await kit.start('order-1');
    const bob = await kit.start('order-1', { buyer: 'bob' });
    expect(bob.attempt.id).not.toBe(ada.attempt.id);
    const crossed = await kit.about({ ...ada.attempt, token: bob.attempt.token }, '');
    expect(crossed.status).toBe(401);
    expect((await attempts('order-1')).filter(({ active }) => active)).toHaveLength(1);
  });

  it('of an order that is sold through another vendor is refused and leaves nothing', async () => {
    await kit.start('order-1');
    const both = await world.kit({ vendors: [world.vendor, new FakeVendor('siglume')] });
    const answer = await both.fetch('/attempts', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-buyer': 'ada' },
      body: JSON.stringify({
        v: 1,
        vendor: 'siglume',
        order: 'order-1',
        page: 'https://shop.example/pricing',
      }),
    });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'order_not_resolved',
      message: 'The order is sold through ledgerbee',
    });
    expect(await attempts('order-1')).toHaveLength(1);
    expect(world.logs).toContainEqual(expect.objectContaining({ event: 'start.other-vendor' }));
  });

  it('by nobody in particular is told apart from a buyer who is logged in', async () => {
    const anonymous = await kit.start('order-1', { buyer: 'nobody' });
    const ada = await kit.start('order-1');
    expect(ada.attempt.id).not.toBe(anonymous.attempt.id);
  });

  it('for the same order at other terms opens a new attempt', async () => {
    const first = await kit.start('order-1', { plan: 'plan-pro' });
    world.pass(1);
    const second = await kit.start('order-1', { plan: 'plan-max' });
    expect(second.attempt.id).not.toBe(first.attempt.id);
    expect((await attempts('order-1')).map(({ planId, active }) => [planId, active])).toEqual([
      ['plan-max', true],
      ['plan-pro', false],
    ]);
  });

  it('at new terms by a process whose clock is behind still sets the terms that count', async () => {
    await kit.start('order-1', { plan: 'plan-pro' });
    world.pass(-60_000);
    await kit.start('order-1', { plan: 'plan-max' });
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', planId: 'plan-max' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });

  it('sent again with its Idempotency-Key is the same start, though the merchant would name another order', async () => {
    let orders = 0;
    const one = await world.kit({ resolveOrder: () => ({ orderRef: `made-${(orders += 1)}` }) });
    const first = await one.start('x', { key: 'key-1' });
    const again = await one.start('x', { key: 'key-1' });
    expect(again.attempt.id).toBe(first.attempt.id);
    expect((await one.status(again.attempt)).status).toBe('open');
    expect(orders).toBe(1);
    expect((await one.start('x', { key: 'key-2' })).attempt.id).not.toBe(first.attempt.id);
  });

  it('sent eight times at once with one Idempotency-Key is one attempt for one order', async () => {
    let orders = 0;
    const one = await world.kit({ resolveOrder: () => ({ orderRef: `made-${(orders += 1)}` }) });
    const started = await Promise.all(Array.from({ length: 8 }, () => one.start('x', { key: 'key-1' })));
    expect(new Set(started.map(({ attempt }) => attempt.id)).size).toBe(1);
    expect(await one.kit.orders.list()).toHaveLength(1);
  });

  it('with somebody else’s Idempotency-Key gets nothing of theirs', async () => {
    const ada = await kit.start('order-1', { key: 'key-1' });
    const bob = await kit.start('order-1', { key: 'key-1', buyer: 'bob' });
    expect(bob.attempt.id).not.toBe(ada.attempt.id);
  });

  it('for an order that is fulfilled opens nothing: the page is to show that it is done', async () => {
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    for (const buyer of ['ada', 'bob']) {
      const { attempt, next } = await kit.start('order-1', { buyer });
      expect(next).toEqual({ type: 'wait', retryAfterMs: 0 });
      expect(await kit.status(attempt)).toEqual({ v: 1, status: 'fulfilled' });
    }
    expect((await kit.order('order-1')).facts.filter(({ kind }) => kind === 'expected')).toHaveLength(1);
  });

  it('for an order whose payment is being looked into waits instead of offering another', async () => {
    await kit.start('order-1', { plan: 'plan-pro' });
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', planId: 'plan-other' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    const { attempt, next } = await kit.start('order-1', { plan: 'plan-pro' });
    expect(next.type).toBe('wait');
    expect((await kit.status(attempt)).status).toBe('review');
  });

  it('for a reference whose subscription was here first is not offered to pay again', async () => {
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    await kit.tick();
    expect((await kit.start('order-1')).next).toEqual({ type: 'wait', retryAfterMs: 1000 });
  });

  it('while a subscription was announced and not read yet waits: it may be the very purchase', async () => {
    await kit.start('order-1');
    await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
    expect((await kit.start('order-1')).next).toEqual({ type: 'wait', retryAfterMs: 1000 });
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'awaiting' });
    await kit.tick();
    expect((await kit.start('order-1')).next.type).toBe('frame');
  });

  it.each(['confirmed', 'pending'] as const)(
    'after %j was heard waits, whoever starts: nobody pays twice while it is unknown',
    async (kind) => {
      const { attempt } = await kit.start('order-1', { buyer: 'nobody' });
      await kit.signal(attempt, kind);
      expect((await kit.start('order-1', { buyer: 'nobody' })).next.type).toBe('wait');
      expect((await kit.start('order-1')).next.type).toBe('wait');
      expect((await kit.start('order-2')).next.type).toBe('frame');
    },
  );

  it('after a confirmation that came to nothing is offered again', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'confirmed');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended' });
    await kit.tick();
    expect((await kit.start('order-1')).next.type).toBe('frame');
  });

  it.each([
    { orderRef: '' },
    { orderRef: 'x'.repeat(256) },
    { orderRef: 'ledgerbee:sub-1' },
    { orderRef: 'o', amountMinor: 1.5 },
  ])('whose order the merchant names as %j is our own failure, and the log says why', async (order) => {
    const one = await world.kit({ resolveOrder: () => order });
    await expect(one.start('x')).rejects.toThrow(/500/);
    expect(world.logs.at(-1)).toMatchObject({ event: 'http.misconfigured' });
    expect(world.logs.at(-1)?.message).toContain('resolveOrder');
  });
});

describe('a token', () => {
  it('is good for a day', async () => {
    const { attempt } = await kit.start('order-1');
    expect(Date.parse(attempt.expiresAt)).toBe(world.now + 24 * 3600_000);
    world.pass(24 * 3600_000 - 1);
    expect((await kit.about(attempt, '')).status).toBe(200);
    world.pass(1);
    expect((await kit.about(attempt, '')).status).toBe(401);
  });

  it.each(['', '/events', '/bind-token', '/signals'])('of another attempt is useless at %j', async (path) => {
    const { attempt } = await kit.start('order-1');
    const other = await kit.start('order-2');
    const method = path === '' || path === '/events' ? 'GET' : 'POST';
    const answer = await kit.about({ ...attempt, token: other.attempt.token }, path, { method });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthorized' });
  });

  it('is not needed by the buyer who opened the attempt, and by nobody else replaced', async () => {
    const { attempt } = await kit.start('order-1');
    const as = (buyer: string): Promise<Response> =>
      kit.fetch(`/attempts/${attempt.id}`, { headers: { 'x-buyer': buyer } });
    expect((await as('ada')).status).toBe(200);
    expect((await as('bob')).status).toBe(401);
    expect((await as('nobody')).status).toBe(401);
  });

  it('that is wrong is not made good by a login', async () => {
    const { attempt } = await kit.start('order-1');
    const headers = { 'x-buyer': 'ada' };
    expect((await kit.about({ ...attempt, token: 'wrong' }, '', { headers })).status).toBe(401);
  });

  it('of an anonymous attempt is its only key', async () => {
    const { attempt } = await kit.start('order-1', { buyer: 'nobody' });
    expect((await kit.about(attempt, '')).status).toBe(200);
    expect((await kit.fetch(`/attempts/${attempt.id}`)).status).toBe(401);
  });
});

describe('a bind token', () => {
  it('is fresh with every call and made for this order and this login', async () => {
    const { attempt } = await kit.start('order-1');
    expect([await mint(attempt), await mint(attempt)]).toEqual([
      { v: 1, bindToken: 'bind-1' },
      { v: 1, bindToken: 'bind-2' },
    ]);
    expect(world.vendor.minted).toEqual(
      Array(2).fill({ identity: world.buyers['ada'], reference: 'order-1' }),
    );
    expect((await kit.bindToken(attempt)).headers.get('cache-control')).toBe('no-store');
  });

  it('is not made for another login than the attempt’s', async () => {
    const { attempt } = await kit.start('order-1');
    expect((await kit.bindToken(attempt, 'bob')).status).toBe(401);
    expect(world.vendor.minted).toEqual([]);
  });

  it('that cannot be made is null with the reason, and noted', async () => {
    const { attempt } = await kit.start('order-1');
    world.vendor.onMint = () => Promise.resolve({ bindToken: null, unbound: 'mint_refused' });
    expect(await mint(attempt)).toEqual({ v: 1, bindToken: null, unbound: 'mint_refused' });
    expect(await attempts('order-1')).toMatchObject([{ unbound: 'mint_refused' }]);
    expect(world.logs).toContainEqual(expect.objectContaining({ event: 'attempt.unbound', level: 'warn' }));
    world.vendor.onMint = () => Promise.reject(new Error('the adapter broke its promise'));
    expect(await mint(attempt)).toMatchObject({ bindToken: null, unbound: 'mint_unavailable' });
    world.vendor.onMint = null;
    expect(await mint(attempt)).toMatchObject({ bindToken: 'bind-3' });
    expect(await attempts('order-1')).toMatchObject([{ unbound: null }]);
  });

  it('makes an anonymous attempt the buyer’s who logged in on the way, and nobody else’s', async () => {
    const { attempt } = await kit.start('order-1', { buyer: 'nobody' });
    expect(await mint(attempt, 'nobody')).toEqual({ v: 1, bindToken: null, unbound: 'anonymous' });
    expect(await mint(attempt, 'ada')).toMatchObject({ bindToken: 'bind-2' });
    expect((await kit.bindToken(attempt, 'bob')).status).toBe(401);
    expect((await kit.start('order-1')).attempt.id).toBe(attempt.id);
  });

  it('asked for by two logins at once makes the anonymous attempt one’s own, and gives the other none', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { attempt } = await kit.start(`order-${round}`, { buyer: 'nobody' });
      const answers = await Promise.all(['ada', 'bob'].map((buyer) => kit.bindToken(attempt, buyer)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    }
  });

  it('that the checkout lost on the way is noted when the page reports a pending verification', async () => {
    const { attempt } = await kit.start('order-1');
    await mint(attempt);
    await kit.signal(attempt, 'pending');
    expect(await attempts('order-1')).toMatchObject([{ unbound: 'reference_lost' }]);
    expect(world.logs.at(-1)).toMatchObject({ event: 'attempt.unbound', level: 'warn' });
  });
});

it('no log entry ever holds a token, an e-mail address or a payload', async () => {
  const { attempt } = await kit.start('order-1');
  await mint(attempt);
  await kit.signal(attempt, 'pending');
  await kit.deliver({ id: 'msg-1', subject: 'sub-secret', reference: 'order-1' }, 'bad');
  await kit.deliver({ id: 'msg-1', subject: 'sub-\0secret', reference: 'order-1' });
  world.vendor.onMint = () => Promise.reject(new Error('ada@example.test'));
  await mint(attempt);
  await kit.tick();
  expect(world.logs.length).toBeGreaterThan(3);
  expect(JSON.stringify(world.logs)).not.toMatch(new RegExp(`@|secret|${attempt.token}|bind-1`));
});
