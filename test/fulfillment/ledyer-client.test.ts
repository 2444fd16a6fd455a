/** The adapter's client against the sandbox, under every trouble the sandbox knows. */
import {
  createLedyerSandbox,
  createManualClock,
  LEDYER_JOURNEYS,
  type LedyerAssumptionName,
  type LedyerJourneyName,
  type LedyerSandbox,
  type ManualClock,
} from 'checkout-embed/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedyerClient } from '../../src/fulfillment/vendors/ledyer/client.js';
import type { OperationResult } from '../../src/fulfillment/vendors/ledyer/operations.js';
import { clientOf } from '../support/ledyer.js';

const SECOND = 1_000;
const never = new AbortController().signal;

let clock: ManualClock;
let sandbox: LedyerSandbox;
let client: LedyerClient;

beforeEach(async () => {
  clock = createManualClock();
  sandbox = await createLedyerSandbox({ clock });
  client = clientOf(sandbox);
});
afterEach(() => sandbox.close());

/** May be captured. Pays whatever is told. */
function readyOrder(): string {
  const { session, orderId } = sandbox.purchases.open();
  sandbox.acts.pay(session.id);
  clock.advance(SECOND);
  return orderId!;
}
const amounts = async (orderId: string): Promise<{ captured: number; refunded: number }> => {
  const reading = await client.read(orderId, never);
  return { captured: reading!.order!.capturedMinor, refunded: reading!.order!.refundedMinor };
};

describe('a reading', () => {
  it.each<[LedyerJourneyName, readonly string[]]>([
    ['invoice', ['pending', 'ready']],
    ['manual-review', ['pending', 'pending', 'ready']],
    ['signatory', ['pending', 'pending', 'ready']],
    ['signatory-declines', ['pending', 'pending', 'cancelled']],
    ['advance-invoice', ['pending', 'pending', 'ready']],
    ['two-partial-captures', ['pending', 'ready', 'ready', 'ready', 'captured']],
    ['partial-then-full-refund', ['pending', 'ready', 'captured', 'captured', 'refunded']],
    ['cancel-before-capture', ['pending', 'ready', 'cancelled']],
  ])('follows the journey %s', async (name, standings) => {
    const journey = sandbox.begin(name);
    const standing = async () => (await client.read(journey.orderId!, never))?.standing;
    const seen = [await standing()];
    while (journey.next() !== null) {
      clock.advance(SECOND);
      seen.push(await standing());
    }
    expect(seen).toEqual(standings);
    expect(seen).toHaveLength(LEDYER_JOURNEYS[name].steps.length + 1);
  });

  it('shows two equal captures as what they come to', async () => {
    const orderId = readyOrder();
    sandbox.acts.captureFirstLine(orderId);
    expect((await client.read(orderId, never))?.order?.capturedMinor).toBe(375_000);
    sandbox.acts.captureFirstLine(orderId);
    expect((await client.read(orderId, never))?.order).toMatchObject({
      capturedMinor: 500_000,
      amountMinor: 625_000,
      currency: 'SEK',
    });
  });

  it('of a session finds the order that became of it', async () => {
    const { session, orderId } = sandbox.purchases.open();
    expect(await client.read(session.id, never)).toMatchObject({ standing: 'pending', orderId, order: null });
    sandbox.acts.pay(session.id);
    expect(await client.read(session.id, never)).toMatchObject({
      standing: 'ready',
      subject: session.id,
      order: { id: orderId },
    });
  });

  it('of a Payments session finds the order that the merchant made', async () => {
    const journey = sandbox.begin('payments-signed-later');
    while (journey.next() !== null);
    expect(await client.read(journey.sessionId, never)).toMatchObject({ standing: 'pending', orderId: null });
  });

  it('may be captured only when it is confirmed and the action is there', async () => {
    const { session, orderId } = sandbox.purchases.open();
    sandbox.acts.pay(session.id);
    expect(await client.read(orderId!, never)).toMatchObject({ standing: 'ready', isCapturable: false });
    clock.advance(SECOND);
    expect(await client.read(orderId!, never)).toMatchObject({ standing: 'ready', isCapturable: true });
    sandbox.scenarios.set('capture-not-available', true);
    expect(await client.read(orderId!, never)).toMatchObject({ standing: 'ready', isCapturable: false });
  });

  it.each([
    ['status-unknown', 'unknown'],
    ['status-new-word', 'orderDisputed'],
  ] as const)('of %s says that it does not know', async (scenario, vendorStatus) => {
    const orderId = readyOrder();
    sandbox.scenarios.set(scenario, { times: 1 });
    expect(await client.read(orderId, never)).toMatchObject({
      standing: 'unknown',
      vendorStatus,
      isCapturable: false,
      isAcknowledgeable: false,
    });
  });

  it('of an order nobody knows is null', async () => {
    expect(await client.read('or_nobody', never)).toBeNull();
    expect(await client.read('se_nobody', never)).toBeNull();
  });

  it.each(['../x', 'or_../x', 'or_1/capture', 'or_1?x', 'OR_1', '', 'or_', 'in_1', 'or_1\n'])(
    'of %j makes no call',
    async (subject) => {
      expect(await client.read(subject, never)).toBeNull();
      expect(sandbox.tokens.issued()).toBe(0);
    },
  );

  it('that lags behind grants nothing before it shows the order', async () => {
    sandbox.assumptions.set('readLagSeconds', 60);
    const { session, orderId } = sandbox.purchases.open();
    sandbox.acts.pay(session.id);
    expect(await client.read(orderId!, never)).toMatchObject({ standing: 'pending', order: null });
    clock.advance(62 * SECOND);
    expect(await client.read(orderId!, never)).toMatchObject({ standing: 'ready' });
  });

  it('that would grant waits for the order, and one that would not does without', async () => {
    const { orderId } = sandbox.purchases.open();
    sandbox.scenarios.set('order-hidden', true);
    expect(await client.read(orderId!, never)).toMatchObject({ standing: 'pending', order: null });
    expect(await client.read(readyOrder(), never)).toBeNull();
  });

  it('of another merchant’s order is refused', async () => {
    const foreign = clientOf(sandbox, sandbox.foreignCredentials);
    await expect(foreign.read(readyOrder(), never)).rejects.toMatchObject({ code: 'forbidden', status: 403 });
  });
});

