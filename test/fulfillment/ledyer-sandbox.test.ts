/** Ledyer's sandbox as a merchant's backend and a buyer's browser meet it: over HTTP. */
import {
  createLedyerSandbox,
  createManualClock,
  LEDYER_ASSUMPTIONS,
  LEDYER_JOURNEYS,
  LEDYER_SCENARIOS,
  type LedyerJourneyName,
  type LedyerSandbox,
  type ManualClock,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleSession } from '../../src/testing/ledyer/sample-basket.js';
import { api, tokenFor } from '../support/ledyer.js';

const SECOND = 1_000;
let clock: ManualClock;
let sandbox: LedyerSandbox;

beforeEach(async () => {
  clock = createManualClock();
  sandbox = await createLedyerSandbox({ clock });
});
afterEach(() => sandbox.close());

const orderOf = async (id: string) => (await api(sandbox, 'GET', `/v1/orders/${id}`)).body;
const statusOf = async (id: string): Promise<unknown> =>
  (await api(sandbox, 'GET', `/v1/orders/${id}/paymentstatus`)).body['status'];
/** An order that may be captured. */
function readyOrder(method: 'invoice' | 'card' | 'advanceInvoice' = 'invoice'): string {
  const { session, orderId } = sandbox.purchases.open();
  sandbox.acts.pay(session.id, method);
  clock.advance(SECOND);
  return orderId!;
}

describe('the token endpoint', () => {
  it('gives a token of the documented form for the right credentials', async () => {
    const { status, body } = await tokenFor(sandbox);
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 3600, scope: 'write', token_type: 'Bearer' });
    expect(body['access_token']).toMatch(/^v4\.public\./);
  });

  it('takes the grant type from the query too, and no other grant', async () => {
    const { clientId, clientSecret } = sandbox.credentials;
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const ask = (query: string) =>
      fetch(`${sandbox.authBaseUrl}/oauth/token?${query}`, { method: 'POST', headers: { authorization } });
    expect((await ask('grant_type=client_credentials')).status).toBe(200);
    expect((await ask('grant_type=password')).status).toBe(400);
  });

  it('refuses wrong credentials', async () => {
    const wrong = { ...sandbox.credentials, clientSecret: 'guess' };
    expect((await tokenFor(sandbox, wrong)).status).toBe(401);
  });

  it('gives tokens that end', async () => {
    const { token } = await tokenFor(sandbox);
    const { orderId } = sandbox.purchases.open();
    const path = `/v1/orders/${orderId}/paymentstatus`;
    expect((await api(sandbox, 'GET', path, { token })).status).toBe(200);
    clock.advance(3600 * SECOND);
    expect((await api(sandbox, 'GET', path, { token })).status).toBe(401);
  });
});

describe('a session', () => {
  it('is opened with an order id before there is an order', async () => {
    const { status, body } = await api(sandbox, 'POST', '/v1/sessions', { body: sampleSession() });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      sessionId: expect.stringMatching(/^se_\w{27}$/) as string,
      orderId: expect.stringMatching(/^or_\w{27}$/) as string,
    });
    const orderId = body['orderId'] as string;
    expect((await api(sandbox, 'GET', `/v1/orders/${orderId}`)).status).toBe(404);
    expect(await statusOf(orderId)).toBe('orderInitiated');
  });

  it('is read and changed under either id, and its lines are replaced', async () => {
    const { session, orderId } = sandbox.purchases.open();
    const [line] = session.lines;
    const change = {
      orderLines: [line],
      totalOrderAmount: 375_000,
      totalOrderAmountExclVat: 300_000,
      totalOrderVatAmount: 75_000,
    };
    expect((await api(sandbox, 'POST', `/v1/sessions/${orderId}`, { body: change })).status).toBe(200);
    const { body } = await api(sandbox, 'GET', `/v1/sessions/${session.id}`);
    expect(body).toMatchObject({
      state: 'created',
      orderId,
      order: { orderLines: [{ reference: 'desk-1' }] },
    });
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['a VAT amount that does not fit', { orderLines: [{ ...line(), totalVatAmount: 5 }] }, 422],
    ['a total that is not the sum', { totalOrderAmount: 1 }, 422],
    ['no lines', { orderLines: [] }, 400],
    ['a reference beyond 50 characters', { reference: 'x'.repeat(51) }, 400],
    ['no terms', { settings: {} }, 400],
  ])('is refused with %s', async (_, change, status) => {
    const answer = await api(sandbox, 'POST', '/v1/sessions', { body: { ...sampleSession(), ...change } });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ errors: [{ message: expect.any(String) as string }] });
  });

  it('of another merchant is neither read nor bought from', async () => {
    const { token } = await tokenFor(sandbox, sandbox.foreignCredentials);
    const orderId = readyOrder();
    for (const [method, path] of [
      ['GET', `/v1/orders/${orderId}`],
      ['GET', `/v1/orders/${orderId}/paymentstatus`],
      ['POST', `/v1/orders/${orderId}/acknowledge`],
      ['DELETE', `/v1/orders/${orderId}`],
    ] as const) {
      expect((await api(sandbox, method, path, { token })).status).toBe(403);
    }
  });
});

