import {
  createLedgerBeeSandbox,
  createManualClock,
  type LedgerBeeSandbox,
  type ManualClock,
} from 'checkout-embed/testing';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { api } from './sandbox/client.js';
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

describe('what the operator does', () => {
  it.each([
    ['pause', [], 'subscription.paused', 'paused'],
    ['resume', ['pause'], 'subscription.resumed', 'active'],
    ['scheduleCancellation', [], 'subscription.cancellation_scheduled', 'pending_cancellation'],
    ['clearCancellation', ['scheduleCancellation'], 'subscription.cancellation_cleared', 'active'],
    ['churn', [], 'subscription.churned', 'cancelled'],
    ['expire', [], 'subscription.churned', 'expired'],
    ['transition', [], 'subscription.transitioned', 'active'],
    ['update', [], 'subscription.updated', 'active'],
    ['bill', [], 'subscription.billed', 'active'],
    ['chargeFails', [], 'subscription.error', 'active'],
    ['invoiceBounces', [], 'subscription.error', 'active'],
  ] as const)('%s is told', async (action, before, topic, status) => {
    const { id } = sandbox.subscriptions.create({ partnerReferenceId: 'order-1' });
    for (const step of before) sandbox.subscriptions[step](id);
    sandbox.subscriptions[action](id);
    await sandbox.idle();
    const last = JSON.parse(receiver.received.at(-1)!.body) as { type: string; data: object };
    expect(last).toMatchObject({ type: topic, data: { subscriptionId: id, status } });
  });

  it('a structural change keeps the id and changes the version', async () => {
    const { id, versionId } = sandbox.subscriptions.create({});
    const changed = sandbox.subscriptions.transition(id);
    expect(changed.id).toBe(id);
    expect(changed.versionId).not.toBe(versionId);
    await sandbox.idle();
  });

  it('a cleared charge is told as started and payment_succeeded', async () => {
    const { id } = sandbox.subscriptions.create({ cardPayFirst: true });
    sandbox.subscriptions.capture(id);
    await sandbox.idle();
    expect(receiver.topics()).toEqual([
      'subscription.assigned',
      'subscription.started',
      'subscription.payment_succeeded',
    ]);
  });

  it('what is over cannot be changed', () => {
    const { id } = sandbox.subscriptions.create({});
    sandbox.subscriptions.churn(id);
    expect(() => sandbox.subscriptions.pause(id)).toThrow(expect.objectContaining({ statusCode: 409 }));
  });

  it('the first event of a start can be the other one', async () => {
    sandbox.assumptions.set('firstEvent', 'started');
    sandbox.subscriptions.create({});
    await sandbox.idle();
    expect(receiver.topics()).toEqual(['subscription.started', 'subscription.assigned']);
  });
});

describe('webhook endpoints over the API', () => {
  const create = (url: string) =>
    api(sandbox, '/webhook-endpoints', { body: { url, topics: ['subscription.started'] } });

  it.each([
    'http://shop.example/hook',
    'https://localhost/hook',
    'https://127.0.0.1/hook',
    'https://shop.localhost/hook',
    'https://10.0.0.8/hook',
    'https://172.20.1.1/hook',
    'https://192.168.1.4/hook',
    'https://[fd00::1]/hook',
    'https://intranet/hook',
    'ftp://shop.example/hook',
    'hook',
  ])('refuse %s', async (url) => {
    expect(await create(url)).toMatchObject({ status: 400, body: { code: 'SHARED_VALIDATION_FAILED' } });
  });

  it('show the secret at creation and at a roll, and never else', async () => {
    const created = await create('https://shop.example/hook');
    expect(created.body['secret']).toMatch(/^whsec_/);
    const list = await api(sandbox, '/webhook-endpoints');
    expect(JSON.stringify(list.body)).not.toContain('whsec_');
    const path = `/webhook-endpoints/${String(created.body['id'])}`;
    const rolled = await api(sandbox, `${path}/roll-secret`, { method: 'POST' });
    expect(rolled.body['secret']).not.toBe(created.body['secret']);
    const changed = await api(sandbox, path, { method: 'PATCH', body: { enabled: false } });
    expect(changed.body).toMatchObject({ enabled: false });
    expect(changed.body).not.toHaveProperty('secret');
    expect((await api(sandbox, path, { method: 'DELETE' })).status).toBe(204);
    expect((await api(sandbox, path, { method: 'DELETE' })).status).toBe(404);
  });

  it('refuse a topic that does not exist', async () => {
    const body = { url: 'https://shop.example/hook', topics: ['subscription.sold'] };
    expect((await api(sandbox, '/webhook-endpoints', { body })).status).toBe(400);
  });

  it('take a test delivery, which is signed', async () => {
    const { id } = sandbox.webhooks.list()[0]!;
    const answer = await api(sandbox, `/webhook-endpoints/${id}/test`, { method: 'POST' });
    expect(answer.body).toMatchObject({ delivered: true, responseStatus: 204 });
    expect(verify(receiver.received[0]!)).toMatchObject({ type: 'webhook.test', data: { test: true } });
  });

  it('sign with the old secret too for a day after a roll', async () => {
    const fresh = sandbox.webhooks.rollSecret(sandbox.webhooks.list()[0]!.id);
    await sandbox.deliveries.send('subscription.started', {});
    clock.advance(24 * 3_600_000);
    await sandbox.deliveries.send('subscription.started', {});
    const [during, after] = receiver.received;
    expect(during!.headers['webhook-signature']!.split(' ')).toHaveLength(2);
    expect([passes(during!), passes(during!, fresh)]).toEqual([true, true]);
    expect(after!.headers['webhook-signature']!.split(' ')).toHaveLength(1);
  });
});

describe('loopback endpoints', () => {
  it('are taken over the API behind their flag', async () => {
    const open = await createLedgerBeeSandbox({ partnerOrigins: [], allowLoopbackWebhooks: true });
    const body = { url: receiver.url, topics: ['subscription.started'] };
    expect((await api(open, '/webhook-endpoints', { body })).status).toBe(201);
    await open.close();
  });
});