describe('under each assumption', () => {
  it.each<
    [
      LedyerAssumptionName,
      unknown,
      ('capture' | 'captureFirstLine' | 'refundFirstLine' | 'cancel' | 'expire')[],
      string | null,
    ]
  >([
    ['partlyCapturedStatus', 'orderCaptured', ['captureFirstLine'], 'captured'],
    ['partlyRefundedStatus', 'orderRefunded', ['capture', 'refundFirstLine'], 'unknown'],
    ['restCancelledStatus', 'orderCaptured', ['captureFirstLine', 'cancel'], 'captured'],
    ['restCancelledStatus', 'orderCancelled', ['captureFirstLine', 'cancel'], 'unknown'],
    ['minorUnits', false, ['capture'], 'captured'],
    ['errorShape', 'message', [], 'ready'],
    ['initialSessionState', 'initiated', [], 'ready'],
    ['endedSessionStatus', 'unknown', ['expire'], 'cancelled'],
  ])('%s = %s after %j reads as %4$s', async (name, value, acts, standing) => {
    const orderId = readyOrder();
    sandbox.assumptions.set(name, value as never);
    for (const act of acts) sandbox.acts[act](orderId);
    expect((await client.read(orderId, never))?.standing ?? null).toBe(standing);
  });

  it('an id that is unknown by 200 is no grant either', async () => {
    sandbox.assumptions.set('unknownIdStatus', 'unknown');
    expect(await client.read('or_nobody', never)).toMatchObject({ standing: 'unknown', order: null });
  });

  it('a 404 that is no JSON is not taken for "there is no such order"', async () => {
    sandbox.assumptions.set('errorShape', 'text');
    await expect(client.read('or_nobody', never)).rejects.toMatchObject({ code: 'rejected', status: 404 });
  });

  it('a rest that is open after a capture called final may still be captured', async () => {
    sandbox.assumptions.set('partlyCapturedStatus', 'orderCaptured');
    const orderId = readyOrder();
    sandbox.acts.captureFirstLine(orderId);
    expect(await client.read(orderId, never)).toMatchObject({ standing: 'captured', isCapturable: true });
  });
});