describe('a journey', () => {
  it.each<[LedyerJourneyName, readonly string[], readonly string[]]>([
    ['invoice', ['paymentConfirmed'], ['create', 'ready_for_capture']],
    ['manual-review', ['orderPending', 'paymentConfirmed'], ['create', 'ready_for_capture']],
    [
      'signatory',
      ['orderPending', 'paymentConfirmed'],
      ['session.awaiting_signatory', 'create', 'ready_for_capture'],
    ],
    ['signatory-declines', ['orderPending', 'orderCancelled'], ['session.awaiting_signatory']],
    ['advance-invoice', ['paymentPending', 'paymentConfirmed'], ['create', 'ready_for_capture']],
    [
      'two-partial-captures',
      ['paymentConfirmed', 'paymentConfirmed', 'paymentConfirmed', 'orderCaptured'],
      ['create', 'ready_for_capture', 'part_capture', 'part_capture', 'full_capture'],
    ],
    [
      'partial-then-full-refund',
      ['paymentConfirmed', 'orderCaptured', 'orderCaptured', 'orderRefunded'],
      ['create', 'ready_for_capture', 'full_capture', 'part_refund', 'full_refund'],
    ],
    [
      'cancel-before-capture',
      ['paymentConfirmed', 'orderCancelled'],
      ['create', 'ready_for_capture', 'cancel'],
    ],
  ])('%s goes through its statuses and says so', async (name, statuses, events) => {
    const journey = sandbox.begin(name);
    const seen: unknown[] = [];
    while (journey.next() !== null) {
      clock.advance(SECOND);
      seen.push(await statusOf(journey.orderId!));
    }
    expect(seen).toEqual(statuses);
    expect(said()).toEqual(events);
  });

  it('of a card captures by itself after the delay', async () => {
    const journey = sandbox.begin('card-auto-capture');
    journey.next();
    clock.advance(SECOND);
    expect(await statusOf(journey.orderId!)).toBe('paymentConfirmed');
    clock.advance(180 * 60 * SECOND);
    expect(await statusOf(journey.orderId!)).toBe('orderCaptured');
    expect(said()).toEqual(['create', 'ready_for_capture', 'full_capture']);
  });

  it('of a card is left alone where nothing can be captured by then', async () => {
    const { session, orderId } = sandbox.purchases.open({ autoCaptureDelayMinutes: 1 });
    sandbox.acts.pay(session.id, 'advanceInvoice');
    sandbox.acts.approve(orderId!);
    clock.advance(60 * SECOND);
    expect(await statusOf(orderId!)).toBe('paymentConfirmed');
  });

  it('of the Payments product ends in an order that the merchant makes with the token, once', async () => {
    const journey = sandbox.begin('payments-signed-later');
    journey.next();
    expect(journey.orderId).toBeNull();
    const bySession = async () =>
      (await api(sandbox, 'GET', `/v1/paymentstatus?sessionId=${journey.sessionId}`)).body['status'];
    expect(await bySession()).toBe('orderPending');
    journey.next();
    expect(said()).toEqual(['authorization.pending', 'authorization.create']);
    const token = sandbox.authorizationTokenOf(journey.sessionId);
    const make = () => api(sandbox, 'POST', `/v1/authorization-tokens/${token}/order`, { body: {} });
    const { body } = await make();
    expect(body['orderId']).toBe(journey.orderId);
    expect((await make()).status).toBe(409);
    expect(await orderOf(journey.orderId!)).toMatchObject({ status: ['uncaptured'] });
    expect(await bySession()).toBe('paymentConfirmed');
  });

  it('exists for every sequence of the contract', () => {
    expect(Object.keys(LEDYER_JOURNEYS)).toHaveLength(10);
  });
});

