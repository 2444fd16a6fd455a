/** Two processes get the news of one order in the same moment, again and again, each on connections of its own. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FulfillmentKitOptions } from '../../src/fulfillment/index.js';
import { deferred } from '../support/http.js';
import type { Delivery } from './kit/fake-vendor.js';
import { makeTables, receiveInOneStatement } from './kit/one-statement-receiver.js';
import { announcedTopics, differencesOf, expectOrders, readStored } from './kit/stored-orders.js';
import { World, type Caller } from './kit/world.js';

const ORDERS = 2000;
/** Each is read from the vendor, granted and taken back too. */
const PAID_ORDERS = 496;
/** Orders in one volley, of which all numbers are multiples: few, so that the two sides meet on each of them. */
const VOLLEY = 8;

let world: World;
let pools: readonly [pg.Pool, pg.Pool];
beforeEach(async () => {
  world = await World.create();
  const pool = (): pg.Pool => new pg.Pool({ connectionString: world.url, max: 6 });
  pools = [pool(), pool()];
});
afterEach(async () => {
  await world.close();
  await Promise.all(pools.map((pool) => pool.end()));
});

describe('two different events of a new order', () => {
  it('leave both facts, one order and one decision, whichever transaction comes first', async () => {
    const [left, right] = await twoKits();
    await race(
      (reference) => deliver(left, 'subscription.assigned', reference),
      (reference) => deliver(right, 'subscription.started', reference),
    );
    const orders = await readStored(world);
    expect(orders).toHaveLength(ORDERS);
    const both = ['subscription.assigned', 'subscription.started'];
    expect(orders.filter((order) => announcedTopics(order).join() !== both.join())).toEqual([]);
    expect(orders.flatMap(differencesOf)).toEqual([]);
  });

  it('lose facts in the same race where one statement does all of it: the test can see the fault', async () => {
    await makeTables(world);
    const [left, right] = pools;
    await race(
      (reference) => receiveInOneStatement(left, world, message('subscription.assigned', reference)),
      (reference) => receiveInOneStatement(right, world, message('subscription.started', reference)),
    );
    const { rows } = await world.pool.query<{ accepted: number; kept: number }>(
      `SELECT (SELECT count(*)::int FROM ${world.schema}.naive_inbox) AS accepted,
              (SELECT count(*)::int FROM ${world.schema}.naive_orders, jsonb_object_keys(facts)) AS kept`,
    );
    expect(rows[0]?.accepted).toBe(2 * ORDERS);
    expect(rows[0]?.kept).toBeLessThan(2 * ORDERS);
  });
});

describe('a payment and the end of its subscription', () => {
  it('leave nothing granted: what was given is taken back, each once', async () => {
    // Both kits read, grant and take back while the deliveries still come in.
    const [left, right] = await twoKits(
      { schedule: { concurrency: 16, effectConcurrency: 2 } },
      { background: true },
    );
    await expectOrders(world, PAID_ORDERS);
    const paid = readings();
    await race(
      async (reference) => {
        world.vendor.sells({ subject: `sub-${reference}`, reference });
        await deliver(left, 'subscription.started', reference);
      },
      async (reference) => {
        // The end comes when "active" was read and is on its way into the order.
        await paid.of(`sub-${reference}`);
        world.vendor.sells({
          subject: `sub-${reference}`,
          reference,
          access: 'ended',
          vendorStatus: 'cancelled',
        });
        await deliver(right, 'subscription.churned', reference);
      },
      PAID_ORDERS,
    );
    for (let round = 0; round < 100 && (await hasWork()); round += 1) {
      await Promise.all([left.tick(), right.tick()]);
    }

    const orders = await readStored(world);
    expect(orders).toHaveLength(PAID_ORDERS);
    const both = ['subscription.churned', 'subscription.started'];
    expect(orders.filter((order) => announcedTopics(order).join() !== both.join())).toEqual([]);
    expect(orders.flatMap(differencesOf)).toEqual([]);
    expect(orders.filter(({ status }) => status !== 'ended')).toEqual([]);
    const [granted, revoked] = await Promise.all(
      ['fulfill', 'revoke'].map(async (kind) =>
        (await world.granted(kind)).map(({ order_ref }) => order_ref),
      ),
    );
    expect(new Set(granted).size).toBe(granted!.length);
    expect(revoked).toEqual(granted);
    // Thousands of orders, on a machine that may be busy.
  }, 120_000);
});

function twoKits(
  options: Partial<FulfillmentKitOptions> = {},
  mode: { readonly background?: boolean } = {},
): Promise<readonly [Caller, Caller]> {
  const [left, right] = pools;
  return Promise.all([
    world.kit({ ...options, database: left }, mode),
    world.kit({ ...options, database: right }, mode),
  ]);
}

/** Both sides at once for every order, in volleys; the right side takes them in the opposite order. */
async function race(
  left: (reference: string) => Promise<void>,
  right: (reference: string) => Promise<void>,
  orders = ORDERS,
): Promise<void> {
  for (let first = 0; first < orders; first += VOLLEY) {
    const references = Array.from({ length: VOLLEY }, (_, index) => `order-${first + index}`);
    await Promise.all([...references.map(left), ...references.toReversed().map(right)]);
  }
}

function message(topic: string, reference: string): Delivery & { readonly reference: string } {
  return { id: `${topic}-${reference}`, topic, subject: `sub-${reference}`, reference };
}

async function deliver(kit: Caller, topic: string, reference: string): Promise<void> {
  const { status } = await kit.deliver(message(topic, reference));
  if (status !== 204) throw new Error(`${topic} of ${reference} was answered ${status}`);
}

/** Whether something is still to be read, granted or taken back. */
async function hasWork(): Promise<boolean> {
  const { rows } = await world.pool.query<{ n: number }>(
    `SELECT (SELECT count(*)::int FROM ${world.schema}.subjects WHERE dirty_gen > clean_gen) +
            (SELECT count(*)::int FROM ${world.schema}.effects WHERE state = 'due' AND wanted) AS n`,
  );
  return rows[0]?.n !== 0;
}

/** Says when the vendor was asked about a subject for the first time. */
function readings(): { readonly of: (subject: string) => Promise<unknown> } {
  const first = new Map<string, ReturnType<typeof deferred>>();
  const about = (subject: string): ReturnType<typeof deferred> => {
    const known = first.get(subject) ?? deferred();
    first.set(subject, known);
    return known;
  };
  world.vendor.onFetch = (subject) => {
    const now = world.vendor.subjects.get(subject) ?? null;
    about(subject).resolve(null);
    return Promise.resolve(now);
  };
  return { of: (subject) => about(subject).promise };
}
