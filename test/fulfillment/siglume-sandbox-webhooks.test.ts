import { createHmac } from 'node:crypto';
import {
  createManualClock,
  createSiglumeSandbox,
  type ManualClock,
  type SiglumeFaultName,
  type SiglumeSandbox,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver, type Received, type Receiver } from './sandbox/receiver.js';
import { buy, call, edgeFor, openSession, SHOP } from './sandbox/siglume-client.js';

const HOOKS = '/market/webhooks';

let clock: ManualClock;
let receiver: Receiver;
let sandbox: SiglumeSandbox;

beforeEach(async () => {
  clock = createManualClock();
  receiver = await startReceiver();
  sandbox = await createSiglumeSandbox({ returnOrigins: [SHOP], webhook: { url: receiver.url }, clock });
  sandbox.assumptions.set('spentEvent', false);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

/** The scheme's own arithmetic, which knows nothing of our signer. */
function isSigned({ headers, body }: Received, secret = sandbox.webhookSecret): boolean {
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['siglume-signature'] ?? '') ?? [];
  return v1 === createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
}
const timeOf = ({ headers }: Received): number =>
  Number(/t=(\d+)/.exec(headers['siglume-signature'] ?? '')?.[1]);
const eventOf = ({ body }: Received) =>
  JSON.parse(body) as { readonly id: string; readonly type: string; readonly data: Record<string, unknown> };

/** What our side makes of it, or the code it refuses it with. */
function verdictOf({ headers, body }: Received): unknown {
  const edge = edgeFor(sandbox);
  try {
    return edge.decode(edge.verify(Buffer.from(body), new Headers(headers), clock.now()));
  } catch (error) {
    return (error as { code: unknown }).code;
  }
}

describe('a confirmation', () => {
  it('says that a standard payment has settled, signed over its bytes', async () => {
    const id = await buy(sandbox);
    const [delivery] = receiver.received;
    expect(isSigned(delivery!)).toBe(true);
    expect(delivery!.headers).toMatchObject({
      'content-type': 'application/json',
      'siglume-event-id': eventOf(delivery!).id,
      'siglume-event-type': 'direct_payment.confirmed',
    });
    const session = sandbox.sessions.list().find((entry) => entry.id === id)!;
    expect(eventOf(delivery!)).toMatchObject({
      api_version: '2026-06-20',
      data: {
        mode: 'external_402',
        merchant: 'sandbox_shop',
        requirement_id: session.requirementId,
        challenge_hash: session.challengeHash,
        amount_minor: 1200,
        currency: 'JPY',
        pricing_band: 'standard',
        settlement_status: 'settled',
        environment: 'sandbox',
      },
    });
    expect(verdictOf(delivery!)).toMatchObject({ kind: 'settled', challengeHash: session.challengeHash });
  });

  it('is followed by its spending, of which nothing is known', async () => {
    sandbox.assumptions.set('spentEvent', true);
    await buy(sandbox);
    expect(receiver.topics()).toEqual(['direct_payment.confirmed', 'direct_payment.spent']);
    expect(verdictOf(receiver.received[1]!)).toMatchObject({ kind: 'ignored' });
  });

  it('goes without the headers and members that are assumed, where they are', async () => {
    sandbox.assumptions.set('eventHeaders', false);
    sandbox.assumptions.set('eventExtras', false);
    await buy(sandbox);
    const [delivery] = receiver.received;
    expect(delivery!.headers['siglume-event-id']).toBeUndefined();
    expect(Object.keys(eventOf(delivery!))).toEqual(['id', 'type', 'api_version', 'occurred_at', 'data']);
    expect(verdictOf(delivery!)).toMatchObject({ kind: 'settled' });
  });

  it('comes when the wallet is through, where that takes time', async () => {
    sandbox.assumptions.set('confirmDelay', '30s');
    const id = await buy(sandbox);
    expect(receiver.received).toEqual([]);
    const read = async (): Promise<unknown> =>
      (await call(sandbox, `/sdrp/direct-payments/checkout-sessions/${id}`)).data['settlement_status'];
    expect(await read()).toBe('pending_payment');
    sandbox.assumptions.set('beforeSettled', 'provisional');
    expect(await read()).toBe('provisional');
    clock.advance(30_000);
    await sandbox.idle();
    expect(receiver.topics()).toEqual(['direct_payment.confirmed']);
    expect(await read()).toBe('settled');
  });
});

describe('the schedule', () => {
  it('tries at 0 s, 30 s, 2 min, 10 min, 1 h, 6 h and 24 h, and then never', async () => {
    receiver.answerWith(500);
    await buy(sandbox);
    let passed = 0;
    for (const [index, seconds] of [30, 120, 600, 3_600, 21_600, 86_400].entries()) {
      clock.advance((seconds - passed) * 1000 - 1);
      await sandbox.idle();
      expect(receiver.received).toHaveLength(index + 1);
      clock.advance(1);
      await sandbox.idle();
      expect(receiver.received).toHaveLength(index + 2);
      passed = seconds;
    }
    expect(sandbox.deliveries.list()[0]).toMatchObject({ state: 'failed', nextAttemptAt: null });
    clock.advance(1_000 * 3_600_000);
    await sandbox.idle();
    expect(receiver.received).toHaveLength(7);
  });

  it('sends the same bytes under the same id, signed anew', async () => {
    receiver.answerWith(503);
    await buy(sandbox);
    receiver.answerWith(204);
    clock.advance(30_000);
    await sandbox.idle();
    const [first, retry] = receiver.received;
    expect(retry!.body).toBe(first!.body);
    expect(timeOf(retry!)).toBe(timeOf(first!) + 30);
    expect(isSigned(retry!)).toBe(true);
    expect(sandbox.deliveries.list()[0]).toMatchObject({ state: 'delivered' });
  });

  it.each([
    ['a redirect, which is not followed', 302],
    ['a refusal', 401],
  ])('goes on after %s', async (_, status) => {
    receiver.answerWith(status, { location: '/elsewhere' });
    await buy(sandbox);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
    expect(sandbox.deliveries.list()[0]).toMatchObject({ state: 'queued', attempts: [{ status }] });
  });

  it('passes as fast as it is told, with real times in what is signed', async () => {
    const fast = await createSiglumeSandbox({
      returnOrigins: [SHOP],
      webhook: { url: receiver.url },
      clock,
      timeScale: 60,
    });
    receiver.answerWith(500);
    await buy(fast);
    const before = receiver.received.length;
    clock.advance(500);
    await fast.idle();
    expect(receiver.received.length).toBeGreaterThan(before);
    expect(timeOf(receiver.received.at(-1)!)).toBe(Math.floor(clock.now() / 1000));
    await fast.close();
  });
});

describe('the fault', () => {
  const withFault = async (name: SiglumeFaultName): Promise<readonly Received[]> => {
    sandbox.faults.set(name, { times: 1 });
    await buy(sandbox);
    expect(sandbox.faults.list().find((state) => state.name === name)).toMatchObject({ on: false });
    return receiver.received;
  };

  it.each([
    ['webhook-wrongly-signed', 'no-match'],
    ['webhook-unsigned', 'missing-header'],
    ['webhook-stale', 'outside-replay-window'],
    ['webhook-from-the-future', 'outside-replay-window'],
    ['webhook-altered-body', 'no-match'],
  ] as const)('%s is refused by our side as %s, and the retry passes', async (name, code) => {
    receiver.answerWith(401);
    const [delivery] = await withFault(name);
    expect(verdictOf(delivery!)).toBe(code);
    clock.advance(30_000);
    await sandbox.idle();
    expect(verdictOf(receiver.received[1]!)).toMatchObject({ kind: 'settled' });
  });

  it.each([
    ['webhook-unknown-type', { kind: 'ignored' }],
    ['webhook-unknown-mode', { kind: 'review', reason: 'unsupported_confirmation_mode' }],
    ['webhook-missing-receipt', { kind: 'review', reason: 'missing_standard_settlement_fields' }],
    ['webhook-metered-band', { kind: 'metered', pricingBand: 'micro' }],
    ['webhook-batch-event', { kind: 'batch' }],
  ] as const)('%s is genuine, and means what it should', async (name, meaning) => {
    const [delivery] = await withFault(name);
    expect(isSigned(delivery!)).toBe(true);
    expect(verdictOf(delivery!)).toMatchObject(meaning);
  });

  it.each([
    ['webhook-wrong-amount', ['amount']],
    ['webhook-wrong-currency', ['currency']],
    ['webhook-wrong-merchant', ['merchant']],
  ] as const)('%s is seen by comparing, and by nothing else', async (name, mismatches) => {
    const [delivery] = await withFault(name);
    const meaning = verdictOf(delivery!) as Extract<
      ReturnType<ReturnType<typeof edgeFor>['decode']>,
      { kind: 'settled' }
    >;
    expect(meaning.kind).toBe('settled');
    const edge = edgeFor(sandbox);
    expect(edge.compare(meaning.claimed, { amountMinor: 1200, currency: 'JPY' })).toEqual(mismatches);
  });

  it('webhook-unknown-hash names no session there is', async () => {
    const [delivery] = await withFault('webhook-unknown-hash');
    const hashes = sandbox.sessions.list().map(({ challengeHash }) => challengeHash);
    expect(hashes).not.toContain(eventOf(delivery!).data['challenge_hash']);
  });

  it('webhook-twice sends one event again, signed anew', async () => {
    const [first, second] = await withFault('webhook-twice');
    expect(second!.body).toBe(first!.body);
    expect(isSigned(second!)).toBe(true);
  });

  it('webhook-second-event-id announces one payment under two ids', async () => {
    const [first, second] = (await withFault('webhook-second-event-id')).map(eventOf);
    expect(second!.id).not.toBe(first!.id);
    expect(second!.data).toEqual(first!.data);
  });

  it('webhook-replayed sends the recorded request, to the last byte', async () => {
    const [first, second] = await withFault('webhook-replayed');
    expect(second).toMatchObject({
      body: first!.body,
      headers: { 'siglume-signature': first!.headers['siglume-signature'] },
    });
  });

  it('webhook-lost sends nothing, ever', async () => {
    await withFault('webhook-lost');
    clock.advance(48 * 3_600_000);
    await sandbox.idle();
    expect(receiver.received).toEqual([]);
    expect(sandbox.deliveries.list()).toMatchObject([{ state: 'lost' }]);
  });

  it('webhook-late sends after the session’s end', async () => {
    await withFault('webhook-late');
    clock.advance(1_800_000);
    await sandbox.idle();
    expect(receiver.received).toEqual([]);
    clock.advance(600_000);
    await sandbox.idle();
    expect(verdictOf(receiver.received[0]!)).toMatchObject({ kind: 'settled' });
  });

  it('webhook-out-of-order sends the spending first', async () => {
    sandbox.assumptions.set('spentEvent', true);
    await withFault('webhook-out-of-order');
    expect(receiver.topics()).toEqual(['direct_payment.spent', 'direct_payment.confirmed']);
  });

  it('paid-after-expiry leaves a session that reads expired, and money that came', async () => {
    const [delivery] = await withFault('paid-after-expiry');
    expect(sandbox.sessions.list()).toMatchObject([{ status: 'expired', paidAt: null }]);
    expect(verdictOf(delivery!)).toMatchObject({ kind: 'settled' });
  });
});

describe('by hand', () => {
  it('a delivery is sent again, signed anew, also long after', async () => {
    await buy(sandbox);
    clock.advance(86_400_000);
    const delivery = await sandbox.deliveries.redeliver(sandbox.deliveries.list()[0]!.id);
    expect(receiver.received[1]!.body).toBe(receiver.received[0]!.body);
    expect(verdictOf(receiver.received[1]!)).toMatchObject({ kind: 'settled' });
    expect(delivery.attempts.map(({ kind }) => kind)).toEqual(['scheduled', 'redelivery']);
  });

  it('a delivery is replayed byte for byte, and refused once the window is over', async () => {
    await buy(sandbox);
    clock.advance(301_000);
    await sandbox.deliveries.replay(sandbox.deliveries.list()[0]!.id);
    expect(verdictOf(receiver.received[1]!)).toBe('outside-replay-window');
  });

  it('a probe is sent, which our side passes over', async () => {
    await sandbox.deliveries.probe();
    expect(verdictOf(receiver.received[0]!)).toMatchObject({ kind: 'ignored', why: 'a readiness probe' });
  });

  it('anything is sent under any id', async () => {
    await sandbox.deliveries.send('payment.failed', { will_retry: true }, { eventId: 'evt_mine' });
    await sandbox.deliveries.send('x', {}, { body: 'no json' });
    expect(eventOf(receiver.received[0]!)).toMatchObject({ id: 'evt_mine', type: 'payment.failed' });
    expect(verdictOf(receiver.received[1]!)).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a subscription', () => {
  it('is made over the API with a secret that is shown this once', async () => {
    const made = await call(sandbox, `${HOOKS}/subscriptions`, {
      body: { callback_url: `${receiver.url}/second`, event_types: ['direct_payment.confirmed'] },
    });
    const secret = made.data['signing_secret'] as string;
    expect(made).toMatchObject({
      status: 201,
      data: { status: 'active', signing_secret_hint: secret.slice(-4) },
    });
    const listed = await call(sandbox, `${HOOKS}/subscriptions`);
    expect(listed.text).not.toContain(secret);
    await buy(sandbox);
    const second = receiver.received.find(({ path }) => path === '/hook/second')!;
    expect(isSigned(second, secret)).toBe(true);
    expect(isSigned(second)).toBe(false);
  });

  it.each([
    ['callback_url', {}],
    ['callback_url', { callback_url: 'http://shop.example/' }],
    ['callback_url', { callback_url: 'https://a:b@shop.example/' }],
    ['event_types', { callback_url: 'https://shop.example/', event_types: [] }],
  ])('with a bad %s is refused', async (field, body) => {
    expect(await call(sandbox, `${HOOKS}/subscriptions`, { body })).toMatchObject({
      status: 422,
      error: { details: { field } },
    });
  });

  it.each([
    ['immediate', [false, true]],
    ['overlap', [true, true]],
  ] as const)('whose secret is rotated (%s) signs with old and new: %j', async (rotation, passes) => {
    sandbox.assumptions.set('rotation', rotation);
    const { id } = sandbox.webhooks.list()[0]!;
    const rotated = await call(sandbox, `${HOOKS}/subscriptions/${id}/rotate-secret`, { method: 'POST' });
    const secrets = [sandbox.webhookSecret, rotated.data['signing_secret'] as string];
    await buy(sandbox);
    const { body, headers } = receiver.received[0]!;
    const taken = secrets.map((secret) => {
      const edge = edgeFor(sandbox, { webhookSecrets: [secret] });
      try {
        return edge.verify(Buffer.from(body), new Headers(headers), clock.now()).rawBody.length > 0;
      } catch {
        return false;
      }
    });
    expect(taken).toEqual(passes);
  });

  it('gets nothing while it is paused', async () => {
    const { id } = sandbox.webhooks.list()[0]!;
    await call(sandbox, `${HOOKS}/subscriptions/${id}/pause`, { method: 'POST' });
    await buy(sandbox);
    expect(receiver.received).toEqual([]);
    await call(sandbox, `${HOOKS}/subscriptions/${id}/resume`, { method: 'POST' });
    await buy(sandbox, { nonce: 'attempt-2' });
    expect(receiver.received).toHaveLength(1);
  });

  it('is tested over the API, and what came of it is listed, by its filters', async () => {
    const test = await call(sandbox, `${HOOKS}/test-deliveries`, {
      body: { event_type: 'direct_payment.confirmed' },
    });
    expect(test).toMatchObject({ status: 202, data: { queued: true } });
    await sandbox.idle();
    const list = async (query: string): Promise<readonly Record<string, unknown>[]> =>
      (await call(sandbox, `${HOOKS}/deliveries?${query}`)).data as unknown as Record<string, unknown>[];
    const { id } = sandbox.webhooks.list()[0]!;
    const [delivery] = await list(
      `subscription_id=${id}&event_type=direct_payment.confirmed&status=delivered`,
    );
    expect(delivery).toMatchObject({
      event_id: (test.data['event'] as { id: string }).id,
      delivery_status: 'delivered',
      response_status: 204,
      attempt_count: 1,
    });
    expect(await list('subscription_id=other')).toEqual([]);
    expect(await list('status=failed')).toEqual([]);
    expect((await call(sandbox, `${HOOKS}/deliveries?limit=101`)).status).toBe(422);
    const again = await call(sandbox, `${HOOKS}/deliveries/${String(delivery!['id'])}/redeliver`, {
      method: 'POST',
    });
    expect(again.data).toMatchObject({ attempt_count: 2 });
  });
});

it('delivers before the call that made the session is answered, when told to', async () => {
  sandbox.faults.set('webhook-before-answer', { times: 1 });
  receiver.received.length = 0;
  const id = await openSession(sandbox);
  expect(receiver.received).toHaveLength(1);
  expect(sandbox.sessions.list()).toMatchObject([{ id, status: 'paid' }]);
});
