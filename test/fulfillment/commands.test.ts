/** What operators do from the shell: each command, for people and as one JSON document. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idempotentEffect } from '../../src/fulfillment/index.js';
import { ANSWER_WORDS } from '../../src/commands/answer-words.js';
import { answersTo, type ReviewReason } from '../../src/fulfillment/index.js';
import { shell, type ShellAnswer } from './kit/shell.js';
import { World, type Caller } from './kit/world.js';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const ID = expect.stringMatching(/^\d+$/) as string;

let world: World;
let kit: Caller;
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
});
afterEach(() => world.close());

const run = (...argv: string[]): Promise<ShellAnswer> =>
  shell([...argv, `--schema=${world.schema}`], { env: { DATABASE_URL: world.url } });
const json = async (...argv: string[]): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await run(...argv, '--json');
  expect(answer.err).toBe('');
  return { code: answer.code, ...answer.json() };
};

/** The server, by the shell's clock. */
const work = (): Promise<void> => {
  world.now = Date.now();
  return kit.tick();
};

const buyOtherPlan = async (): Promise<void> => {
  await kit.start('order-1', { plan: 'plan-basic' });
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
  await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
  await kit.tick();
};
const die = async (ref: string): Promise<void> => {
  const broken = await world.kit({
    schedule: { effectMaxTries: 1 },
    effects: { fulfill: idempotentEffect(() => Promise.reject(new Error('the\u001b[31m shop\nis broken'))) },
  });
  await broken.start(ref);
  world.vendor.sells({ subject: `sub-${ref}`, reference: ref });
  await broken.deliver({ id: `msg-${ref}`, subject: `sub-${ref}`, reference: ref });
  await broken.tick();
};

describe('orders', () => {
  const summary = {
    ref: 'order-1',
    vendor: 'ledgerbee',
    status: 'review',
    version: expect.any(Number) as number,
    unreferenced: null,
    parkedUntil: null,
    erasedAt: null,
    createdAt: TIME,
    updatedAt: TIME,
    openReviews: 1,
    settlement: null,
  };

  it('lists the newest, with or without the word "list"', async () => {
    await buyOtherPlan();
    const document = { code: 0, v: 1, command: 'orders list', orders: [summary] };
    expect(await json('orders', 'list')).toEqual(document);
    expect(await json('orders')).toEqual(document);
    expect((await run('orders')).out).toMatch(
      /^ORDER +STATUS +VENDOR +OPEN REVIEWS .*\norder-1 +review +ledgerbee +1 /,
    );
  });

  it('lists as many as asked for', async () => {
    for (const ref of ['a', 'b', 'c']) await kit.start(ref);
    expect((await json('orders', '--limit=2'))['orders']).toHaveLength(2);
  });

  it('says so when there are none', async () => {
    expect(await run('orders')).toMatchObject({ code: 0, out: 'There are no orders.\n' });
  });

  it('shows all that is known about one', async () => {
    await buyOtherPlan();
    expect(await json('orders', 'show', 'order-1')).toEqual({
      code: 0,
      v: 1,
      command: 'orders show',
      outcome: 'found',
      order: {
        ...summary,
        facts: expect.any(Array) as unknown[],
        effects: [],
        reviews: [expect.objectContaining({ id: ID, reason: 'plan_mismatch' })],
        transitions: expect.any(Array) as unknown[],
        deliveries: expect.any(Array) as unknown[],
        subjects: [expect.objectContaining({ subject: 'sub-1' })],
        attempts: [expect.objectContaining({ active: true })],
      },
    });
    const { out } = await run('orders', 'show', 'order-1');
    expect(out).not.toContain('erased');
    for (const part of ['order-1: review', 'plan_mismatch', 'sub-1', 'msg-1', 'Attempts, newest first']) {
      expect(out).toContain(part);
    }
  });

  it('says of one that was erased when that was', async () => {
    await kit.start('order-1');
    expect(await kit.kit.erase('order-1')).toMatchObject({ outcome: 'erased' });
    expect((await run('orders', 'show', 'order-1')).out).toContain(
      'What was known of its buyer was erased at 2026-06-01 12:00:00Z.',
    );
  });

  it('says no for one that is not there', async () => {
    expect(await json('orders', 'show', 'order-9')).toEqual({
      code: 1,
      v: 1,
      command: 'orders show',
      outcome: 'not-found',
      orderRef: 'order-9',
    });
    expect(await run('orders', 'show', 'order-9')).toMatchObject({
      code: 1,
      out: '',
      err: 'There is no order order-9.\n',
    });
  });
});

