/** Work that must not happen twice and cannot be told from a new order when it does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  NothingHappenedError,
  onceOrReviewEffect,
  transactionEffect,
  type Effect,
  type EffectInput,
} from '../../src/fulfillment/index.js';
import { answerReview } from './kit/answer-review.js';
import { eventually, World, type Caller } from './kit/world.js';

const HOUR = 3600_000;

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(() => world.close());

type Run = (input: EffectInput & { readonly signal: AbortSignal }) => Promise<void>;

const fulfillBy = (run: Run): { effects: { fulfill: Effect } } => ({
  effects: { fulfill: onceOrReviewEffect(run) },
});
const buy = async (kit: Caller): Promise<void> => {
  await kit.start('order-1');
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1' });
  await kit.deliver({ id: 'msg-1', subject: 'sub-1', reference: 'order-1' });
};
const end = async (kit: Caller): Promise<void> => {
  world.vendor.sells({ subject: 'sub-1', reference: 'order-1', access: 'ended', vendorStatus: 'cancelled' });
  await kit.deliver({ id: 'msg-end', subject: 'sub-1', reference: 'order-1' });
};
const effectOf = async (kit: Caller, kind = 'fulfill') =>
  (await kit.order('order-1')).effects.find((effect) => effect.kind === kind);
/** Everything that time alone would bring. */
const letTimePass = async (kit: Caller): Promise<void> => {
  for (let round = 0; round < 4; round += 1) {
    world.pass(HOUR);
    await kit.tick();
  }
};

