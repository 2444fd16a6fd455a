import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNotification } from '../../src/fulfillment/vendors/ledyer/notification.js';

const bytes = (body: unknown): Uint8Array =>
  new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
const read = (body: unknown, merchantId: string | null = null) => readNotification(bytes(body), merchantId);

const FLAT = {
  eventType: 'com.ledyer.order.ready_for_capture',
  merchantId: 'ac_shop',
  orderId: 'or_1',
  reference: 'or_another',
  storeId: '9700000000',
};

describe('a notification', () => {
  it('in the flat shape names its order and has no id of its own', () => {
    expect(read(FLAT)).toEqual({
      kind: 'trigger',
      eventType: 'com.ledyer.order.ready_for_capture',
      subject: 'or_1',
      orderId: 'or_1',
      sessionId: null,
      eventId: null,
      authorizationToken: null,
    });
  });

  it('in the nested shape names its order and itself', () => {
    const body = { id: 'wh_1', type: 'com.ledyer.order.create', data: { orderId: 'or_1' } };
    expect(read(body)).toMatchObject({ kind: 'trigger', subject: 'or_1', eventId: 'wh_1' });
  });

  it.each([
    [
      'a checkout session',
      { eventType: 'com.ledyer.checkout.session.awaiting_signatory', sessionId: 'se_1' },
      'se_1',
    ],
    ['a payments session', { eventType: 'com.ledyer.authorization.pending', sessionId: 'ps_1' }, 'ps_1'],
    ['a session in the nested shape', { type: 'x', data: { sessionId: 'se_2' } }, 'se_2'],
    ['an order before its session', { eventType: 'x', orderId: 'or_1', sessionId: 'se_1' }, 'or_1'],
  ])('is about %s', (_, body, subject) => {
    expect(read(body)).toMatchObject({ kind: 'trigger', subject });
  });

  it('of a type of no list is a trigger like any other', () => {
    expect(read({ ...FLAT, eventType: 'com.ledyer.order.disputed' })).toMatchObject({ kind: 'trigger' });
  });

  it('hands over the token of an authorization', () => {
    const body = {
      eventType: 'com.ledyer.authorization.create',
      sessionId: 'ps_1',
      authorizationToken: 'at_1',
    };
    expect(read(body)).toMatchObject({ subject: 'ps_1', authorizationToken: 'at_1' });
  });

  it.each<[string, unknown, string]>([
    ['no JSON', 'orderId=or_1', 'body must be JSON'],
    ['nothing', '', 'body must be JSON'],
    ['a list', [FLAT], 'body must be an object'],
    ['null', 'null', 'body must be an object'],
    ['no type', { orderId: 'or_1' }, 'eventType must be a string'],
    ['a type that is no string', { eventType: 7, orderId: 'or_1' }, 'eventType must be a string'],
    [
      'half a character in its type',
      '{"eventType":"\\ud800","orderId":"or_1"}',
      'eventType must be well-formed',
    ],
    ['no id', { eventType: 'x' }, 'orderId or sessionId must be present'],
    ['a path for an id', { eventType: 'x', orderId: 'or_../x' }, 'orderId must be an id'],
    ['an encoded path for an id', { eventType: 'x', orderId: 'or_%2e%2e' }, 'orderId must be an id'],
    ['a query in its id', { eventType: 'x', orderId: 'or_1?a=b' }, 'orderId must be an id'],
    ['a line break after its id', { eventType: 'x', orderId: 'or_1\n' }, 'orderId must be an id'],
    ['an id without end', { eventType: 'x', orderId: `or_${'1'.repeat(65)}` }, 'orderId must be an id'],
    ['an id that is a list', { eventType: 'x', orderId: ['or_1'] }, 'orderId must be an id'],
    ['a session for an order', { eventType: 'x', orderId: 'se_1' }, 'orderId must be an id'],
    ['an order for a session', { eventType: 'x', sessionId: 'or_1' }, 'sessionId must be an id'],
    [
      'a bad session beside a good order',
      { eventType: 'x', orderId: 'or_1', sessionId: '/' },
      'sessionId must be',
    ],
    ['data that is no object', { type: 'x', data: 'or_1' }, 'data must be an object'],
  ])('with %s is refused', (_, body, why) => {
    expect(read(body)).toEqual({ kind: 'refused', why: expect.stringContaining(why) as string });
  });

  it('that is no UTF-8 is refused', () => {
    const body = Uint8Array.from([...bytes('{"eventType":"'), 0xff, ...bytes('","orderId":"or_1"}')]);
    expect(readNotification(body, null)).toMatchObject({ kind: 'refused' });
  });

  it('for another merchant is refused, and for ours or for none named it is taken', () => {
    expect(read(FLAT, 'ac_other')).toMatchObject({ kind: 'refused' });
    expect(read({ ...FLAT, merchantId: 7 }, 'ac_shop')).toMatchObject({ kind: 'refused' });
    expect(read(FLAT, 'ac_shop')).toMatchObject({ kind: 'trigger' });
    expect(read({ type: 'x', data: { orderId: 'or_1' } }, 'ac_shop')).toMatchObject({ kind: 'trigger' });
  });

  it('that is refused is not repeated in the reason', () => {
    const { why } = read({ eventType: 'x', orderId: 'ida@nordlys.example' }) as { why: string };
    expect(why).not.toContain('nordlys');
  });

  it('of any bytes at all is read or refused, and nothing read can leave its path segment', () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('or_1', 'se_1', 'ps_1', 'or_1/..'), fc.jsonValue());
    const body = fc.record(
      { eventType: field, type: field, id: field, orderId: field, sessionId: field, data: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const raw = fc.oneof(
      fc.uint8Array(),
      body.map((value) => bytes(value)),
    );
    fc.assert(
      fc.property(raw, (rawBody) => {
        const read = readNotification(rawBody, null);
        if (read.kind === 'trigger') expect(encodeURIComponent(read.subject)).toBe(read.subject);
      }),
      { numRuns: 2_000 },
    );
  });
});