describe('review', () => {
  const review = {
    id: ID,
    orderRef: 'order-1',
    vendor: 'ledgerbee',
    key: 'plan_mismatch:sub-1:plan-basic:plan-pro',
    reason: 'plan_mismatch',
    evidence: { subscriptionId: 'sub-1', expectedPlanId: 'plan-basic', planId: 'plan-pro' },
    openedAt: TIME,
    resolvedAt: null,
    resolution: null,
    resolvedBy: null,
  };
  const answered = { ...review, resolvedAt: TIME, resolution: 'accept', resolvedBy: 'ada' };
  const idOf = async (): Promise<string> => (await kit.kit.reviews.list())[0]!.id;

  it('lists what waits for a person, also what belongs to no order', async () => {
    await buyOtherPlan();
    await kit.deliver({ id: 'msg-2', as: 'unreadable' });
    expect(await json('review', 'list')).toEqual({
      code: 0,
      v: 1,
      command: 'review list',
      reviews: [review, expect.objectContaining({ orderRef: null, reason: 'unreadable_delivery' })],
    });
    expect((await json('review', 'list', '--order=order-1'))['reviews']).toEqual([review]);
    const { out } = await run('review');
    expect(out).toContain('expectedPlanId=plan-basic');
    expect(out).toContain('open: accept, reject');
    expect(out).toContain('npx checkout-embed review resolve <id> <answer>');
  });

  it('answers one by its id', async () => {
    await buyOtherPlan();
    expect(await json('review', 'resolve', await idOf(), 'accept', '--by=ada')).toEqual({
      code: 0,
      v: 1,
      command: 'review resolve',
      outcome: 'resolved',
      review: answered,
      status: { before: 'review', after: 'processing' },
    });
    expect((await json('review'))['reviews']).toEqual([]);
    expect((await json('review', '--all'))['reviews']).toEqual([answered]);
    await work();
    expect(await world.granted()).toHaveLength(1);
  });

  it('answers one by its key', async () => {
    await buyOtherPlan();
    expect(
      await run('review', 'resolve', '--order=order-1', `--key=${review.key}`, 'reject', '--by', 'bob'),
    ).toMatchObject({
      code: 0,
      out: expect.stringContaining('The order went from review to failed.') as string,
    });
    await kit.deliver({ id: 'msg-2', as: 'unreadable' });
    expect(
      await json('review', 'resolve', '--key=unreadable_delivery:ledgerbee:msg-2', 'accept'),
    ).toMatchObject({ code: 0, outcome: 'resolved', status: null });
  });

  it('says no to another answer than the one that was given, and does nothing for the same', async () => {
    await buyOtherPlan();
    const id = await idOf();
    await run('review', 'resolve', id, 'accept', '--by=ada');
    expect(await json('review', 'resolve', id, 'reject', '--by=bob')).toEqual({
      code: 1,
      v: 1,
      command: 'review resolve',
      outcome: 'answered-otherwise',
      review: answered,
    });
    expect((await run('review', 'resolve', id, 'reject')).err).toMatch(/answered before: accept, by ada/);
    expect(await json('review', 'resolve', id, 'accept', '--by=bob')).toMatchObject({
      code: 0,
      outcome: 'repeated',
      review: answered,
    });
  });

  it('says no to an answer that the reason does not have, and to a review that is not there', async () => {
    await buyOtherPlan();
    expect(await json('review', 'resolve', await idOf(), 'not-done')).toMatchObject({
      code: 1,
      outcome: 'not-an-answer',
      answers: ['accept', 'reject'],
    });
    expect(await json('review', 'resolve', '999', 'accept')).toEqual({
      code: 1,
      v: 1,
      command: 'review resolve',
      outcome: 'not-found',
    });
  });

  it.each(Object.entries(ANSWER_WORDS))('explains every answer to %s', (reason, words) => {
    expect(Object.keys(words).sort()).toEqual([...answersTo(reason as ReviewReason)].sort());
  });
});

