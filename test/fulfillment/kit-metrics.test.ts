/** What the kit counts and measures, point by point, through a whole life. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  idempotentEffect,
  onceOrReviewEffect,
  VendorError,
  type Metrics,
} from '../../src/fulfillment/index.js';
import { prometheus } from 'checkout-embed/fulfillment/prometheus';
import { readOldestDue } from '../../src/fulfillment/postgres/read-oldest-due.js';
import { tablesOf } from '../../src/fulfillment/postgres/tables.js';
import { eventually, World } from './kit/world.js';

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

const page = prometheus;
function valueOf(text: string, series: string): number | null {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}

describe('the metrics', () => {
  it('count deliveries by what became of them, and measure their transactions', async () => {
    const { metrics, text } = page();
    const kit = await world.kit({ metrics });
    await kit.deliver({ id: 'msg-1', as: 'ignored' });
    await kit.deliver({ id: 'msg-1', as: 'ignored' });
    await kit.deliver({ id: 'msg-2', as: 'ignored' }, 'bad');
    const connect = world.pool.connect.bind(world.pool);
    world.pool.connect = () => Promise.reject(new Error('away')) as never;
    await kit.deliver({ id: 'msg-3', as: 'ignored' });
    world.pool.connect = connect;
    const of = (outcome: string): number | null =>
      valueOf(text(), `checkout_embed_deliveries_total{vendor="ledgerbee",outcome="${outcome}"}`);
    expect(['recorded', 'repeated', 'refused', 'unavailable'].map(of)).toEqual([1, 1, 1, 1]);
    expect(valueOf(text(), 'checkout_embed_delivery_commit_seconds_count')).toBe(2);
    expect(valueOf(text(), 'checkout_embed_delivery_batch_size_sum')).toBe(2);
    expect(valueOf(text(), 'checkout_embed_delivery_queue_depth')).toBe(0);
    expect(valueOf(text(), 'checkout_embed_refusals_total{code="unauthorized"}')).toBe(1);
    expect(valueOf(text(), 'checkout_embed_refusals_total{code="unavailable"}')).toBe(1);
  });

  it('count effects, dead letters, reviews and the vendor’s answers', async () => {
    const { metrics, text } = page();
    let isBroken = true;
    const kit = await world.kit({
      metrics,
      schedule: { effectMaxTries: 2 },
      effects: {
        fulfill: idempotentEffect(() => (isBroken ? Promise.reject(new Error('no')) : Promise.resolve())),
      },
    });
    world.vendor.onFetch = () => Promise.reject(new VendorError('unavailable', 'down'));
    await kit.deliver({ id: 'msg-1', subject: 'sub-1' });
    await kit.tick();
    world.vendor.onFetch = null;
    await kit.deliver({ id: 'msg-2', subject: 'sub-none' });
    world.vendor.sells({ subject: 'sub-1' });
    for (let round = 0; round < 4; round += 1) {
      world.pass(60_000);
      await kit.tick();
    }
    isBroken = false;
    world.vendor.sells({ subject: 'sub-2' });
    await kit.deliver({ id: 'msg-3', subject: 'sub-2' });
    await kit.tick();
    const effect = (outcome: string): number | null =>
      valueOf(text(), `checkout_embed_effects_total{kind="fulfill",outcome="${outcome}"}`);
    expect([effect('failed'), effect('dead_letter'), effect('done')]).toEqual([1, 1, 1]);
    expect(valueOf(text(), 'checkout_embed_effect_seconds_count{kind="fulfill"}')).toBe(3);
    expect(valueOf(text(), 'checkout_embed_dead_letters_total{kind="fulfill"}')).toBe(1);
    expect(valueOf(text(), 'checkout_embed_reviews_opened_total{reason="effect_dead_letter"}')).toBe(1);
    const call = (outcome: string): number =>
      valueOf(
        text(),
        `checkout_embed_vendor_calls_total{vendor="ledgerbee",operation="fetch_subject",outcome="${outcome}"}`,
      ) ?? 0;
    expect([call('unavailable'), call('ok')]).toEqual([1, 2]);
    expect(call('absent')).toBeGreaterThan(0);
    expect(
      valueOf(
        text(),
        'checkout_embed_vendor_call_seconds_count{vendor="ledgerbee",operation="fetch_subject"}',
      ),
    ).toBe(3 + call('absent'));
  });

  it('count an effect of which nobody knows how it ended', async () => {
    const { metrics, text } = page();
    const fulfill = onceOrReviewEffect(() => Promise.reject(new Error('no answer')));
    const kit = await world.kit({ metrics, effects: { fulfill } });
    world.vendor.sells({ subject: 'sub-1' });
    await kit.deliver({ id: 'msg-1', subject: 'sub-1' });
    await kit.tick();
    await kit.tick();
    expect(valueOf(text(), 'checkout_embed_effects_total{kind="fulfill",outcome="unknown"}')).toBe(1);
    expect(valueOf(text(), 'checkout_embed_effect_seconds_count{kind="fulfill"}')).toBe(1);
    expect(valueOf(text(), 'checkout_embed_reviews_opened_total{reason="effect_outcome_unknown"}')).toBe(1);
    expect(valueOf(text(), 'checkout_embed_dead_letters_total{kind="fulfill"}')).toBeNull();
  });

  it('count a review once, whichever delivery opened it', async () => {
    const { metrics, text } = page();
    const kit = await world.kit({ metrics });
    await kit.deliver({ id: 'msg-1', as: 'unreadable' });
    await kit.deliver({ id: 'msg-1', as: 'unreadable' });
    expect(valueOf(text(), 'checkout_embed_reviews_opened_total{reason="unreadable_delivery"}')).toBe(1);
  });

  it('say for how long the oldest due work has waited', async () => {
    const { metrics, text } = page();
    const kit = await world.kit({ metrics });
    const lag = (job: string): number | null =>
      valueOf(text(), `checkout_embed_oldest_due_seconds{job="${job}"}`);
    expect(lag('reconcile')).toBeNull();
    await kit.start('order-1');
    await kit.tick();
    const jobs = ['reconcile', 'refetch', 'parked', 'settlements', 'effects'];
    expect(jobs.map(lag)).toEqual([0, 0, 0, 0, 0]);
    // Asked about after two minutes, and refused by the vendor for an hour.
    world.vendor.onList = () =>
      Promise.reject(new VendorError('rate-limited', 'slow down', { retryAfterMs: 3600_000 }));
    world.pass(120_000);
    await kit.tick();
    world.pass(3600_000 + 45_000);
    world.vendor.onList = () => Promise.reject(new Error('not called'));
    const { metrics: others, text: otherText } = page();
    // Its first look is its last: by the next one it would have asked, and nothing would be due.
    const watching = await world.kit(
      { metrics: others, schedule: { sweepIntervalMs: 3600_000 } },
      { background: true },
    );
    const waited = (): number | null =>
      valueOf(otherText(), 'checkout_embed_oldest_due_seconds{job="reconcile"}');
    await eventually(() => waited() !== null);
    expect(waited()).toBe(45);
    await watching.kit.close({ finishMs: 0 });
    expect(waited()).toBeNull();
  });

  it.each([
    [
      'parked',
      'orders',
      `(ref, vendor, facts, status, version, created_at, updated_at, parked_until)
       VALUES ('order-9', 'ledgerbee', '{}', 'open', 1, $1, $1, $1)`,
    ],
    ['parked', 'attempt_keys', `(vendor, key, parked_until) VALUES ('ledgerbee', 'key-9', $1)`],
    [
      'parked',
      'parked_triggers',
      `(vendor, name, generation, first_at, last_at, next_look_at)
       VALUES ('ledgerbee', 'or_9', 1, $1, $1, $1), ('nobody-here', 'or_9', 1, $1, $1, '2020-01-01')`,
    ],
    [
      'settlements',
      'settlement_readings',
      `(vendor, next_at) VALUES ('ledgerbee', $1), ('nobody-here', '2020-01-01')`,
    ],
  ] as const)('say since when %s waits in %s, for the vendors of this process', async (job, table, row) => {
    await world.kit();
    const read = async (): Promise<unknown> =>
      (await readOldestDue(world.pool, tablesOf(world.schema), ['ledgerbee'], ['fulfill']))[job];
    expect(await read()).toBeNull();
    await world.pool.query(`INSERT INTO ${world.schema}.${table} ${row}`, [new Date(world.now - 45_000)]);
    expect(await read()).toBe(world.now - 45_000);
  });

  it('count open streams', async () => {
    const { metrics, text } = page();
    const kit = await world.kit({ metrics });
    const { attempt } = await kit.start('order-1');
    const answers = [await kit.about(attempt, '/events'), await kit.about(attempt, '/events')];
    expect(valueOf(text(), 'checkout_embed_streams_open')).toBe(2);
    await answers[0]?.body?.cancel();
    expect(valueOf(text(), 'checkout_embed_streams_open')).toBe(1);
    await kit.kit.close();
    expect(valueOf(text(), 'checkout_embed_streams_open')).toBeNull();
  });

  it('that throw cost nothing', async () => {
    const broken: Metrics = {
      count: () => {
        throw new Error('no counter');
      },
      observe: () => {
        throw new Error('no histogram');
      },
      gauge: () => {
        throw new Error('no gauge');
      },
    };
    const kit = await world.kit({ metrics: broken });
    world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
    await kit.start('order-1');
    expect((await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' })).status).toBe(204);
    await kit.tick();
    expect(await world.granted()).toHaveLength(1);
  });

  it('need no gauges from a host that has none', async () => {
    const counted: string[] = [];
    const kit = await world.kit({
      metrics: { count: (name) => counted.push(name), observe: () => undefined },
    });
    await kit.deliver({ id: 'msg-1', as: 'ignored' });
    expect(counted).toEqual(['checkout_embed_deliveries_total']);
  });
});
