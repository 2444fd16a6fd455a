/** What is dropped and what is erased, and that nothing happens twice because of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idempotentEffect } from '../../src/fulfillment/index.js';
import { pruneInbox } from '../../src/fulfillment/postgres/prune-inbox.js';
import { pruneRawBodies } from '../../src/fulfillment/postgres/prune-raw-bodies.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import type { Delivery } from './kit/fake-vendor.js';
import { eventually, World, type Caller } from './kit/world.js';

const HOUR = 3600_000;
const DAY = 24 * HOUR;

const failing = idempotentEffect(() => Promise.reject(new Error('down')));

let world: World;
let kit: Caller;
/** Everything that was ever delivered, to be delivered again. */
let delivered: Delivery[];
beforeEach(async () => {
  world = await World.create();
  kit = await world.kit();
  delivered = [];
});
afterEach(() => world.close());

const deliver = async (delivery: Delivery): Promise<void> => {
  delivered.push(delivery);
  expect((await kit.deliver(delivery)).status).toBe(204);
};
const deliverAllAgain = async (): Promise<void> => {
  for (const delivery of delivered) expect((await kit.deliver(delivery)).status).toBe(204);
  await kit.tick();
  await kit.tick();
};
const buy = async (number = 1): Promise<void> => {
  const [subject, reference] = [`sub-${number}`, `order-${number}`];
  await kit.start(reference);
  world.vendor.sells({ subject, reference });
  await deliver({ id: `started-${number}`, subject, reference });
  await deliver({ id: `assigned-${number}`, subject, reference, topic: 'subscription.assigned' });
  await kit.tick();
};
const end = async (): Promise<void> => {
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended', vendorStatus: 'churned' });
  await deliver({ id: 'churned-1', subject: 'sub-1', reference: 'order-1', topic: 'subscription.churned' });
  await kit.tick();
};
/** Rows of the inbox: how many in all, and how many with a body. */
const inbox = async (): Promise<{ rows: number; bodies: number }> =>
  (
    await world.pool.query<{ rows: number; bodies: number }>(
      `SELECT count(*)::integer AS rows, count(raw_body)::integer AS bodies
         FROM ${world.schema}.inbox WHERE source = 'delivery'`,
    )
  ).rows[0]!;

describe('pruning', () => {
  it('drops the bodies of old deliveries and nothing else', async () => {
    await buy(1);
    world.pass(30 * DAY);
    await buy(2);
    expect(await kit.kit.prune({ rawBodiesOlderThanMs: 10 * DAY })).toEqual({ rawBodies: 2, inbox: 0 });
    expect(await inbox()).toEqual({ rows: 4, bodies: 2 });
    expect(await kit.kit.prune({ rawBodiesOlderThanMs: 10 * DAY })).toEqual({ rawBodies: 0, inbox: 0 });
    expect((await kit.order('order-1')).deliveries).not.toHaveLength(0);
  });

  it('drops old rows of the inbox, with a body or without', async () => {
    await buy(1);
    await kit.kit.prune({ rawBodiesOlderThanMs: 0 });
    world.pass(1);
    await buy(2);
    world.pass(1);
    // Two deliveries and a reading of each.
    expect(await kit.kit.prune({ inboxOlderThanMs: 0 })).toEqual({ rawBodies: 0, inbox: 6 });
    expect((await kit.order('order-1')).deliveries).toEqual([]);
  });

  it('goes on in batches until nothing is old, each of them bounded', async () => {
    for (let number = 1; number <= 4; number += 1) await buy(number);
    world.pass(1);
    const tables = tablesOf(world.schema);
    const some = { beforeMs: world.now, limit: 3 };
    expect(await pruneRawBodies(world.pool, tables, some)).toBe(3);
    expect(await pruneInbox(world.pool, tables, some)).toBe(3);
    const rest = await kit.kit.prune({ rawBodiesOlderThanMs: 0, inboxOlderThanMs: 0, batch: 2 });
    expect(rest).toEqual({ inbox: 9, rawBodies: 0 });
    expect(await inbox()).toEqual({ rows: 0, bodies: 0 });
  });

  it.each([{ batch: 0 }, { batch: 1.5 }, { rawBodiesOlderThanMs: -1 }, { inboxOlderThanMs: Number.NaN }])(
    'refuses %o',
    async (options) => {
      await expect(kit.kit.prune(options)).rejects.toMatchObject({ code: 'invalid-option' });
    },
  );

  it('keeps a delivery that nobody understood until a person has looked', async () => {
    await deliver({ id: 'odd', as: 'unreadable' });
    await deliver({ id: 'dull', as: 'ignored' });
    world.pass(DAY);
    expect(await kit.kit.prune({ rawBodiesOlderThanMs: 0 })).toMatchObject({ rawBodies: 1 });
    expect(await kit.kit.prune({ inboxOlderThanMs: 0 })).toMatchObject({ inbox: 1 });
    expect(await inbox()).toEqual({ rows: 1, bodies: 1 });
    await world.pool.query(`UPDATE ${world.schema}.reviews SET resolved_at = now(), resolution = 'accept'`);
    expect(await kit.kit.prune({ inboxOlderThanMs: 0 })).toMatchObject({ inbox: 1 });
  });

  it.each([
    ['is granted', () => Promise.resolve(), 'fulfilled', 0],
    ['has ended', end, 'ended', 1],
  ] as const)(
    'makes no repetition of an order that %s happen again',
    async (_, then, status, revocations) => {
      await buy(1);
      await then();
      world.pass(DAY);
      await kit.kit.prune({ inboxOlderThanMs: 0 });
      expect(await inbox()).toEqual({ rows: 0, bodies: 0 });
      const before = await kit.order('order-1');
      await deliverAllAgain();
      // All were recorded as new.
      expect((await inbox()).rows).toBe(delivered.length);
      expect(await world.granted()).toHaveLength(1);
      expect(await world.granted('revoke')).toHaveLength(revocations);
      expect(await kit.order('order-1')).toMatchObject({
        status,
        facts: before.facts,
        effects: before.effects,
        transitions: before.transitions,
      });
      expect(world.reviews).toEqual([]);
    },
  );

  it('makes no repetition of an unreferenced subscription happen again, and no review open again', async () => {
    world.vendor.sells({ subject: 'sub-9' });
    await deliver({ id: 'started-9', subject: 'sub-9' });
    await deliver({ id: 'odd', as: 'unreadable' });
    await kit.tick();
    await world.pool.query(`UPDATE ${world.schema}.reviews SET resolved_at = now(), resolution = 'accept'`);
    world.pass(DAY);
    await kit.kit.prune({ inboxOlderThanMs: 0 });
    await deliverAllAgain();
    expect(await world.granted()).toMatchObject([{ order_ref: 'ledgerbee:sub-9' }]);
    expect(world.reviews).toHaveLength(1);
  });

  it('is done in the background where the host says how long to keep, and else never', async () => {
    await buy(1);
    world.pass(30 * DAY);
    await kit.tick();
    expect(await inbox()).toEqual({ rows: 2, bodies: 2 });
    const pruning = await world.kit({ retention: { rawBodiesMs: 10 * DAY, inboxMs: 40 * DAY } });
    await pruning.tick();
    expect(await inbox()).toEqual({ rows: 2, bodies: 0 });
    world.pass(11 * DAY);
    await pruning.tick();
    expect(await inbox()).toEqual({ rows: 0, bodies: 0 });
  });
});