describe('trouble at the vendor', () => {
  it.each([
    ['api-down', { code: 'unavailable', status: 503 }],
    ['api-rate-limited', { code: 'rate-limited', status: 429, retryAfterMs: 1_000 }],
    ['api-garbage', { code: 'unreadable-answer', status: 200 }],
    ['api-redirects', { code: 'rejected', status: 307 }],
    ['token-endpoint-down', { code: 'unavailable', status: 503 }],
    ['credentials-refused', { code: 'unauthorized', status: 401 }],
  ] as const)('%s is an error and never a state', async (scenario, expected) => {
    const orderId = readyOrder();
    sandbox.scenarios.set(scenario, { times: 1 });
    await expect(client.read(orderId, never)).rejects.toMatchObject({ name: 'VendorError', ...expected });
    expect(await client.read(orderId, never)).toMatchObject({ standing: 'ready' });
  });

  it('that hangs is given up', async () => {
    sandbox.scenarios.set('api-hangs', { times: 1 });
    await expect(clientOf(sandbox, { timeoutMs: 50 }).read(readyOrder(), never)).rejects.toMatchObject({
      code: 'timeout',
      status: null,
    });
  });

  it('that is not there at all is told as that', async () => {
    const gone = clientOf(sandbox, { authBaseUrl: 'http://127.0.0.1:1' });
    await expect(gone.read('or_1', never)).rejects.toMatchObject({ code: 'unavailable', status: null });
  });

  it('ends with the caller’s own reason when the caller gives up', async () => {
    sandbox.scenarios.set('api-hangs', true);
    const leaving = new AbortController();
    const reading = client.read(readyOrder(), leaving.signal);
    leaving.abort(new Error('the kit is closing'));
    await expect(reading).rejects.toThrow('the kit is closing');
  });

  it('is told without a secret, an id or a word of the answer', async () => {
    const orderId = readyOrder();
    const messages: string[] = [];
    for (const scenario of ['api-down', 'api-garbage', 'credentials-refused', 'api-redirects'] as const) {
      sandbox.scenarios.set(scenario, { times: 1 });
      await clientOf(sandbox)
        .read(orderId, never)
        .catch((error: unknown) => messages.push(String(error)));
    }
    expect(messages).toHaveLength(4);
    const { clientId, clientSecret } = sandbox.credentials;
    for (const secret of [clientId, clientSecret, orderId, 'v4.public', 'service unavailable', 'elsewhere']) {
      expect(messages.join('\n')).not.toContain(secret);
    }
    expect(messages[0]).toContain('GET /v1/orders/{id}/paymentstatus');
  });
});

describe('the access token', () => {
  it('serves every call', async () => {
    const orderIds = Array.from({ length: 8 }, readyOrder);
    await Promise.all(orderIds.map((orderId) => client.read(orderId, never)));
    await client.read(orderIds[0]!, never);
    expect(sandbox.tokens.issued()).toBe(1);
  });

  it('that ended mid-run is renewed once, and every call repeated once', async () => {
    const orderIds = Array.from({ length: 8 }, readyOrder);
    await client.read(orderIds[0]!, never);
    sandbox.tokens.revokeAll();
    const readings = await Promise.all(orderIds.map((orderId) => client.read(orderId, never)));
    expect(readings.map((reading) => reading?.standing)).toEqual(orderIds.map(() => 'ready'));
    expect(sandbox.tokens.issued()).toBe(2);
  });

  it('that is refused twice is an error, and no loop', async () => {
    const orderId = readyOrder();
    sandbox.scenarios.set('token-expired', { times: 2 });
    await expect(client.read(orderId, never)).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
    expect(sandbox.tokens.issued()).toBe(2);
    const refused = () => sandbox.activity.list().filter(({ details }) => details['status'] === 401).length;
    expect(refused()).toBe(2);
    expect(await client.read(orderId, never)).toMatchObject({ standing: 'ready' });
    expect(refused()).toBe(2);
  });
});