describe('an order', () => {
  it('is confirmed a moment before it may be captured', async () => {
    const { session, orderId } = sandbox.purchases.open();
    sandbox.acts.pay(session.id);
    expect(await statusOf(orderId!)).toBe('paymentConfirmed');
    expect(await orderOf(orderId!)).toMatchObject({
      status: ['unacknowledged', 'uncaptured'],
      uncaptured: { availableActions: expect.not.arrayContaining([{ type: 'capture' }]) as unknown },
    });
    const lines = { orderLines: session.lines, totalCaptureAmount: 625_000 };
    expect((await api(sandbox, 'POST', `/v1/orders/${orderId}/capture`, { body: lines })).status).toBe(409);
    clock.advance(SECOND);
    expect((await api(sandbox, 'POST', `/v1/orders/${orderId}/capture`, { body: lines })).status).toBe(200);
  });

  it('paid by advance invoice is not captured until it is acknowledged', async () => {
    const { session, orderId } = sandbox.purchases.open();
    sandbox.acts.pay(session.id, 'advanceInvoice');
    sandbox.acts.approve(orderId!);
    const capture = () =>
      api(sandbox, 'POST', `/v1/orders/${orderId}/capture`, {
        body: { orderLines: session.lines, totalCaptureAmount: 625_000 },
      });
    expect((await capture()).status).toBe(409);
    await api(sandbox, 'POST', `/v1/orders/${orderId}/acknowledge`);
    expect((await capture()).status).toBe(200);
  });

  it('is acknowledged once, however often it is asked', async () => {
    const orderId = readyOrder();
    await api(sandbox, 'POST', `/v1/orders/${orderId}/acknowledge`);
    const { status, body } = await api(sandbox, 'POST', `/v1/orders/${orderId}/acknowledge`, { body: [] });
    expect(status).toBe(200);
    expect(body['status']).toEqual(['uncaptured']);
    const types = (body['events'] as { type: string }[]).map(({ type }) => type);
    expect(types).toEqual(['acknowledge', 'readyForCapture', 'create']);
  });

  it('shows its captures and refunds as parts with amounts', async () => {
    const orderId = readyOrder();
    sandbox.acts.captureFirstLine(orderId);
    sandbox.acts.refundFirstLine(orderId);
    expect(await orderOf(orderId)).toMatchObject({
      status: ['unacknowledged', 'partiallyCaptured', 'uncaptured', 'partiallyRefunded'],
      capturedAmount: { amount: '3750.00', formatted: '3,750.00', minorUnits: 375_000 },
      refundedAmount: { minorUnits: 375_000 },
      uncapturedAmount: { minorUnits: 250_000 },
      captured: [{ ledgerId: expect.stringMatching(/^in_/) as string, availableActions: [] }],
    });
  });

  it('is captured whole by the lines that are left, and by no others', async () => {
    const orderId = readyOrder();
    const other = { orderLines: [line()], totalCaptureAmount: 1000 };
    expect((await api(sandbox, 'POST', `/v1/orders/${orderId}/capture`, { body: other })).status).toBe(422);
    const { session } = sandbox.purchases.list()[0]!;
    const wrongSum = { orderLines: session.lines, totalCaptureAmount: 1 };
    expect((await api(sandbox, 'POST', `/v1/orders/${orderId}/capture`, { body: wrongSum })).status).toBe(
      422,
    );
  });

  it('is not refunded for more than was captured', async () => {
    const orderId = readyOrder();
    sandbox.acts.captureFirstLine(orderId);
    const order = await orderOf(orderId);
    const [{ ledgerId }] = order['captured'] as [{ ledgerId: string }];
    const body = {
      orderLines: [line({ totalAmount: 500_000, totalVatAmount: 100_000 })],
      totalRefundAmount: 500_000,
    };
    const answer = await api(sandbox, 'POST', `/v1/orders/${orderId}/partialrefund/${ledgerId}`, { body });
    expect(answer.status).toBe(422);
  });

  it('keeps what is captured when the rest is cancelled', async () => {
    const orderId = readyOrder();
    sandbox.acts.captureFirstLine(orderId);
    expect((await api(sandbox, 'DELETE', `/v1/orders/${orderId}`)).status).toBe(200);
    expect(await statusOf(orderId)).toBe('orderCaptured');
    expect(await orderOf(orderId)).toMatchObject({
      uncaptured: null,
      capturedAmount: { minorUnits: 375_000 },
    });
  });

  it('that expires is cancelled without a word', async () => {
    const orderId = readyOrder();
    const before = said().length;
    sandbox.acts.expire(orderId);
    expect(await statusOf(orderId)).toBe('orderCancelled');
    expect((await orderOf(orderId))['status']).toContain('expired');
    expect(said()).toHaveLength(before);
  });

  it('is changed once under one idempotency key, and refused under it for another body', async () => {
    const orderId = readyOrder();
    const set = (reference: string) =>
      api(sandbox, 'POST', `/v1/orders/${orderId}/reference`, { body: { reference }, key: 'key-1' });
    await set('order-1');
    expect((await set('order-1')).status).toBe(200);
    expect((await set('order-2')).status).toBe(422);
    const { events, merchantReference } = await orderOf(orderId);
    expect(merchantReference).toBe('order-1');
    expect((events as { type: string }[]).filter(({ type }) => type === 'setReference')).toHaveLength(1);
  });
});