it('pruning and erasing while everything is delivered again hold nobody up and grant nothing twice', async () => {
  const ORDERS = 5;
  for (let number = 1; number <= ORDERS; number += 1) await buy(number);
  world.pass(DAY);
  const others = await Promise.all([world.kit(), world.kit()]);
  for (let round = 0; round < 10; round += 1) {
    world.pass(1);
    await Promise.all([
      ...[kit, ...others].flatMap((one) =>
        delivered.map(async (delivery) => expect((await one.deliver(delivery)).status).toBe(204)),
      ),
      ...[kit, ...others].map((one) =>
        one.kit.prune({ inboxOlderThanMs: 0, rawBodiesOlderThanMs: 0, batch: 3 }),
      ),
      ...Array.from({ length: ORDERS }, (_, index) => kit.kit.erase(`order-${index + 1}`)),
      ...others.map((one) => one.tick()),
    ]);
  }
  await kit.tick();
  expect(await world.granted()).toHaveLength(ORDERS);
  expect(await world.granted('revoke')).toEqual([]);
  for (let number = 1; number <= ORDERS; number += 1) {
    expect((await kit.order(`order-${number}`)).status).toBe('fulfilled');
  }
  expect(world.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

describe('erasing an order', () => {
  /** Every row of the kit's tables, as text; bytes as they are. */
  const everything = async (): Promise<string> => {
    const names = Object.entries(tablesOf(world.schema)).filter(([name]) => name !== 'schema');
    const rows = await Promise.all(
      names.map(async ([, table]) =>
        JSON.stringify(
          (await world.pool.query<Record<string, unknown>>(`SELECT * FROM ${table}`)).rows,
          (_, value) => (isBytes(value) ? Buffer.from(value.data).toString('latin1') : (value as unknown)),
        ),
      ),
    );
    return rows.join('\n');
  };
  const isBytes = (value: unknown): value is { readonly data: readonly number[] } =>
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
  const identities = async (): Promise<readonly string[]> =>
    (
      await world.pool.query<{ id: string }>(
        `SELECT encode(identity, 'hex') AS id FROM ${world.schema}.attempts`,
      )
    ).rows.map(({ id }) => id);

  it('leaves nothing of its buyer, and all that refuses a repetition', async () => {
    const { attempt } = await kit.start('order-1');
    await kit.signal(attempt, 'confirmed', 'a-signal-of-the-page');
    await buy(1);
    /** What the vendor calls the buyer, what a page told, and a body as it was signed. */
    const traces = ['cus-1', 'a-signal-of-the-page', '{\\"subject\\":'];
    const before = await everything();
    for (const trace of traces) expect(before).toContain(trace);
    const [identity] = await identities();

    expect(await kit.kit.erase('order-1')).toEqual({
      outcome: 'erased',
      rawBodies: 2,
      attempts: 1,
      tokens: 2,
      signals: 1,
    });
    const after = await everything();
    for (const trace of traces) expect(after).not.toContain(trace);
    expect(await identities()).not.toContain(identity);
    expect(await kit.order('order-1')).toMatchObject({
      status: 'fulfilled',
      erasedAt: new Date(world.now).toISOString(),
      effects: [{ kind: 'fulfill', state: 'done', evidence: { subscriptionId: 'sub-1' } }],
    });
    expect((await kit.about(attempt, '')).status).toBe(401);
  });

  it('makes nothing happen again, also once the inbox was pruned, and nothing comes back', async () => {
    await buy(1);
    await kit.kit.erase('order-1');
    await deliverAllAgain();
    world.pass(DAY);
    await kit.kit.prune({ inboxOlderThanMs: 0 });
    await deliverAllAgain();
    expect((await inbox()).rows).toBe(delivered.length);
    expect(await world.granted()).toHaveLength(1);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
    expect(await everything()).not.toContain('cus-1');
    expect((await inbox()).bodies).toBe(0);
  });

  it('does not end its subscription’s watch: it is revoked, without a word of the buyer', async () => {
    await buy(1);
    await kit.kit.erase('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended', vendorStatus: 'churned' });
    world.pass(27 * HOUR);
    await kit.tick();
    expect(await world.granted('revoke')).toMatchObject([{ subscription_id: 'sub-1' }]);
    const { effects } = await kit.order('order-1');
    expect(effects.map(({ evidence }) => evidence.customerId)).toEqual([undefined, undefined]);
  });

  it('keeps no body of a delivery that was under way', async () => {
    await buy(1);
    const holder = await world.pool.connect();
    const waiting = async (count: number): Promise<boolean> =>
      (
        await world.pool.query<{ waiting: number }>(
          `SELECT count(*)::integer AS waiting FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
      ).rows[0]?.waiting === count;
    await holder.query(`BEGIN; SELECT 1 FROM ${world.schema}.orders WHERE ref = 'order-1' FOR UPDATE`);
    const erased = kit.kit.erase('order-1');
    await eventually(() => waiting(1));
    // It writes its body before the erasure begins, and waits behind it for the order.
    const answered = kit.deliver({ id: 'paused-1', subject: 'sub-1', reference: 'order-1' });
    await eventually(() => waiting(2));
    await holder.query('COMMIT');
    holder.release();
    expect(await erased).toMatchObject({ outcome: 'erased' });
    expect((await answered).status).toBe(204);
    expect(await inbox()).toEqual({ rows: 3, bodies: 0 });
  });

  it('takes down no error’s text any more', async () => {
    await buy(1);
    await kit.kit.erase('order-1');
    const refused = idempotentEffect(() => Promise.reject(new Error('no mailbox ada@example.test')));
    const failing = await world.kit({
      effects: { fulfill: refused, revoke: refused },
      schedule: { effectMaxTries: 2 },
    });
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended', vendorStatus: 'churned' });
    await kit.deliver({ id: 'churned-1', subject: 'sub-1', reference: 'order-1' });
    for (let round = 0; round < 3; round += 1) {
      await failing.tick();
      expect(await everything()).not.toContain('ada@example.test');
      world.pass(HOUR);
    }
    expect((await kit.order('order-1')).effects).toMatchObject([
      { kind: 'fulfill' },
      { kind: 'revoke', state: 'dead' },
    ]);
  });

  it('waits for an effect that needs what would be erased', async () => {
    await kit.start('order-1');
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.deliver({ id: 'started-1', subject: 'sub-1', reference: 'order-1' });
    const holding = await world.kit({ effects: { fulfill: failing, revoke: failing } });
    await holding.tick();
    expect(await kit.kit.erase('order-1')).toEqual({ outcome: 'effect-owed' });
    expect(await everything()).toContain('cus-1');
    world.pass(HOUR);
    await kit.tick();
    expect(await kit.kit.erase('order-1')).toMatchObject({ outcome: 'erased' });
  });

  it('forgets what an effect’s error said', async () => {
    await buy(1);
    await world.pool.query(`UPDATE ${world.schema}.effects SET last_error = 'no mailbox ada@example.test'`);
    await kit.kit.erase('order-1');
    expect(await everything()).not.toContain('ada@example.test');
  });

  it('leaves a later purchase under the same reference its buyer', async () => {
    await buy(1);
    await kit.kit.erase('order-1');
    world.vendor.sells({ subject: 'sub-2', reference: 'order-1', customerId: 'cus-2' });
    await kit.deliver({ id: 'started-2', subject: 'sub-2', reference: 'order-1' });
    await kit.tick();
    const readings = (await kit.order('order-1')).facts.filter((fact) => fact.kind === 'observed');
    expect(readings.map(({ observation }) => [observation.subject, observation.customerId]).sort()).toEqual([
      ['sub-1', null],
      ['sub-2', 'cus-2'],
    ]);
  });

  it('that is not there says so', async () => {
    expect(await kit.kit.erase('order-7')).toEqual({ outcome: 'unknown-order' });
  });
});
