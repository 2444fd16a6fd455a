/** The end of a process on purpose: what was taken is finished, what comes too late is told so. */
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idempotentEffect } from '../../src/fulfillment/index.js';
import { toNodeHandler } from '../../src/fulfillment/http/node.js';
import { decodeRefusal, type BindTokenAnswer } from '../../src/protocol/index.js';
import { closeServers, deferred, listen } from '../support/http.js';
import { EventReader } from './kit/event-reader.js';
import { eventually, World, type Caller } from './kit/world.js';

let world: World;
beforeEach(async () => {
  world = await World.create();
});
afterEach(async () => {
  await closeServers();
  await world.close();
});

const delivery = (id: string): RequestInit => ({
  method: 'POST',
  headers: { 'x-id': id, 'x-signature': 'good', 'content-type': 'application/json' },
  body: JSON.stringify({ subject: `sub-${id}`, reference: `order-${id}` }),
});

async function inbox(): Promise<ReadonlySet<string>> {
  const { rows } = await world.pool.query<{ message_id: string }>(
    `SELECT message_id FROM ${world.schema}.inbox WHERE source = 'delivery'`,
  );
  return new Set(rows.map((row) => row.message_id));
}

const ready = async (kit: Caller): Promise<number> =>
  (await kit.kit.fetch(new Request('http://api.test/checkout/ready'))).status;

describe('closing, with deliveries on their way over HTTP', () => {
  it('every one that is accepted is on disk, and every other one is 503 with Retry-After', async () => {
    const kit = await world.kit({ schedule: { batchSize: 8 } });
    const origin = await listen(toNodeHandler(kit.kit));
    const accepted = new Set<string>();
    const refused = new Set<string>();
    const enough = deferred();
    let next = 0;
    const client = async (): Promise<void> => {
      // A vendor does not stop because we do: each goes on for a while after it was refused.
      for (let late = 0; late < 3;) {
        const id = `msg-${(next += 1)}`;
        const answer = await fetch(`${origin}/checkout/webhooks/ledgerbee`, delivery(id));
        await answer.arrayBuffer();
        if (answer.status === 204) accepted.add(id);
        else {
          expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
          refused.add(id);
          late += 1;
        }
        if (accepted.size >= 100) enough.resolve();
      }
    };
    const clients = Array.from({ length: 24 }, client);
    await enough.promise;
    const closed = kit.kit.close();
    await Promise.all(clients);
    await closed;
    const stored = await inbox();
    expect([...accepted].filter((id) => !stored.has(id))).toEqual([]);
    // Refused at the door: nothing of it was begun.
    expect([...refused].filter((id) => stored.has(id))).toEqual([]);
    expect(refused.size).toBeGreaterThanOrEqual(72);
  });

  it('one whose body is still coming is finished too', async () => {
    const kit = await world.kit();
    const seen = deferred();
    const target = {
      fetch: (request: Request) => {
        seen.resolve();
        return kit.kit.fetch(request);
      },
    };
    const origin = await listen(toNodeHandler(target));
    const answered = deferred<number>();
    const upload = httpRequest(
      `${origin}/checkout/webhooks/ledgerbee`,
      { method: 'POST', headers: { 'x-id': 'slow', 'x-signature': 'good' } },
      (response) => {
        response.resume();
        answered.resolve(response.statusCode ?? 0);
      },
    );
    upload.write('{"subject":"sub-1",');
    await seen.promise;
    const closed = kit.kit.close();
    upload.end('"reference":"order-1"}');
    expect(await answered.promise).toBe(204);
    await closed;
    expect(await inbox()).toEqual(new Set(['slow']));
  });

  it('one whose body never comes holds up nothing, and is 503 when it does', async () => {
    const kit = await world.kit();
    const seen = deferred();
    const origin = await listen(
      toNodeHandler({
        fetch: (request) => {
          seen.resolve();
          return kit.kit.fetch(request);
        },
      }),
    );
    const answered = deferred<number>();
    const upload = httpRequest(
      `${origin}/checkout/webhooks/ledgerbee`,
      { method: 'POST', headers: { 'x-id': 'never', 'x-signature': 'good' } },
      (response) => {
        response.resume();
        answered.resolve(response.statusCode ?? 0);
      },
    );
    upload.write('{');
    await seen.promise;
    await kit.kit.close({ finishMs: 10 });
    upload.end('"subject":"sub-1","reference":"order-1"}');
    expect(await answered.promise).toBe(503);
    expect(await inbox()).toEqual(new Set());
  });
});