describe('an assumption', () => {
  it.each<[keyof typeof LEDYER_ASSUMPTIONS, unknown, (id: string) => Promise<unknown>, unknown]>([
    ['unknownIdStatus', 'unknown', () => statusOf('or_nobody'), 'unknown'],
    ['statusCall', 'query', (id) => statusOf(id), undefined],
    [
      'statusCall',
      'path',
      async (id) => (await api(sandbox, 'GET', `/v1/paymentstatus?orderId=${id}`)).status,
      404,
    ],
    ['partlyCapturedStatus', 'orderCaptured', (id) => after(id, 'captureFirstLine'), 'orderCaptured'],
    [
      'partlyRefundedStatus',
      'orderRefunded',
      (id) => after(id, 'capture', 'refundFirstLine'),
      'orderRefunded',
    ],
    [
      'restCancelledStatus',
      'orderCancelled',
      (id) => after(id, 'captureFirstLine', 'cancel'),
      'orderCancelled',
    ],
    ['secondAcknowledge', 'refused', (id) => acknowledgeTwice(id), 409],
    [
      'minorUnits',
      false,
      async (id) => (await orderOf(id))['capturedAmount'],
      { amount: '0.00', currency: 'SEK', formatted: '0.00', formattedWithCurrency: 'SEK 0.00' },
    ],
    [
      'errorShape',
      'message',
      async () => (await api(sandbox, 'GET', '/v1/orders/or_nobody')).body,
      { message: 'not found' },
    ],
    [
      'errorShape',
      'text',
      async () => (await api(sandbox, 'GET', '/v1/orders/or_nobody')).body,
      { text: 'not found' },
    ],
    [
      'sessionCall',
      'session-id',
      async (id) => (await api(sandbox, 'GET', `/v1/sessions/${id}`)).status,
      404,
    ],
  ])('%s = %s holds', async (name, value, ask, expected) => {
    const orderId = readyOrder();
    sandbox.assumptions.set(name, value as never);
    expect(await ask(orderId)).toEqual(expected);
  });

  it('says `initiated` of a session that has begun', async () => {
    sandbox.assumptions.set('initialSessionState', 'initiated');
    const { session } = sandbox.purchases.open();
    expect((await api(sandbox, 'GET', `/v1/sessions/${session.id}`)).body['state']).toBe('initiated');
  });

  it('answers a key with another body as the first time', async () => {
    sandbox.assumptions.set('keyWithOtherBody', 'first-answer');
    const orderId = readyOrder();
    const set = (reference: string) =>
      api(sandbox, 'POST', `/v1/orders/${orderId}/reference`, { body: { reference }, key: 'key-1' });
    await set('order-1');
    expect((await set('order-2')).body['merchantReference']).toBe('order-1');
  });

  it('says nothing of an ended session, or `unknown`', async () => {
    const { session, orderId } = sandbox.purchases.open();
    sandbox.acts.expire(session.id);
    expect(await statusOf(orderId!)).toBe('orderCancelled');
    sandbox.assumptions.set('endedSessionStatus', 'unknown');
    expect(await statusOf(orderId!)).toBe('unknown');
  });

  it('keeps reads one step behind for its seconds', async () => {
    sandbox.assumptions.set('readLagSeconds', 5);
    const { session, orderId } = sandbox.purchases.open();
    sandbox.acts.pay(session.id);
    expect(await statusOf(orderId!)).toBe('orderInitiated');
    expect((await api(sandbox, 'GET', `/v1/orders/${orderId}`)).status).toBe(404);
    clock.advance(6 * SECOND);
    expect(await statusOf(orderId!)).toBe('paymentConfirmed');
    expect((await api(sandbox, 'GET', `/v1/orders/${orderId}`)).status).toBe(200);
  });

  it('takes the values of its list alone', () => {
    expect(() => sandbox.assumptions.set('bodyShape', 'xml' as 'flat')).toThrow(RangeError);
    expect(sandbox.assumptions.current()).toEqual(
      Object.fromEntries(Object.entries(LEDYER_ASSUMPTIONS).map(([name, [first]]) => [name, first])),
    );
  });
});

