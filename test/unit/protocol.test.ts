import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DecodeError,
  ORDER_STATUSES,
  decodeBindTokenAnswer,
  decodeRefusal,
  decodeSignal,
  decodeStartAttemptAnswer,
  decodeStartAttemptRequest,
  decodeStatusAnswer,
  isLoopbackHost,
  readRedirectUrl,
  verdictOf,
} from '../../src/protocol/index.js';

const DECODERS = {
  decodeStartAttemptRequest,
  decodeStartAttemptAnswer,
  decodeBindTokenAnswer,
  decodeStatusAnswer,
  decodeSignal,
  decodeRefusal,
} as const;

const START = {
  v: 1,
  vendor: 'ledgerbee',
  order: 'ord_1',
  plan: 'pro-plan',
  page: 'https://shop.example/buy',
} as const;
const SIGNAL = {
  v: 1,
  key: 'k1',
  kind: 'confirmed',
  status: 'CONFIRMED',
  at: '2026-06-01T12:00:00.000Z',
} as const;
const ATTEMPT = { id: 'a1', token: 't1', expiresAt: '2026-06-01T12:00:00Z' } as const;

describe('decoding', () => {
  it('gives back what it was given, without what it does not know', () => {
    expect(decodeStartAttemptRequest({ ...START, amount: 1 })).toEqual(START);
    expect(decodeSignal({ ...SIGNAL, email: 'x' })).toEqual(SIGNAL);
    expect(
      decodeStartAttemptAnswer({ v: 1, attempt: ATTEMPT, next: { type: 'frame', bindToken: null } }),
    ).toEqual({
      v: 1,
      attempt: ATTEMPT,
      next: { type: 'frame', bindToken: null },
    });
    expect(decodeStatusAnswer({ v: 1, status: 'open', retry: true, retryAfterMs: 0, extra: {} })).toEqual({
      v: 1,
      status: 'open',
      retry: true,
      retryAfterMs: 0,
    });
    expect(decodeBindTokenAnswer({ v: 1, bindToken: null, unbound: 'anonymous' })).toEqual({
      v: 1,
      bindToken: null,
      unbound: 'anonymous',
    });
  });

  it.each(['/thanks', 'javascript:alert(1)', 7, ''])(
    'keeps a status whose redirect is %j, without it',
    (redirect) => {
      expect(decodeStatusAnswer({ v: 1, status: 'fulfilled', redirect })).toEqual({
        v: 1,
        status: 'fulfilled',
      });
    },
  );

  it('reads a retry only from a true', () => {
    expect(decodeStatusAnswer({ v: 1, status: 'failed', retry: 'yes' })).toEqual({ v: 1, status: 'failed' });
  });

  it.each([
    ['another version', { ...START, v: 2 }, 'v'],
    ['no version', { ...START, v: undefined }, 'v'],
    ['an unknown vendor', { ...START, vendor: 'acme' }, 'vendor'],
    ['an empty order', { ...START, order: '' }, 'order'],
    ['an order too long', { ...START, order: 'x'.repeat(256) }, 'order'],
    ['a line break in an order', { ...START, order: 'a\nb' }, 'order'],
    ['a number for an order', { ...START, order: 7 }, 'order'],
    ['no page', { ...START, page: undefined }, 'page'],
    ['a list', [], 'body'],
    ['nothing', null, 'body'],
  ])('refuses a start with %s and names the field', (_, body, field) => {
    expect(() => decodeStartAttemptRequest(body)).toThrow(
      expect.objectContaining({ name: 'DecodeError', field }),
    );
  });

  it.each([
    ['an unknown kind', { ...SIGNAL, kind: 'paid' }, 'kind'],
    ['a date without a zone', { ...SIGNAL, at: '2026-06-01T12:00:00' }, 'at'],
    ['an impossible date', { ...SIGNAL, at: '2026-13-01T12:00:00Z' }, 'at'],
    ['no key', { ...SIGNAL, key: undefined }, 'key'],
  ])('refuses a signal with %s', (_, body, field) => {
    expect(() => decodeSignal(body)).toThrow(expect.objectContaining({ field }));
  });

  it.each(Object.entries(DECODERS))(
    '%s takes any JSON with a typed value or a DecodeError, never another throw',
    (_, decode) => {
      fc.assert(
        fc.property(
          fc.oneof(
            fc.jsonValue(),
            fc.jsonValue().map((value) => ({ v: 1, status: value, next: value, attempt: value })),
          ),
          (value) => {
            try {
              decode(value);
            } catch (error) {
              expect(error).toBeInstanceOf(DecodeError);
            }
          },
        ),
      );
    },
  );

  it('never repeats the content it refuses', () => {
    const secret = 'sk_live_hidden';
    expect(() => decodeStartAttemptRequest({ ...START, vendor: secret })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(secret) as string }),
    );
  });
});

describe('a redirect', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://shop.example/',
    'ftp://shop.example/',
    '//x',
    'nonsense',
    '',
  ])('to %s is refused', (url) => {
    expect(() => readRedirectUrl(url, 'redirect')).toThrow(DecodeError);
  });

  it.each([
    'https://shop.example/thanks',
    'http://localhost:4310/x',
    'http://shop.localhost:4310/',
    'http://127.0.0.1:1/',
  ])('to %s is taken', (url) => {
    expect(readRedirectUrl(url, 'redirect')).toBe(url);
  });

  it.each(['localhost.evil.example', 'evillocalhost', '127.0.0.1.evil.example', '1270.0.0.1', 'example.com'])(
    'host %s is not loopback',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});

describe('a status', () => {
  it('ends the wait as the design says, and nothing else does', () => {
    expect(Object.fromEntries(ORDER_STATUSES.map((status) => [status, verdictOf(status)]))).toEqual({
      open: 'waiting',
      pending: 'waiting',
      processing: 'waiting',
      review: 'unsettled',
      fulfilled: 'settled',
      failed: 'failed',
      ended: 'failed',
      expired: 'unsettled',
    });
  });
});