describe('effects', () => {
  const letter = {
    orderRef: 'order-1',
    vendor: 'ledgerbee',
    kind: 'fulfill',
    epoch: '',
    tries: 1,
    lastError: 'Error: the\u001b[31m shop\nis broken',
    evidence: expect.objectContaining({ subscriptionId: 'sub-order-1' }) as object,
    review: {
      id: ID,
      key: 'effect_dead_letter:fulfill::1',
      openedAt: TIME,
      resolution: null,
      resolvedBy: null,
    },
  };

  it('lists dead letters, and shows a terminal nothing that it would act upon', async () => {
    await die('order-1');
    expect(await json('effects', 'list')).toEqual({
      code: 0,
      v: 1,
      command: 'effects list',
      effects: [letter],
    });
    const { out } = await run('effects');
    expect(out).toContain('Error: the�[31m shop�is broken');
    expect(out).toContain('npx checkout-embed effects redrive <orderRef>');
  });

  it('puts those of one order back', async () => {
    await die('order-1');
    expect(await json('effects', 'redrive', 'order-1', '--by=ada')).toEqual({
      code: 0,
      v: 1,
      command: 'effects redrive',
      outcome: 'redriven',
      orderRef: 'order-1',
      effects: [{ kind: 'fulfill', epoch: '', due: true }],
    });
    expect(await run('effects')).toMatchObject({ out: 'No effect is dead.\n' });
    expect((await kit.kit.reviews.list())[0]).toMatchObject({ resolution: 'accept', resolvedBy: 'ada' });
    await work();
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });

  it('runs nothing itself', async () => {
    await die('order-1');
    await run('effects', 'redrive', 'order-1');
    expect((await kit.order('order-1')).effects).toMatchObject([{ state: 'due', tries: 1 }]);
  });

  it('puts all of them back, order by order', async () => {
    for (const ref of ['order-1', 'order-2', 'order-3']) await die(ref);
    expect(await json('effects', 'redrive', '--all', '--kind=revoke')).toMatchObject({
      outcome: 'nothing-dead',
      redriven: 0,
    });
    expect(await json('effects', 'redrive', '--all')).toEqual({
      code: 0,
      v: 1,
      command: 'effects redrive',
      outcome: 'redriven',
      redriven: 3,
      notDue: 0,
    });
    await work();
    expect(await world.granted()).toHaveLength(3);
  });

  it('goes through more of them than it reads at a time, and tells those that nobody wants any more', async () => {
    const many = 230;
    await world.pool.query(`
      INSERT INTO ${world.schema}.orders (ref, vendor, facts, status, version, created_at, updated_at)
        SELECT 'o' || i, 'ledgerbee', '{}', 'open', 1, now(), now() FROM generate_series(1, ${many}) AS i;
      INSERT INTO ${world.schema}.effects (order_ref, kind, epoch, state, wanted, evidence, tries, max_tries, run_at)
        SELECT 'o' || i, 'fulfill', '', 'dead', false, '{}', 1, 1, now() FROM generate_series(1, ${many}) AS i;
      INSERT INTO ${world.schema}.reviews (order_ref, vendor, key, reason, evidence, opened_at)
        SELECT 'o' || i, 'ledgerbee', 'effect_dead_letter:fulfill::1', 'effect_dead_letter', '{}', now()
          FROM generate_series(1, ${many}) AS i`);
    expect(await json('effects', 'redrive', '--all')).toMatchObject({ redriven: 0, notDue: many });
    expect((await json('effects'))['effects']).toEqual([]);
  });

  it('says no where nothing is dead, and where somebody gave up', async () => {
    expect(await json('effects', 'redrive', 'order-1')).toEqual({
      code: 1,
      v: 1,
      command: 'effects redrive',
      outcome: 'nothing-dead',
      orderRef: 'order-1',
    });
    await die('order-1');
    const [{ id }] = (await kit.kit.reviews.list()) as unknown as [{ id: string }];
    await run('review', 'resolve', id, 'reject', '--by=bob');
    expect(await json('effects', 'redrive', 'order-1')).toMatchObject({ code: 1, outcome: 'given-up' });
    expect((await run('effects', 'redrive', 'order-1')).err).toContain('was given up by bob');
    expect((await json('effects'))['effects']).toEqual([]);
    expect((await json('effects', '--all'))['effects']).toHaveLength(1);
  });
});