describe('acknowledge', () => {
  it('is done once, and then is done already', async () => {
    const orderId = readyOrder();
    expect(await client.read(orderId, never)).toMatchObject({ isAcknowledgeable: true });
    expect(await client.acknowledge(orderId, never)).toMatchObject({ outcome: 'done' });
    expect(await client.acknowledge(orderId, never)).toMatchObject({ outcome: 'already' });
    expect(await client.read(orderId, never)).toMatchObject({ isAcknowledgeable: false });
    expect(acts(orderId, 'acknowledge')).toBe(1);
  });

  it('waits while there is no order', async () => {
    const { orderId } = sandbox.purchases.open();
    expect(await client.acknowledge(orderId!, never)).toEqual({ outcome: 'not-available', order: null });
  });

  it('that fails fails, and may be tried again', async () => {
    const orderId = readyOrder();
    sandbox.scenarios.set('acknowledge-fails', { times: 1 });
    await expect(client.acknowledge(orderId, never)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await client.acknowledge(orderId, never)).toMatchObject({ outcome: 'done' });
  });
});

describe('the reference', () => {
  it('is set where none is, and another’s stays', async () => {
    const orderId = readyOrder();
    expect(await client.setReference(orderId, 'order-1', never)).toMatchObject({
      outcome: 'done',
      order: { merchantReference: 'order-1' },
    });
    expect(await client.setReference(orderId, 'order-1', never)).toMatchObject({ outcome: 'already' });
    expect(await client.setReference(orderId, 'order-2', never)).toMatchObject({
      outcome: 'not-available',
      order: { merchantReference: 'order-1' },
    });
  });

  it.each(['', 'x'.repeat(51)])('is never %j', async (reference) => {
    await expect(client.setReference(readyOrder(), reference, never)).rejects.toThrow(RangeError);
  });
});

