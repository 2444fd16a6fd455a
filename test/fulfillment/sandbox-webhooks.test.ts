import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLedgerBeeSandbox,
  createManualClock,
  type LedgerBeeSandbox,
  type ManualClock,
} from 'checkout-embed/testing';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buyBound } from './sandbox/client.js';
import { type Received, type Receiver, startReceiver } from './sandbox/receiver.js';

let clock: ManualClock;
let receiver: Receiver;
let sandbox: LedgerBeeSandbox;

beforeEach(async () => {
  clock = createManualClock();
  receiver = await startReceiver();
  sandbox = await createLedgerBeeSandbox({ partnerOrigins: [], clock, webhook: { url: receiver.url } });
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

/** The public library's own verdict, which knows nothing of our signer. */
const verify = ({ body, headers }: Received, secret = sandbox.webhookSecret): unknown =>
  new Webhook(secret).verify(body, headers);
const passes = (delivery: Received, secret?: string): boolean => {
  try {
    verify(delivery, secret);
    return true;
  } catch {
    return false;
  }
};

describe('a delivery', () => {
  it('is signed so that the public Standard Webhooks library takes it', async () => {
    const subscriptionId = await buyBound(sandbox, 'order-1');
    await sandbox.idle();
    const [assigned, started] = receiver.received;
    expect(verify(assigned!)).toMatchObject({ type: 'subscription.assigned' });
    expect(verify(started!)).toMatchObject({
      id: started!.headers['webhook-id'],
      type: 'subscription.started',
      data: {
        subscriptionId,
        customerId: sandbox.customers.company.id,
        planId: sandbox.plans.pro.id,
        status: 'active',
        partnerReferenceId: 'order-1',
      },
    });
  });

  it('carries the real time in seconds, whatever the scale', async () => {
    sandbox.subscriptions.create({});
    await sandbox.idle();
    const seconds = Number(receiver.received[0]!.headers['webhook-timestamp']);
    expect(seconds).toBe(Math.floor(clock.now() / 1000));
  });

  it('has an id of its own for each endpoint, and one for all when the assumption says so', async () => {
    sandbox.webhooks.add({ url: receiver.url, topics: ['subscription.started'] });
    const ids = async (): Promise<Set<string>> => {
      receiver.received.length = 0;
      sandbox.subscriptions.create({});
      await sandbox.idle();
      const started = receiver.received.filter(({ body }) => body.includes('subscription.started'));
      return new Set(started.map(({ headers }) => headers['webhook-id']!));
    };
    expect((await ids()).size).toBe(2);
    sandbox.assumptions.set('messageIdPer', 'event');
    expect((await ids()).size).toBe(1);
  });

  it('is tried eight times: 30 s, 2 min, 8 min, 32 min, then to 10 h, and then never', async () => {
    receiver.answerWith(500);
    sandbox.webhooks.remove(sandbox.webhooks.list()[0]!.id);
    sandbox.webhooks.add({ url: receiver.url, topics: ['subscription.paused'] });
    sandbox.subscriptions.pause(sandbox.subscriptions.create({}).id);
    await sandbox.idle();
    for (const seconds of [30, 120, 480, 1_920, 7_680, 30_720, 36_000]) {
      const before = receiver.received.length;
      clock.advance(seconds * 1000 - 1);
      await sandbox.idle();
      expect(receiver.received).toHaveLength(before);
      clock.advance(1);
      await sandbox.idle();
      expect(receiver.received).toHaveLength(before + 1);
    }
    expect(sandbox.deliveries.list()[0]).toMatchObject({ state: 'failed', nextAttemptAt: null });
    clock.advance(100 * 3_600_000);
    await sandbox.idle();
    expect(receiver.received).toHaveLength(8);
  });

  it('keeps id and bytes over retries and is signed anew', async () => {
    receiver.answerWith(503);
    sandbox.subscriptions.create({});
    await sandbox.idle();
    receiver.answerWith(204);
    clock.advance(30_000);
    await sandbox.idle();
    const [first, , retry] = receiver.received;
    expect(retry!.body).toBe(first!.body);
    expect(retry!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(Number(retry!.headers['webhook-timestamp'])).toBe(
      Number(first!.headers['webhook-timestamp']) + 30,
    );
    expect(retry!.headers['webhook-signature']).not.toBe(first!.headers['webhook-signature']);
    expect(passes(retry!)).toBe(true);
    expect(sandbox.deliveries.list().map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('changes its envelope on retry when the assumption says so', async () => {
    sandbox.assumptions.set('envelopeTimestamp', 'each-send');
    receiver.answerWith(503);
    sandbox.subscriptions.create({});
    await sandbox.idle();
    clock.advance(30_000);
    await sandbox.idle();
    expect(receiver.received[2]!.body).not.toBe(receiver.received[0]!.body);
    expect(passes(receiver.received[2]!)).toBe(true);
  });

  it.each([
    ['a redirect, which is not followed', 302],
    ['410', 410],
  ])('answered %s is a failure like any other', async (_, status) => {
    receiver.answerWith(status, { location: '/elsewhere' });
    sandbox.subscriptions.create({});
    await sandbox.idle();
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
    expect(sandbox.deliveries.list()[0]).toMatchObject({
      state: 'pending',
      attempts: [{ status, error: null }],
    });
  });

  it('to nobody is retried', async () => {
    await receiver.close();
    sandbox.subscriptions.create({});
    await sandbox.idle();
    expect(sandbox.deliveries.list()[0]).toMatchObject({
      state: 'pending',
      attempts: [{ status: null, error: 'ECONNREFUSED' }],
    });
    receiver = await startReceiver();
  });
});

describe('the scenario', () => {
  const buy = async (): Promise<void> => {
    await buyBound(sandbox, 'order-1');
    await sandbox.idle();
  };

  it('twice sends one delivery again under its id', async () => {
    sandbox.scenarios.set('webhook-twice', { times: 1 });
    await buy();
    expect(receiver.topics()).toEqual([
      'subscription.assigned',
      'subscription.assigned',
      'subscription.started',
    ]);
    expect(receiver.received[1]!.headers['webhook-id']).toBe(receiver.received[0]!.headers['webhook-id']);
  });

  it('out of order swaps the two events of a start', async () => {
    sandbox.scenarios.set('webhook-out-of-order', { times: 1 });
    await buy();
    expect(receiver.topics()).toEqual(['subscription.started', 'subscription.assigned']);
  });

  it('lost sends nothing, ever', async () => {
    sandbox.scenarios.set('webhook-lost', true);
    await buy();
    clock.advance(48 * 3_600_000);
    await sandbox.idle();
    expect(receiver.received).toEqual([]);
    expect(sandbox.deliveries.list().map(({ state }) => state)).toEqual(['lost', 'lost']);
  });

  it('late sends two minutes later', async () => {
    sandbox.scenarios.set('webhook-late', true);
    await buy();
    expect(receiver.received).toEqual([]);
    clock.advance(120_000);
    await sandbox.idle();
    expect(receiver.topics()).toEqual(['subscription.assigned', 'subscription.started']);
  });

  it('wrongly signed fails the check, and its retry passes', async () => {
    sandbox.scenarios.set('webhook-wrongly-signed', { times: 1 });
    receiver.answerWith(401);
    await buy();
    expect(receiver.received.map((delivery) => passes(delivery))).toEqual([false, true]);
    clock.advance(30_000);
    await sandbox.idle();
    expect(passes(receiver.received[2]!)).toBe(true);
  });

  it('replayed sends the delivery once more, as it was ten minutes ago', async () => {
    sandbox.scenarios.set('webhook-replayed', { times: 1 });
    await buy();
    const [first, replay] = receiver.received;
    expect(replay!.body).toBe(first!.body);
    expect(Number(replay!.headers['webhook-timestamp'])).toBe(
      Number(first!.headers['webhook-timestamp']) - 600,
    );
    expect(() => verify(replay!)).toThrow('too old');
  });
});

describe('by hand', () => {
  it('a delivery is sent again: same id and bytes, new time', async () => {
    sandbox.subscriptions.create({});
    await sandbox.idle();
    clock.advance(5_000);
    const delivery = await sandbox.deliveries.redeliver(sandbox.deliveries.list()[0]!.id);
    const [first, , again] = receiver.received;
    expect(again!.body).toBe(first!.body);
    expect(Number(again!.headers['webhook-timestamp'])).toBe(Number(first!.headers['webhook-timestamp']) + 5);
    expect(delivery.attempts.map(({ kind }) => kind)).toEqual(['scheduled', 'redelivery']);
  });

  it('a delivery is replayed byte for byte, headers included', async () => {
    sandbox.subscriptions.create({});
    await sandbox.idle();
    clock.advance(5_000);
    await sandbox.deliveries.replay(sandbox.deliveries.list()[0]!.messageId);
    const [first, , again] = receiver.received;
    expect(again!.headers['webhook-signature']).toBe(first!.headers['webhook-signature']);
    expect(again!.body).toBe(first!.body);
  });

  it.each([
    ['well signed', {}, true],
    ['wrongly signed', { signed: false }, false],
    ['unsigned', { signed: 'none' }, false],
  ] as const)('anything is sent %s', async (_, how, isGood) => {
    await sandbox.deliveries.send('subscription.started', { subscriptionId: 's' }, how);
    expect(passes(receiver.received[0]!)).toBe(isGood);
  });

  it('a message is given its id, time and bytes', async () => {
    const how = { id: 'msg_mine', timestamp: 1_700_000_000, body: 'not json' };
    await sandbox.deliveries.send('subscription.started', {}, how);
    expect(receiver.received[0]).toMatchObject({
      body: 'not json',
      headers: { 'webhook-id': 'msg_mine', 'webhook-timestamp': '1700000000' },
    });
  });
});

describe('scaled time', () => {
  it('gives a receiver that hangs two real seconds at the least', async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/hook`;
    const fast = await createLedgerBeeSandbox({ partnerOrigins: [], timeScale: 60, webhook: { url } });
    const beganMs = performance.now();
    const [delivery] = await fast.deliveries.send('subscription.started', {});
    expect(performance.now() - beganMs).toBeGreaterThan(1_900);
    expect(delivery!.attempts).toMatchObject([{ status: null, error: 'timeout' }]);
    await fast.close();
    hanging.closeAllConnections();
    await new Promise((resolve) => hanging.close(resolve));
  });

  it('waits for retries sixty times less, and leaves the time-stamps real', async () => {
    const fast = await createLedgerBeeSandbox({
      partnerOrigins: [],
      clock,
      timeScale: 60,
      webhook: { url: receiver.url },
    });
    receiver.answerWith(500);
    fast.subscriptions.create({});
    await fast.idle();
    clock.advance(500);
    await fast.idle();
    expect(receiver.received).toHaveLength(4);
    const seconds = Number(receiver.received[3]!.headers['webhook-timestamp']);
    expect(seconds).toBe(Math.floor(clock.now() / 1000));
    await fast.close();
  });
});