describe('reconcile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkout-embed-config-'));
  });
  afterEach(async () => {
    Reflect.deleteProperty(globalThis, 'kitOptionsOfTest');
    await rm(folder, { recursive: true, force: true });
  });

  /** A config whose vendor is this test's own, by way of the one thing that both modules see. */
  const withConfig = async (name = 'checkout-embed.config.mjs'): Promise<void> => {
    (globalThis as Record<string, unknown>)['kitOptionsOfTest'] = {
      database: world.pool,
      schema: world.schema,
      identify: () => null,
      resolveOrder: () => null,
      vendors: [world.vendor],
      unreferenced: 'review',
      effects: { fulfill: idempotentEffect(() => Promise.reject(new Error('must not run'))) },
    };
    // Without its end: the pool is the test's.
    await writeFile(
      join(folder, name),
      `const { database, ...rest } = globalThis.kitOptionsOfTest;
       const { connect, query } = database;
       export default () => ({ ...rest, database: { connect: connect.bind(database), query: query.bind(database) } });`,
    );
  };
  const reconcile = (...argv: string[]): Promise<ShellAnswer> =>
    shell(['reconcile', ...argv], { env: {}, folder });

  it('asks the vendor with the options of the kit, and leaves the rest to a server', async () => {
    await withConfig();
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    const answer = await reconcile('order-1', '--json');
    expect(answer.json()).toEqual({
      v: 1,
      command: 'reconcile',
      outcome: 'reconciled',
      orderRef: 'order-1',
      vendor: 'ledgerbee',
      status: { before: 'open', after: 'processing' },
      openReviews: { before: 0, after: 0 },
      found: [
        {
          subject: 'sub-1',
          reference: 'order-1',
          access: 'granted',
          vendorStatus: 'active',
          planId: 'plan-pro',
          customerId: 'cus-1',
          isNew: true,
        },
      ],
      failures: [],
    });
    expect(answer).toMatchObject({ code: 0, err: '' });
    expect((await kit.order('order-1')).effects).toMatchObject([{ state: 'due', tries: 0 }]);
    expect((await reconcile('order-1')).out).toMatch(/^order-1 is processing, as before\.\n/);
  });

  it('takes another file by name', async () => {
    await withConfig('options.mjs');
    await kit.start('order-1');
    expect(await reconcile('order-1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('checkout-embed.config.js') as string,
    });
    expect(await reconcile('order-1', '--config=options.mjs')).toMatchObject({ code: 0 });
  });

  it('says no for an order that nobody knows', async () => {
    await withConfig();
    const answer = await reconcile('order-9', '--json');
    expect({ code: answer.code, ...answer.json() }).toEqual({
      code: 1,
      v: 1,
      command: 'reconcile',
      outcome: 'not-found',
      orderRef: 'order-9',
    });
  });

  it('ends with 2 and says what was not answered when the vendor fails', async () => {
    await withConfig();
    await kit.start('order-1');
    world.vendor.onList = () => Promise.reject(new Error('ECONNRESET with a secret'));
    const answer = await reconcile('order-1', '--json');
    expect(answer.code).toBe(2);
    expect(answer.json()).toMatchObject({
      outcome: 'incomplete',
      failures: [{ vendor: 'ledgerbee', subject: null, code: 'unexpected', vendorCode: null }],
    });
    expect((await reconcile('order-1')).err).toMatch(/the reference +unexpected/);
  });

  it('other commands take their database from the config too', async () => {
    await withConfig();
    await kit.start('order-1');
    const answer = await shell(['orders', '--json'], { folder });
    expect(answer.json()['orders']).toHaveLength(1);
  });
});

describe('migrate', () => {
  it('makes the tables once, and can be asked whether there is something to do', async () => {
    const schema = `${world.schema}_new`;
    const call = async (...argv: string[]) => {
      const answer = await shell(['migrate', ...argv, `--schema=${schema}`, '--json'], {
        env: { DATABASE_URL: world.url },
      });
      return { code: answer.code, ...answer.json() };
    };
    const versions = expect.arrayContaining([1, 4]) as number[];
    const document = { v: 1, command: 'migrate', schema };
    expect(await call('--check')).toEqual({ ...document, code: 1, outcome: 'pending', versions });
    expect(await call()).toEqual({ ...document, code: 0, outcome: 'migrated', versions });
    expect(await call()).toEqual({ ...document, code: 0, outcome: 'up-to-date', versions: [] });
    expect(await call('--check')).toEqual({ ...document, code: 0, outcome: 'up-to-date', versions: [] });
    await world.pool.query(`DROP SCHEMA ${schema} CASCADE`);
  });
});