describe('money', () => {
  it('is captured whole', async () => {
    const orderId = readyOrder();
    expect(await client.captureRest(orderId, never)).toMatchObject({ outcome: 'done' });
    expect(await client.captureRest(orderId, never)).toMatchObject({ outcome: 'already' });
    expect(await amounts(orderId)).toEqual({ captured: 625_000, refunded: 0 });
  });

  it('is not captured before the action is there', async () => {
    const { session, orderId } = sandbox.purchases.open();
    sandbox.acts.pay(session.id, 'advanceInvoice');
    expect(await client.captureRest(orderId!, never)).toMatchObject({ outcome: 'not-available' });
    sandbox.acts.approve(orderId!);
    expect(await client.captureRest(orderId!, never)).toMatchObject({ outcome: 'not-available' });
    await client.acknowledge(orderId!, never);
    expect(await client.captureRest(orderId!, never)).toMatchObject({ outcome: 'done' });
  });

  it('is captured by lines', async () => {
    const orderId = readyOrder();
    const { order } = (await client.read(orderId, never))!;
    const ids = order!.uncaptured!.lines.slice(0, 2).map(({ id }) => id!);
    expect(await client.captureLines(orderId, ids, never)).toMatchObject({ outcome: 'done' });
    expect(await client.captureLines(orderId, ids, never)).toMatchObject({ outcome: 'already' });
    expect(await client.captureLines(orderId, ['ol_another'], never)).toMatchObject({
      outcome: 'not-available',
    });
    expect(await client.captureLines(orderId, [], never)).toMatchObject({ outcome: 'not-available' });
    expect(await amounts(orderId)).toEqual({ captured: 500_000, refunded: 0 });
  });

  it('is refunded by captures', async () => {
    const orderId = readyOrder();
    const { order } = await client.captureRest(orderId, never);
    const { ledgerId } = order!.captured[0]!;
    expect(await client.refundCapture(orderId, ledgerId, never)).toMatchObject({ outcome: 'done' });
    expect(await client.refundCapture(orderId, ledgerId, never)).toMatchObject({ outcome: 'already' });
    expect(await client.refundCapture(orderId, 'in_another', never)).toMatchObject({
      outcome: 'not-available',
    });
    expect(await amounts(orderId)).toEqual({ captured: 625_000, refunded: 625_000 });
  });

  it('is refunded by lines, and a repetition is told from a second refund of the same line', async () => {
    const orderId = readyOrder();
    const { order } = await client.captureRest(orderId, never);
    const { ledgerId, lines } = order!.captured[0]!;
    const lamp = lines.filter(({ totalAmount }) => totalAmount === 125_000).slice(0, 1);
    const refund = (before: number) => client.refundLines(orderId, ledgerId, lamp, before, never);
    expect(await refund(0)).toMatchObject({ outcome: 'done' });
    expect(await refund(0)).toMatchObject({ outcome: 'already' });
    expect(await refund(125_000)).toMatchObject({ outcome: 'done' });
    expect(await refund(0)).toMatchObject({ outcome: 'not-available' });
    expect(await amounts(orderId)).toEqual({ captured: 625_000, refunded: 250_000 });
  });

  it('is not captured of what was cancelled', async () => {
    const orderId = readyOrder();
    expect(await client.cancelRest(orderId, never)).toMatchObject({ outcome: 'done' });
    expect(await client.cancelRest(orderId, never)).toMatchObject({ outcome: 'already' });
    expect(await client.captureRest(orderId, never)).toMatchObject({ outcome: 'not-available' });
  });

  it.each<[string, (orderId: string) => Promise<OperationResult>, { captured: number; refunded: number }]>([
    ['captureRest', (id) => client.captureRest(id, never), { captured: 625_000, refunded: 0 }],
    ['cancelRest', (id) => client.cancelRest(id, never), { captured: 0, refunded: 0 }],
    ['acknowledge', (id) => client.acknowledge(id, never), { captured: 0, refunded: 0 }],
  ])('%s whose answer is lost is done once when it is called again', async (_, act, expected) => {
    const orderId = readyOrder();
    sandbox.scenarios.set('api-loses-answer', { times: 1 });
    await expect(act(orderId)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await act(orderId)).toMatchObject({ outcome: 'already' });
    expect(await amounts(orderId)).toEqual(expected);
  });

  it.each<[string, (orderId: string) => Promise<OperationResult>, { captured: number; refunded: number }]>([
    ['captureRest', (id) => client.captureRest(id, never), { captured: 625_000, refunded: 0 }],
    ['cancelRest', (id) => client.cancelRest(id, never), { captured: 0, refunded: 0 }],
    ['acknowledge', (id) => client.acknowledge(id, never), { captured: 0, refunded: 0 }],
  ])(
    '%s whose answer is lost is done once also while reads lag behind: the key is the same',
    async (_, act, expected) => {
      const orderId = readyOrder();
      // What the vendor does about a second acknowledgement is unknown: here it would refuse it.
      sandbox.assumptions.set('secondAcknowledge', 'refused');
      sandbox.assumptions.set('readLagSeconds', 60);
      sandbox.scenarios.set('api-loses-answer', { times: 1 });
      await expect(act(orderId)).rejects.toMatchObject({ code: 'unavailable' });
      expect(await act(orderId)).toMatchObject({ outcome: 'done' });
      clock.advance(61 * SECOND);
      expect(await act(orderId)).toMatchObject({ outcome: 'already' });
      expect(await amounts(orderId)).toEqual(expected);
    },
  );

  it('is refunded once when the answer is lost and reads lag behind: the key is the same', async () => {
    const orderId = readyOrder();
    const { order } = await client.captureRest(orderId, never);
    const { ledgerId, lines } = order!.captured[0]!;
    sandbox.assumptions.set('readLagSeconds', 60);
    for (const refund of [
      () => client.refundLines(orderId, ledgerId, lines.slice(0, 1), 0, never),
      () => client.refundLines(orderId, ledgerId, lines.slice(1, 2), 375_000, never),
    ]) {
      sandbox.scenarios.set('api-loses-answer', { times: 1 });
      await expect(refund()).rejects.toMatchObject({ code: 'unavailable' });
      expect(await refund()).toMatchObject({ outcome: 'done' });
      clock.advance(61 * SECOND);
      expect(await refund()).toMatchObject({ outcome: 'already' });
    }
    expect(await amounts(orderId)).toEqual({ captured: 625_000, refunded: 500_000 });
  });
});

/** How often something was done to the order, by the vendor's own history. */
function acts(orderId: string, type: string): number {
  const order = sandbox.purchases.list().find((purchase) => purchase.orderId === orderId)?.order;
  return order!.events.filter((event) => event.type === type).length;
}