describe('closing', () => {
  it('says "not ready" first, and serves on for the time it was given', async () => {
    const kit = await world.kit();
    expect(await ready(kit)).toBe(200);
    const closed = kit.kit.close({ graceMs: 1500 });
    expect(await ready(kit)).toBe(503);
    expect((await kit.deliver({ id: 'msg-1', as: 'ignored' })).status).toBe(204);
    await closed;
    const late = await kit.deliver({ id: 'msg-2', as: 'ignored' });
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);
    expect(decodeRefusal(await late.json()).code).toBe('unavailable');
    expect(await inbox()).toEqual(new Set(['msg-1']));
    // The process still lives: nobody is to kill it while it finishes.
    expect((await kit.kit.fetch(new Request('http://api.test/checkout/health'))).status).toBe(200);
  });

  it('lets an effect in flight come to its end, and begins no other', async () => {
    const running = deferred();
    const release = deferred();
    const keys: string[] = [];
    let wasAborted = false;
    const kit = await world.kit(
      {
        clock: Date.now,
        schedule: { effectConcurrency: 1 },
        effects: {
          fulfill: idempotentEffect(async ({ key, signal }) => {
            keys.push(key);
            signal.addEventListener('abort', () => (wasAborted = true));
            running.resolve();
            await release.promise;
          }),
        },
      },
      { background: true },
    );
    for (const order of ['order-1', 'order-2']) {
      world.vendor.sells({ subject: `sub-${order}`, reference: order });
      await kit.start(order);
      await kit.deliver({ id: `msg-${order}`, subject: `sub-${order}`, reference: order });
    }
    await running.promise;
    await eventually(async () => (await kit.order('order-2')).status === 'processing');
    const closed = kit.kit.close();
    release.resolve();
    await closed;
    expect(wasAborted).toBe(false);
    const done = keys[0]?.split(':')[0] ?? '';
    const reader = await world.kit();
    expect((await reader.order(done)).status).toBe('fulfilled');
    const left = done === 'order-1' ? 'order-2' : 'order-1';
    expect((await reader.order(left)).effects).toMatchObject([{ state: 'due', tries: 0 }]);
    expect(keys).toHaveLength(1);
  });

  it('lets a bind token in flight be made: without it the checkout would be anonymous', async () => {
    const kit = await world.kit();
    const { attempt } = await kit.start('order-1');
    const asked = deferred();
    const release = deferred();
    world.vendor.onMint = async () => {
      asked.resolve();
      await release.promise;
      return { bindToken: 'bind-late', expiresAt: null };
    };
    const answer = kit.bindToken(attempt);
    await asked.promise;
    const closed = kit.kit.close();
    release.resolve();
    expect(((await (await answer).json()) as BindTokenAnswer).bindToken).toBe('bind-late');
    await closed;
  });

  it('ends the streams, so that their pages ask another process', async () => {
    const kit = await world.kit();
    const { attempt } = await kit.start('order-1');
    const events = new EventReader(await kit.about(attempt, '/events'));
    await events.next();
    const closed = kit.kit.close();
    await events.ended();
    await closed;
    expect((await kit.about(attempt, '/events')).status).toBe(503);
  });

  it('twice is closing once', async () => {
    const kit = await world.kit();
    expect(kit.kit.close()).toBe(kit.kit.close());
  });
});
