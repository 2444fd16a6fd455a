/** Requests as nobody should send them, to every route of a mounted kit. Generated from a seed, so a failure comes again. */
import fc from 'fast-check';
import type { AttemptHandle } from '../../../src/protocol/index.js';
import { signed } from '../../support/ledgerbee.js';
import {
  anyBody,
  anyMethod,
  bytesOf,
  contentType,
  headerValue,
  hostileText,
  mostly,
  record,
} from './hostile-input.js';

export interface Malformed {
  readonly method: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What a genuine caller would hold. */
export interface Genuine {
  readonly origin: string;
  readonly secret: string;
  readonly attempts: readonly AttemptHandle[];
  /** Names of orders that the merchant knows. */
  readonly orders: readonly string[];
  readonly nowSeconds: number;
}

const TOPICS = [
  'subscription.started',
  'subscription.churned',
  'subscription.error',
  'webhook.test',
  '__proto__',
];
const TIMES = [
  '0000-01-01T00:00:00Z',
  '2026-06-01T12:00:00+23:59',
  '2026-06-01T24:00:00Z',
  '9999-12-31T23:59:59-18:00',
];

export function malformedRequests(genuine: Genuine): fc.Arbitrary<Malformed> {
  return fc.oneof(
    { weight: 5, arbitrary: deliveries(genuine) },
    { weight: 5, arbitrary: pageCalls(genuine) },
  );
}

/** Half of them signed over the bytes that are sent: only then anything is read of them. */
function deliveries({ secret, orders, nowSeconds }: Genuine): fc.Arbitrary<Malformed> {
  const path = fc.oneof(
    { weight: 12, arbitrary: fc.constant('/checkout/webhooks/ledgerbee') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '/checkout/webhooks/',
        '/checkout/webhooks/__proto__',
        '/checkout/webhooks/ledyer',
        '/checkout/webhooks/ledgerbee/more',
        '/checkout/webhooks/ledgerbee%00',
      ),
    },
  );
  const garbage = fc.dictionary(
    fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature'),
    fc.oneof(
      headerValue(),
      fc.constantFrom('NaN', '1e9', '-1', '9'.repeat(400), 'v1,', 'v1,====', 'v1a,x v1,y', 'v1,'.repeat(500)),
    ),
  );
  return fc
    .record({
      path,
      method: fc.oneof({ weight: 20, arbitrary: fc.constant('POST') }, { weight: 1, arbitrary: anyMethod() }),
      body: fc.oneof(bytesOf(envelope(orders)), anyBody()),
      id: fc.uuid(),
      isSigned: fc.oneof(
        { weight: 3, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
      garbage: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: garbage }),
      type: contentType(),
    })
    .map(({ path, method, body, id, isSigned, garbage, type }) => ({
      method,
      path,
      body,
      headers: {
        ...type,
        ...(isSigned ? Object.fromEntries(signed(body, { secret, id, atSeconds: nowSeconds })) : {}),
        ...garbage,
      },
    }));
}

function pageCalls({ origin, attempts, orders }: Genuine): fc.Arbitrary<Malformed> {
  return fc
    .record({
      attempt: fc.constantFrom(...attempts),
      otherId: mostly(
        null,
        fc.oneof(
          fc.uuid(),
          fc.constantFrom('..%2f..', '%00', '__proto__', '%ff', '%F0%9F%98%80', '0'.repeat(3000), "'--", ''),
        ),
      ),
      otherToken: mostly(
        null,
        fc.oneof(
          headerValue(),
          fc.constantFrom('Bearer', 'Bearer ', 'Basic x', `Bearer ${'x'.repeat(5000)}`),
        ),
      ),
      call: fc.oneof(
        fc.record({ route: fc.constant(null), body: bytesOf(start(orders)) }),
        fc.record({ route: fc.constant('/signals'), body: bytesOf(signal()) }),
        fc.record({
          route: fc.constantFrom(
            '',
            '/',
            '/bind-token',
            '/signals',
            '/events',
            '/constructor',
            '/signals/more',
          ),
          body: anyBody(),
        }),
      ),
      method: mostly(null, anyMethod()),
      type: contentType(),
      from: mostly<Malformed['headers']>(
        { origin },
        fc.constantFrom(
          {},
          { origin: 'null' },
          { origin: 'https://evil.example' },
          { origin: `${origin}.evil.example` },
        ),
      ),
      more: fc.dictionary(
        fc.constantFrom('idempotency-key', 'if-none-match', 'sec-fetch-site', 'x-buyer'),
        headerValue(),
        { maxKeys: 2 },
      ),
    })
    .map(({ attempt, otherId, otherToken, call, method, type, from, more }) => {
      const reads = call.route === '' || call.route === '/events';
      const verb = method ?? (reads ? 'GET' : 'POST');
      return {
        method: verb,
        path: `/checkout/attempts${call.route === null ? '' : `/${otherId ?? attempt.id}${call.route}`}`,
        body: verb === 'GET' || verb === 'HEAD' ? new Uint8Array() : call.body,
        headers: { ...type, ...from, ...more, authorization: otherToken ?? `Bearer ${attempt.token}` },
      };
    });
}

/** Mostly right: deliveries about subscriptions of which the vendor's API says nothing that can be believed. */
function envelope(orders: readonly string[]): fc.Arbitrary<string> {
  const data = record({
    subscriptionId: fc.integer({ min: 0, max: 30 }).map((n) => `sub-${n}`),
    partnerReferenceId: fc.constantFrom(...orders, null),
    errorType: fc.constantFrom('charge_failed', undefined),
    // Says itself that it is paid for.
    status: fc.constant('active'),
  });
  return record({ type: fc.constantFrom(...TOPICS), data: data.map((text) => JSON.parse(text) as unknown) });
}

function start(orders: readonly string[]): fc.Arbitrary<string> {
  return record({
    v: fc.constant(1),
    vendor: fc.constantFrom('ledgerbee', 'siglume', '__proto__'),
    order: fc.constantFrom(...orders),
    plan: hostileText(),
    item: hostileText(),
    page: fc.constant('http://shop.test/'),
  });
}

function signal(): fc.Arbitrary<string> {
  return record({
    v: fc.constant(1),
    key: fc.uuid(),
    kind: fc.constantFrom('confirmed', 'pending', 'closed', 'constructor'),
    at: fc.oneof(fc.constant('2026-06-01T12:00:00Z'), fc.constantFrom(...TIMES)),
    status: hostileText(),
    reason: hostileText(),
  });
}
