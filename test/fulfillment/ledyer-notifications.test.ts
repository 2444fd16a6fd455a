/** What Ledyer's sandbox sends, when, and how it is replayed. */
import {
  createLedyerSandbox,
  createManualClock,
  type LedyerSandbox,
  type LedyerSandboxOptions,
  type ManualClock,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServers, listen } from '../support/http.js';
import { api } from '../support/ledyer.js';
import { type Receiver, startReceiver } from './sandbox/receiver.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let clock: ManualClock;
let receiver: Receiver;
let sandbox: LedyerSandbox;

beforeEach(async () => {
  clock = createManualClock();
  receiver = await startReceiver();
  receiver.answerWith(200);
  await start();
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

async function start(options: LedyerSandboxOptions = {}): Promise<void> {
  sandbox = await createLedyerSandbox({ clock, notifications: { url: receiver.url }, ...options });
}

/** Paid, and a second later ready. */
async function buy(): Promise<string> {
  const { session, orderId } = sandbox.purchases.open();
  sandbox.acts.pay(session.id);
  await sandbox.idle();
  clock.advance(SECOND);
  await sandbox.idle();
  return orderId!;
}

type Body = Readonly<Record<string, unknown>>;
const bodies = (): Body[] => receiver.received.map(({ body }) => JSON.parse(body) as Body);
const types = (): unknown[] =>
  bodies().map(({ eventType, type }) => String(eventType ?? type).replace('com.ledyer.order.', ''));

describe('a notification', () => {
  it('is flat, unsigned, and tells no more than five names', async () => {
    const orderId = await buy();
    const [create] = receiver.received;
    expect(bodies()[0]).toEqual({
      eventType: 'com.ledyer.order.create',
      merchantId: expect.stringMatching(/^ac_/) as string,
      orderId,
      reference: expect.stringMatching(/^or_/) as string,
      storeId: '9700000000',
    });
    expect(bodies()[0]!['reference']).not.toBe(orderId);
    expect(create!.headers['user-agent']).toBe('ledyer-sandbox');
    expect(Object.keys(create!.headers).filter((name) => /sign|svix|webhook/.test(name))).toEqual([]);
  });

  it('of two captures is the same bytes twice', async () => {
    const orderId = await buy();
    sandbox.acts.captureFirstLine(orderId);
    sandbox.acts.captureFirstLine(orderId);
    await sandbox.idle();
    const [, , one, two] = receiver.received;
    expect(types()).toEqual(['create', 'ready_for_capture', 'part_capture', 'part_capture']);
    expect(two!.body).toBe(one!.body);
  });

  it('is nested by assumption, with one id per event that stays over retries', async () => {
    sandbox.assumptions.set('bodyShape', 'nested');
    receiver.answerWith(500);
    const orderId = await buy();
    clock.advance(5 * SECOND);
    await sandbox.idle();
    const [create, ready, again] = bodies();
    expect(create).toEqual({
      id: expect.stringMatching(/^wh_/) as string,
      type: 'com.ledyer.order.create',
      data: { orderId },
    });
    expect(again!['id']).toBe(create!['id']);
    expect(ready!['id']).not.toBe(create!['id']);
  });

  it('goes to the session’s own endpoint too, so that what is registered twice comes twice', async () => {
    const { session } = sandbox.purchases.open({ urls: { notification: receiver.url } });
    sandbox.acts.pay(session.id);
    await sandbox.idle();
    expect(types()).toEqual(['create', 'create']);
  });

  it('carries the merchant’s reference once it is set', async () => {
    sandbox.purchases.open();
    const { session } = sandbox.purchases.open({ reference: 'order-1' });
    sandbox.acts.pay(session.id);
    await sandbox.idle();
    expect(bodies()[0]!['reference']).toBe('order-1');
  });
});

describe('the schedule', () => {
  it('is 0 s, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, and then nothing', async () => {
    receiver.answerWith(500);
    const { session } = sandbox.purchases.open();
    sandbox.scenarios.set('ready-dropped', true);
    sandbox.acts.pay(session.id);
    await sandbox.idle();
    expect(receiver.received).toHaveLength(1);
    const waits = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
    for (const [index, wait] of waits.entries()) {
      clock.advance(wait - 1);
      await sandbox.idle();
      expect(receiver.received).toHaveLength(index + 1);
      clock.advance(1);
      await sandbox.idle();
      expect(receiver.received).toHaveLength(index + 2);
    }
    expect(sandbox.notifications.list()[0]).toMatchObject({ state: 'failed', nextAttemptAt: null });
    clock.advance(100 * HOUR);
    await sandbox.idle();
    expect(receiver.received).toHaveLength(8);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  });

  it.each([201, 202, 204, 301, 302, 400, 401, 404, 410, 500, 503])('goes on after %i', async (status) => {
    receiver.answerWith(status, { location: '/elsewhere' });
    await buy();
    receiver.answerWith(200);
    clock.advance(5 * SECOND);
    await sandbox.idle();
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook', '/hook']);
    expect(sandbox.notifications.list().map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('ends at any 2xx by assumption', async () => {
    sandbox.assumptions.set('stopsOn', '2xx');
    receiver.answerWith(202);
    await buy();
    expect(sandbox.notifications.list().map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  it('goes on when nobody answers', async () => {
    await receiver.close();
    await buy();
    expect(sandbox.notifications.list()[0]).toMatchObject({
      state: 'pending',
      attempts: [{ status: null, error: 'ECONNREFUSED' }],
    });
    receiver = await startReceiver();
  });

  it('goes on when the receiver hangs', async () => {
    await sandbox.close();
    const hanging = await listen(() => undefined);
    sandbox = await createLedyerSandbox({ timeScale: 60, notifications: { url: hanging } });
    const { session } = sandbox.purchases.open();
    sandbox.scenarios.set('ready-dropped', true);
    sandbox.acts.pay(session.id);
    await sandbox.idle();
    expect(sandbox.notifications.list()[0]).toMatchObject({
      state: 'pending',
      attempts: [{ status: null, error: 'timeout' }],
    });
    await closeServers();
  });

  it('passes faster under a scale', async () => {
    await sandbox.close();
    await start({ timeScale: 60 });
    receiver.answerWith(500);
    const { session } = sandbox.purchases.open();
    sandbox.scenarios.set('ready-dropped', true);
    sandbox.acts.pay(session.id);
    await sandbox.idle();
    clock.advance(5 * SECOND);
    await sandbox.idle();
    expect(receiver.received).toHaveLength(2);
    clock.advance(5 * SECOND);
    await sandbox.idle();
    expect(receiver.received).toHaveLength(3);
  });

  it('ends with an endpoint that is switched off, by assumption', async () => {
    sandbox.assumptions.set('disablesFailingEndpoint', true);
    receiver.answerWith(500);
    await buy();
    for (let hours = 0; hours < 30; hours += 1) {
      clock.advance(HOUR);
      await sandbox.idle();
    }
    const before = receiver.received.length;
    await buy();
    expect(receiver.received).toHaveLength(before);
    sandbox.notifications.register({ url: receiver.url });
    await buy();
    expect(receiver.received.length).toBeGreaterThan(before);
  });
});

describe('the scenario', () => {
  it('twice sends one notification two times at once', async () => {
    sandbox.scenarios.set('notification-twice', { times: 1 });
    await buy();
    expect(types()).toEqual(['create', 'create', 'ready_for_capture']);
    expect(receiver.received[1]!.body).toBe(receiver.received[0]!.body);
  });

  it('delayed sends after more than 27 hours', async () => {
    sandbox.scenarios.set('notification-delayed', { times: 1 });
    await buy();
    expect(types()).toEqual(['ready_for_capture']);
    clock.advance(27 * HOUR + 35 * MINUTE + 5 * SECOND);
    await sandbox.idle();
    expect(types()).toEqual(['ready_for_capture', 'create']);
  });

  it('out of order sends the next one first', async () => {
    sandbox.scenarios.set('notification-out-of-order', { times: 1 });
    await buy();
    expect(types()).toEqual(['ready_for_capture', 'create']);
  });

  it('out of order lets go of the last one after a minute', async () => {
    const orderId = await buy();
    sandbox.scenarios.set('notification-out-of-order', { times: 1 });
    sandbox.acts.capture(orderId);
    clock.advance(MINUTE);
    await sandbox.idle();
    expect(types()).toEqual(['create', 'ready_for_capture', 'full_capture']);
  });

  it('lost sends nothing, ever', async () => {
    sandbox.scenarios.set('notification-lost', true);
    await buy();
    clock.advance(48 * HOUR);
    await sandbox.idle();
    expect(receiver.received).toEqual([]);
    expect(sandbox.notifications.list().map(({ state }) => state)).toEqual(['lost', 'lost']);
  });

  it('replayed sends once more what was delivered', async () => {
    sandbox.scenarios.set('notification-replayed', { times: 1 });
    await buy();
    expect(types()).toEqual(['create', 'create', 'ready_for_capture']);
    expect(sandbox.notifications.list()[0]!.attempts.map(({ kind }) => kind)).toEqual([
      'scheduled',
      'replay',
    ]);
  });

  it('spoofed sends a lie about the order before the truth', async () => {
    sandbox.scenarios.set('notification-spoofed', { times: 1 });
    const orderId = await buy();
    expect(types()).toEqual(['full_capture', 'create', 'ready_for_capture']);
    expect(bodies()[0]!['orderId']).toBe(orderId);
  });

  it('spoofed about a session names the session', async () => {
    sandbox.scenarios.set('notification-spoofed', { times: 1 });
    const journey = sandbox.begin('signatory');
    journey.next();
    await sandbox.idle();
    expect(bodies()[0]).toMatchObject({
      eventType: 'com.ledyer.order.full_capture',
      sessionId: journey.sessionId,
    });
  });

  it('unknown id sends one about an order that nobody made', async () => {
    sandbox.scenarios.set('notification-unknown-id', { times: 1 });
    const orderId = await buy();
    expect(types()).toHaveLength(3);
    expect(bodies()[0]!['orderId']).toMatch(/^or_/);
    expect(bodies()[0]!['orderId']).not.toBe(orderId);
  });

  it.each([
    ['create-dropped', ['ready_for_capture']],
    ['ready-dropped', ['create']],
  ] as const)('%s leaves the other', async (name, left) => {
    sandbox.scenarios.set(name, true);
    await buy();
    expect(types()).toEqual(left);
  });

  it('at once waits for no answer before the next', async () => {
    sandbox.scenarios.set('notifications-at-once', true);
    const { session } = sandbox.purchases.open({ urls: { notification: receiver.url } });
    sandbox.acts.pay(session.id);
    clock.advance(SECOND);
    await sandbox.idle();
    expect(types().sort()).toEqual(['create', 'create', 'ready_for_capture', 'ready_for_capture']);
  });
});

describe('by assumption', () => {
  it('ready_for_capture comes first', async () => {
    sandbox.assumptions.set('firstEvent', 'ready_for_capture');
    await buy();
    expect(types()).toEqual(['ready_for_capture', 'create']);
  });

  it('the presumed delivery service’s headers are there, and prove nothing', async () => {
    sandbox.assumptions.set('deliveryHeaders', 'svix');
    await buy();
    expect(receiver.received[0]!.headers).toMatchObject({
      'svix-id': expect.stringMatching(/^msg_/) as string,
      'svix-timestamp': expect.stringMatching(/^\d+$/) as string,
      'svix-signature': expect.stringMatching(/^v1,/) as string,
    });
  });

  it.each([
    ['expiryNotifies', (id: string) => sandbox.acts.expire(id), 'cancel'],
    ['declineNotifies', undefined, 'cancel'],
  ] as const)('%s says %s', async (name, act, type) => {
    sandbox.assumptions.set(name, true);
    if (act === undefined) {
      const journey = sandbox.begin('signatory-declines');
      while (journey.next() !== null) await sandbox.idle();
    } else {
      act(await buy());
    }
    await sandbox.idle();
    expect(types().at(-1)).toBe(type);
  });
});

describe('by assumption also', () => {
  it('an acknowledgement is notified under a type of no list', async () => {
    sandbox.assumptions.set('acknowledgeNotifies', true);
    const orderId = await buy();
    await api(sandbox, 'POST', `/v1/orders/${orderId}/acknowledge`);
    await sandbox.idle();
    expect(types().at(-1)).toBe('acknowledge');
  });

  it('the reference in a body is the order’s own id', async () => {
    sandbox.assumptions.set('bodyReference', 'order-id');
    const orderId = await buy();
    expect(bodies()[0]!['reference']).toBe(orderId);
  });

  it('a wait is up to a tenth longer', async () => {
    sandbox.assumptions.set('jitter', true);
    receiver.answerWith(500);
    const { session } = sandbox.purchases.open();
    sandbox.acts.pay(session.id);
    await sandbox.idle();
    const { attempts, nextAttemptAt } = sandbox.notifications.list()[0]!;
    const waitMs = Date.parse(nextAttemptAt!) - Date.parse(attempts[0]!.at);
    expect(waitMs).toBeGreaterThanOrEqual(5 * SECOND);
    expect(waitMs).toBeLessThanOrEqual(5.5 * SECOND);
  });
});

describe('by hand', () => {
  it('a notification is replayed from the dashboard’s page: the same bytes, whatever became of it', async () => {
    await buy();
    const address = sandbox.apiBaseUrl;
    const page = await (await fetch(`${address}/merchant/notifications`)).text();
    const action = /action="(\/merchant\/notifications\/[^"]+\/replay)"/.exec(page)?.[1];
    const answer = await fetch(address + action!, { method: 'POST', redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(types()).toEqual(['create', 'ready_for_capture', 'ready_for_capture']);
    expect(receiver.received[2]!.body).toBe(receiver.received[1]!.body);
  });

  it('anything at all is sent by anybody', async () => {
    const event = { eventType: 'com.ledyer.order.full_refund', orderId: 'or_1' };
    await sandbox.notifications.sendStray(event);
    await sandbox.notifications.sendStray(event, 'not json');
    expect(JSON.parse(receiver.received[0]!.body)).toMatchObject(event);
    expect(receiver.received[1]!.body).toBe('not json');
    clock.advance(HOUR);
    await sandbox.idle();
    expect(receiver.received).toHaveLength(2);
  });
});