describe('a scenario of the API', () => {
  it.each([
    ['api-down', 503],
    ['api-rate-limited', 429],
    ['api-redirects', 307],
    ['token-expired', 401],
  ] as const)('%s answers %i, and the next call is served', async (name, status) => {
    const orderId = readyOrder();
    const { token } = await tokenFor(sandbox);
    sandbox.scenarios.set(name, { times: 1 });
    const path = `/v1/orders/${orderId}`;
    const answer = await api(sandbox, 'GET', path, { token });
    expect(answer.status).toBe(status);
    if (status === 429) expect(answer.headers.get('retry-after')).toBe('1');
    expect((await api(sandbox, 'GET', path)).status).toBe(200);
  });

  it('loses the answer of a change that is made', async () => {
    const orderId = readyOrder();
    sandbox.scenarios.set('api-loses-answer', { times: 1 });
    await expect(api(sandbox, 'POST', `/v1/orders/${orderId}/acknowledge`)).rejects.toThrow();
    expect((await orderOf(orderId))['status']).toEqual(['uncaptured']);
  });

  it.each([
    ['status-unknown', 'unknown'],
    ['status-new-word', 'orderDisputed'],
  ] as const)('%s says %s', async (name, word) => {
    const orderId = readyOrder();
    sandbox.scenarios.set(name, { times: 1 });
    expect(await statusOf(orderId)).toBe(word);
    expect(await statusOf(orderId)).toBe('paymentConfirmed');
  });

  it('is off at the start, each by its name', () => {
    expect(sandbox.scenarios.list()).toEqual(
      LEDYER_SCENARIOS.map((name) => ({ name, on: false, remaining: null })),
    );
  });
});

function line(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'physical',
    reference: 'sku',
    description: 'Desk',
    quantity: 1,
    vat: 2500,
    totalAmount: 1000,
    totalVatAmount: 200,
    ...change,
  };
}

/** What has been said, without the vendor's prefix. */
function said(): string[] {
  return sandbox.activity
    .list()
    .filter(({ kind }) => kind === 'order')
    .map(({ summary }) =>
      summary.replace(/^com\.ledyer\.(order|checkout|authorization)\./, (_, product: string) =>
        product === 'authorization' ? 'authorization.' : '',
      ),
    );
}

async function after(id: string, ...acts: ('capture' | 'captureFirstLine' | 'refundFirstLine' | 'cancel')[]) {
  for (const act of acts) sandbox.acts[act](id);
  return statusOf(id);
}

async function acknowledgeTwice(id: string): Promise<number> {
  await api(sandbox, 'POST', `/v1/orders/${id}/acknowledge`);
  return (await api(sandbox, 'POST', `/v1/orders/${id}/acknowledge`)).status;
}
