import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecodedDelivery } from '../../src/fulfillment/ports.js';
import { ledgerbee } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { accessOf } from '../../src/fulfillment/vendors/ledgerbee/state-map.js';
import { LEDGERBEE_OPTIONS } from '../support/ledgerbee.js';

const adapter = ledgerbee(LEDGERBEE_OPTIONS);

const TOPICS = [
  'subscription.assigned',
  'subscription.started',
  'subscription.updated',
  'subscription.transitioned',
  'subscription.paused',
  'subscription.resumed',
  'subscription.trial_ended',
  'subscription.cancellation_scheduled',
  'subscription.cancellation_cleared',
  'subscription.churned',
  'subscription.billed',
  'subscription.payment_succeeded',
  'subscription.error',
];

describe('decode', () => {
  it.each(TOPICS)('announces the subscription of %s', (type) => {
    expect(decode(envelope({ type }))).toEqual({
      kind: 'subject',
      topic: type,
      subject: 'sub-1',
      reference: 'order-1',
      facts: [{ kind: 'announced', subject: 'sub-1', topic: type, messageId: 'msg_1' }],
    });
  });

  it('keeps what kind of problem subscription.error names', () => {
    const data = { subscriptionId: 'sub-1', errorType: 'charge_failed' };
    expect(decode(envelope({ type: 'subscription.error', data }))).toMatchObject({
      facts: [{ kind: 'announced', topic: 'subscription.error', errorType: 'charge_failed' }],
    });
  });

  it.each([['ida@nordlys.example'], ['two words'], ['x'.repeat(65)], ['half \ud800'], [7], [null], [{}]])(
    'passes over the errorType %j, and reads the subscription all the same',
    (errorType) => {
      const decoded = decode(
        envelope({ type: 'subscription.error', data: { subscriptionId: 'sub-1', errorType } }),
      );
      expect(decoded).toMatchObject({ kind: 'subject', subject: 'sub-1' });
      expect(decoded).not.toHaveProperty('facts.0.errorType');
    },
  );

  it.each([[null], [undefined], ['']])('takes the reference %j for none', (partnerReferenceId) => {
    expect(decode(envelope({ data: { subscriptionId: 'sub-1', partnerReferenceId } }))).toMatchObject({
      kind: 'subject',
      reference: null,
    });
  });

  it('keeps a reference exactly as it is', () => {
    const partnerReferenceId = ' Ordré/№ 7 ';
    expect(decode(envelope({ data: { subscriptionId: 'sub-1', partnerReferenceId } }))).toMatchObject({
      reference: partnerReferenceId,
    });
  });

  it('passes over fields it was never told of', () => {
    expect(decode({ ...envelope(), added: 1 })).toMatchObject({ kind: 'subject' });
  });

  it.each(['webhook.test', 'invoice.paid', 'subscription.invented', 'subscription', '__proto__'])(
    'ignores the topic %s',
    (type) => {
      expect(decode({ type, data: {} })).toMatchObject({ kind: 'ignored', topic: type });
    },
  );

  it.each(['ada@example.test', 'a topic with spaces', 'x'.repeat(65)])(
    'ignores the topic %s without repeating what may be data',
    (type) => {
      expect(decode({ type, data: {} })).toMatchObject({ kind: 'ignored', topic: 'odd' });
    },
  );

  it.each<[string, unknown]>([
    ['no object', []],
    ['no topic', { data: {} }],
    ['a topic that is a number', { type: 7, data: {} }],
    ['no data', { type: 'subscription.started' }],
    ['no subscription', envelope({ data: { partnerReferenceId: 'order-1' } })],
    ['a subscription id with a path in it', envelope({ data: { subscriptionId: '../customers' } })],
    ['a subscription id that is a number', envelope({ data: { subscriptionId: 7 } })],
    [
      'a reference that is an object',
      envelope({ data: { subscriptionId: 'sub-1', partnerReferenceId: {} } }),
    ],
    [
      'a reference with a NUL',
      envelope({ data: { subscriptionId: 'sub-1', partnerReferenceId: 'a\u0000' } }),
    ],
    [
      'a reference with half a character',
      envelope({ data: { subscriptionId: 'sub-1', partnerReferenceId: '\ud800' } }),
    ],
    [
      'a reference beyond all bounds',
      envelope({ data: { subscriptionId: 'sub-1', partnerReferenceId: 'x'.repeat(256) } }),
    ],
  ])('calls a delivery with %s unreadable', (_, body) => {
    expect(decode(body)).toMatchObject({ kind: 'unreadable' });
  });

  it.each(['', 'null', '{', '{"type":"subscription.started"', '\u0000'])(
    'calls the body %j unreadable',
    (text) => {
      expect(decodeBytes(new TextEncoder().encode(text))).toMatchObject({
        kind: 'unreadable',
        topic: 'unreadable',
      });
    },
  );

  it('calls a body that is no UTF-8 unreadable', () => {
    const data = '{"subscriptionId":"sub-1","partnerReferenceId":"order-\xff"}';
    const body = Buffer.from(`{"type":"subscription.started","data":${data}}`, 'latin1');
    expect(decodeBytes(body)).toMatchObject({ kind: 'unreadable' });
  });

  it('says what is wrong without repeating what was sent', () => {
    const decoded = decode(envelope({ data: { subscriptionId: 'buyer@shop.test' } }));
    expect(decoded).toMatchObject({ kind: 'unreadable', topic: 'subscription.started' });
    expect(JSON.stringify(decoded)).not.toContain('buyer');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (body) => {
          expect(['subject', 'ignored', 'unreadable']).toContain(decodeBytes(body).kind);
        },
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...TOPICS), fc.jsonValue(), (type, data) => {
        expect(['subject', 'unreadable']).toContain(decode({ type, data }).kind);
      }),
    );
  });
});

describe('accessOf', () => {
  it.each([
    ['trial', 'granted'],
    ['active', 'granted'],
    ['pending_cancellation', 'granted'],
    ['scheduled', 'awaiting'],
    ['awaiting_payment', 'awaiting'],
    ['paused', 'paused'],
    ['cancelled', 'ended'],
    ['expired', 'ended'],
    ['canceled', 'unknown'],
    ['ACTIVE', 'unknown'],
    ['constructor', 'unknown'],
  ])('takes %s for %s', (status, access) => {
    expect(accessOf(status)).toBe(access);
  });
});

function envelope(fields: { readonly type?: string; readonly data?: unknown } = {}): Record<string, unknown> {
  return {
    id: 'msg_1',
    type: 'subscription.started',
    timestamp: '2026-06-01T12:00:00.000Z',
    data: { subscriptionId: 'sub-1', versionId: 'version-1', partnerReferenceId: 'order-1' },
    ...fields,
  };
}

function decode(body: unknown): DecodedDelivery {
  return decodeBytes(new TextEncoder().encode(JSON.stringify(body)));
}

function decodeBytes(rawBody: Uint8Array): DecodedDelivery {
  return adapter.decode({ messageId: 'msg_1', rawBody });
}