describe('a once-or-review effect', () => {
  it('is run once, and that it begins is committed before', async () => {
    const seen: unknown[] = [];
    const kit = await world.kit(
      fulfillBy(async ({ key }) => {
        const order = await kit.order('order-1');
        seen.push([key, order.status, order.effects[0]?.begun]);
      }),
    );
    await buy(kit);
    await kit.tick();
    await letTimePass(kit);
    expect(seen).toEqual([['order-1:fulfill:', 'processing', true]]);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
    expect(await effectOf(kit)).toMatchObject({ state: 'done', tries: 1 });
  });

  it('that throws is never run again by itself: a person is asked and the buyer told nothing of a grant', async () => {
    let runs = 0;
    const kit = await world.kit(
      fulfillBy(() => {
        runs += 1;
        return Promise.reject(new Error('the answer was lost'));
      }),
    );
    const { attempt } = await kit.start('order-1');
    await buy(kit);
    await kit.tick();
    await letTimePass(kit);
    expect(runs).toBe(1);
    expect((await kit.status(attempt)).status).toBe('review');
    expect(await effectOf(kit)).toMatchObject({
      state: 'unknown',
      wanted: false,
      lastError: 'Error: the answer was lost',
    });
    expect(world.reviews).toMatchObject([
      { reason: 'effect_outcome_unknown', evidence: { effect: 'fulfill', epoch: '', run: 1, why: 'threw' } },
    ]);
  });

  it('that says nothing happened is run again, ever later, until it works', async () => {
    let runs = 0;
    const kit = await world.kit(
      fulfillBy(() => {
        runs += 1;
        return runs < 3 ? Promise.reject(new NothingHappenedError('no connection')) : Promise.resolve();
      }),
    );
    await buy(kit);
    await kit.tick();
    await kit.tick();
    expect(runs).toBe(1);
    expect(await effectOf(kit)).toMatchObject({ state: 'due', wanted: true, begun: false });
    await letTimePass(kit);
    expect(runs).toBe(3);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
    expect(world.reviews).toEqual([]);
  });

  it('of which nothing ever happened is a dead letter, owes no revocation, and may be accepted', async () => {
    let runs = 0;
    let works = false;
    const kit = await world.kit({
      schedule: { effectMaxTries: 3 },
      ...fulfillBy(() => {
        runs += 1;
        return works ? Promise.resolve() : Promise.reject(new NothingHappenedError('refused'));
      }),
    });
    await buy(kit);
    await kit.tick();
    await letTimePass(kit);
    expect(runs).toBe(3);
    expect(await effectOf(kit)).toMatchObject({ state: 'dead', begun: false });
    expect(world.deadLetters).toHaveLength(1);
    works = true;
    await answerReview(world, 'order-1', 'effect_dead_letter:fulfill::3', 'accept');
    await kit.tick();
    expect(runs).toBe(4);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });

  it('that is withdrawn after nothing happened is not taken back', async () => {
    const kit = await world.kit({
      effects: {
        fulfill: onceOrReviewEffect(() => Promise.reject(new NothingHappenedError('refused'))),
        revoke: onceOrReviewEffect(() => Promise.reject(new Error('there was nothing to revoke'))),
      },
    });
    await buy(kit);
    await kit.tick();
    await end(kit);
    await letTimePass(kit);
    expect(await effectOf(kit, 'revoke')).toBeUndefined();
    expect((await kit.order('order-1')).status).toBe('ended');
  });

  it('that takes longer than its lease is aborted, and a person is asked', async () => {
    let aborted = false;
    const kit = await world.kit({
      schedule: { leaseSeconds: 2 },
      ...fulfillBy(({ signal }) => {
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise(() => undefined);
      }),
    });
    await buy(kit);
    await kit.tick();
    expect(aborted).toBe(true);
    expect(await effectOf(kit)).toMatchObject({ state: 'unknown' });
    expect(world.reviews).toMatchObject([{ evidence: { why: 'timed-out' } }]);
  });

  it('that comes to its end after its lease was another’s writes nothing: a person has been asked', async () => {
    let runs = 0;
    const other = await world.kit(
      fulfillBy(() => {
        runs += 1;
        return Promise.resolve();
      }),
    );
    const kit = await world.kit(
      fulfillBy(async () => {
        runs += 1;
        world.pass(31_000);
        await other.tick();
      }),
    );
    await buy(kit);
    await kit.tick();
    await letTimePass(kit);
    expect(runs).toBe(1);
    expect(world.logs.map(({ event }) => event)).toContain('effect.late');
    expect(await effectOf(kit)).toMatchObject({ state: 'unknown' });
    expect(world.reviews).toMatchObject([{ evidence: { why: 'worker-lost' } }]);
  });

  it('is marked as done by a database that was away for a moment, and nobody is asked', async () => {
    let runs = 0;
    const kit = await world.kit(
      fulfillBy(async () => {
        runs += 1;
        await world.pool.query(
          `CREATE SEQUENCE ${world.schema}.marks;
           CREATE FUNCTION ${world.schema}.away() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
             IF nextval('${world.schema}.marks') < 3 THEN RAISE EXCEPTION 'away'; END IF; RETURN NEW; END$$;
           CREATE TRIGGER away BEFORE UPDATE ON ${world.schema}.effects FOR EACH ROW
             WHEN (NEW.state = 'done') EXECUTE FUNCTION ${world.schema}.away()`,
        );
      }),
    );
    await buy(kit);
    await kit.tick();
    expect(runs).toBe(1);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
    expect(world.reviews).toEqual([]);
  });

  it('is waited for by a kit that closes', async () => {
    let running!: () => void;
    const isRunning = new Promise<void>((resolve) => (running = resolve));
    let finish!: () => void;
    const mayFinish = new Promise<void>((resolve) => (finish = resolve));
    const kit = await world.kit(
      fulfillBy(({ signal }) => {
        running();
        return mayFinish.then(() => signal.throwIfAborted());
      }),
    );
    await buy(kit);
    const ticking = kit.tick();
    await isRunning;
    const closing = kit.kit.close();
    finish();
    await Promise.all([ticking, closing]);
    expect((await kit.order('order-1')).status).toBe('fulfilled');
  });

  it('that may have happened is taken back when the subscription ends, before anybody answered', async () => {
    const kit = await world.kit({
      effects: {
        fulfill: onceOrReviewEffect(() => Promise.reject(new Error('lost'))),
        revoke: transactionEffect(async ({ order, key, tx }) => {
          await tx.query(`INSERT INTO ${world.schema}.granted VALUES ($1, $2, 'revoke')`, [order.ref, key]);
        }),
      },
    });
    await buy(kit);
    await kit.tick();
    await end(kit);
    await kit.tick();
    expect(await world.granted('revoke')).toHaveLength(1);
  });
});

