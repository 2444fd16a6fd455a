/** What a page is told: by asking, and by a stream. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SqlPool } from '../../src/fulfillment/index.js';
import { answerFor } from '../../src/fulfillment/status.js';
import type { StatusAnswer } from '../../src/protocol/index.js';
import { EventReader } from './kit/event-reader.js';
import { World, type Caller } from './kit/world.js';

describe('retry', () => {
  const T = 1_000_000;
  const row = {
    attemptId: 'a',
    vendor: 'ledgerbee',
    orderRef: 'order-1',
    orderStatus: 'open',
    active: true,
    lastSignalAtMs: T,
    confirmationHeard: false,
    askedEmptyAtMs: T + 2000,
    hasSubject: false,
    failure: null,
    try: null,
  } as const;
  const asking = { flow: 'frame', settleMs: 2000, reconcileForMs: 1, nowMs: T } as const;

  it('is offered when the vendor was asked after the last signal and has nothing', () => {
    expect(answerFor(row, asking)).toEqual({ v: 1, status: 'open', retry: true });
  });

  it.each([
    ['the vendor was not asked', { askedEmptyAtMs: null }],
    ['it was asked before the last signal', { askedEmptyAtMs: T - 1 }],
    ['it was asked so soon that a confirmation may be on its way', { askedEmptyAtMs: T + 1999 }],
    ['a confirmation was heard', { confirmationHeard: true }],
    ['a delivery named a subscription of the order', { hasSubject: true }],
    ['the order is pending', { orderStatus: 'pending' }],
    ['the order failed', { orderStatus: 'failed' }],
    ['the order is fulfilled', { orderStatus: 'fulfilled' }],
  ] as const)('is not offered when %s', (_, difference) => {
    expect(answerFor({ ...row, ...difference }, asking)).not.toHaveProperty('retry');
  });

  it('an expired order is open again for an attempt that is not over', () => {
    expect(answerFor({ ...row, orderStatus: 'expired' }, asking).status).toBe('open');
    expect(answerFor({ ...row, orderStatus: 'expired', active: false }, asking).status).toBe('expired');
  });
});

describe('over HTTP', () => {
  let world: World;
  let kit: Caller;
  beforeEach(async () => {
    world = await World.create();
    kit = await world.kit();
  });
  afterEach(() => world.close());

  const pay = async (one: Caller, order = 'order-1'): Promise<void> => {
    world.vendor.sells({ subject: `sub-${order}`, reference: order });
    await one.deliver({ id: `msg-${order}`, subject: `sub-${order}`, reference: order });
    await one.tick();
  };
  const open = async (
    one: Caller,
    order: string,
    controller = new AbortController(),
  ): Promise<EventReader> => {
    const { attempt } = await one.start(order);
    const response = await one.about(attempt, '/events', { signal: controller.signal });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    return new EventReader(response);
  };

  it('an unchanged status is 304, a changed one is not', async () => {
    const { attempt } = await kit.start('order-1');
    const first = await kit.about(attempt, '');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const again = await kit.about(attempt, '', { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await pay(kit);
    const changed = await kit.about(attempt, '', { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(await changed.json()).toEqual({ v: 1, status: 'fulfilled' });
  });

  it('a stream says the snapshot at once, and then the change', async () => {
    // No tick of its own comes in time: what this process commits is followed up at once.
    const watching = await world.kit({ schedule: { statusIntervalMs: 3600_000 } });
    const events = await open(watching, 'order-1');
    expect(await events.next()).toEqual({ v: 1, status: 'open' });
    await pay(watching);
    const seen: StatusAnswer[] = [];
    while (seen.at(-1)?.status !== 'fulfilled') seen.push(await events.next());
    await events.cancel();
  });

  it('a stream sees what another process committed', async () => {
    const watching = await world.kit({ schedule: { statusIntervalMs: 20 } });
    const events = await open(watching, 'order-1');
    expect(await events.next()).toMatchObject({ status: 'open' });
    await pay(kit);
    while ((await events.next()).status !== 'fulfilled');
    await events.cancel();
  });

  it('a stream opened late says how it stands now', async () => {
    await kit.start('order-1');
    await pay(kit);
    const events = await open(kit, 'order-1');
    expect(await events.next()).toMatchObject({ status: 'fulfilled' });
    await events.cancel();
  });

  it('many streams cost one query per tick', async () => {
    let queries = 0;
    const counted: SqlPool = {
      query: (text, values) => world.pool.query(text, values === undefined ? undefined : [...values]),
      connect: async () => {
        const client = await world.pool.connect();
        return {
          release: (error) => client.release(error),
          query: (text, values) => {
            if (text.includes('asked_empty_at')) queries += 1;
            return client.query(text, values === undefined ? undefined : [...values]);
          },
        };
      },
    };
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const watching = await world.kit({ database: counted });
      const events = await Promise.all(
        Array.from({ length: 25 }, (_, index) => open(watching, `order-${index}`)),
      );
      await Promise.all(events.map((one) => one.next()));
      queries = 0;
      await pay(kit, 'order-7');
      vi.advanceTimersByTime(1000);
      expect((await events[7]!.next()).status).toBe('fulfilled');
      expect(queries).toBe(1);
      await Promise.all(events.map((one) => one.cancel()));
    } finally {
      vi.useRealTimers();
    }
  });

  it('a stream ends with its request, and the process stops asking', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const controller = new AbortController();
      const events = await open(kit, 'order-1', controller);
      await events.next();
      expect(vi.getTimerCount()).toBeGreaterThan(0);
      controller.abort();
      await events.ended();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('streams end when the kit closes, and new calls are 503', async () => {
    const events = await open(kit, 'order-1');
    await events.next();
    await kit.kit.close();
    await events.ended();
    expect((await kit.deliver({ id: 'msg-1', subject: 'sub-1' })).status).toBe(503);
  });

  it('a slow reader misses what lies between, and gets the last', async () => {
    const watching = await world.kit({ schedule: { statusIntervalMs: 5 } });
    const { attempt } = await watching.start('order-1');
    const response = await watching.about(attempt, '/events');
    // Nobody reads while heartbeats and snapshots would fill the stream.
    for (let round = 0; round < 100; round += 1) {
      await watching.signal(attempt, 'initiated');
      await watching.tick();
    }
    await pay(watching);
    const events = new EventReader(response);
    while ((await events.next()).status !== 'fulfilled');
    await events.cancel();
  });
});