describe('a person who looked', () => {
  const KEY = 'effect_outcome_unknown:fulfill::1';
  let runs: number;
  let kit: Caller;
  beforeEach(async () => {
    runs = 0;
    kit = await world.kit(
      fulfillBy(() => {
        runs += 1;
        return runs === 1 ? Promise.reject(new Error('lost')) : Promise.resolve();
      }),
    );
    await buy(kit);
    await kit.tick();
  });

  it.each([
    ['done', 'fulfilled', 'done', 1],
    ['not-done', 'fulfilled', 'done', 2],
    ['reject', 'failed', 'unknown', 1],
    ['accept', 'review', 'unknown', 1],
  ] as const)('and answers %s makes the order %s', async (answer, status, state, runsInAll) => {
    await answerReview(world, 'order-1', KEY, answer);
    await letTimePass(kit);
    expect(await effectOf(kit)).toMatchObject({ state });
    expect((await kit.order('order-1')).status).toBe(status);
    expect(runs).toBe(runsInAll);
  });

  it('is asked anew when the next run is lost as well', async () => {
    await answerReview(world, 'order-1', KEY, 'not-done');
    const failing = await world.kit(fulfillBy(() => Promise.reject(new Error('lost again'))));
    await failing.tick();
    expect(world.reviews.map(({ key }) => key)).toEqual([KEY, 'effect_outcome_unknown:fulfill::2']);
    expect(await effectOf(kit)).toMatchObject({ state: 'unknown', begun: true });
  });
});

describe('a worker that is killed', () => {
  it.each(['while it works', 'after its work, before its mark'])(
    '%s leaves one run, and a person is asked',
    async (when) => {
      const calls: string[] = [];
      const kit = await world.kit(
        fulfillBy(({ key }) => {
          calls.push(`again: ${key}`);
          return Promise.resolve();
        }),
      );
      await buy(kit);

      const blocker = await world.pool.connect();
      const sink = createServer((request, response) => {
        request.on('data', (chunk: Buffer) => calls.push(chunk.toString()));
        request.on('end', () => {
          if (when === 'while it works') worker.kill('SIGKILL');
          // Nobody can mark the effect while the order is locked.
          else
            void blocker
              .query(`BEGIN; SELECT 1 FROM ${world.schema}.orders FOR UPDATE`)
              .then(() => response.end());
        });
      });
      sink.listen(0, '127.0.0.1');
      await once(sink, 'listening');
      const { port } = sink.address() as AddressInfo;
      const worker = spawn(
        process.execPath,
        [
          '--import=tsx',
          '--conditions=checkout-embed-source',
          fileURLToPath(new URL('./kit/once-worker.ts', import.meta.url)),
          world.url,
          world.schema,
          `http://127.0.0.1:${port}/`,
          String(world.now),
        ],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      const exited = once(worker, 'exit');
      try {
        if (when !== 'while it works') {
          await eventually(async () => {
            const { rowCount } = await world.pool.query(
              `SELECT 1 FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
              [`%"${world.schema}".orders%`],
            );
            return rowCount === 1;
          });
          worker.kill('SIGKILL');
        }
        expect((await exited)[1]).toBe('SIGKILL');
      } finally {
        worker.kill('SIGKILL');
        await blocker.query('ROLLBACK');
        blocker.release();
        sink.closeAllConnections();
        sink.close();
      }
      await kit.tick();
      expect(await effectOf(kit)).toMatchObject({ state: 'due', begun: true });
      await letTimePass(kit);
      expect(calls).toEqual(['order-1:fulfill:']);
      expect((await kit.order('order-1')).status).toBe('review');
      expect(world.reviews).toMatchObject([
        { reason: 'effect_outcome_unknown', evidence: { why: 'worker-lost' } },
      ]);
    },
    60_000,
  );
});
