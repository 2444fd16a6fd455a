/** Requests as nobody should send them, to every route of a mounted kit. Generated from a seed, so a failure comes again. */
import fc from 'fast-check';
import type { AttemptHandle } from '../../../src/protocol/index.js';
import { signed } from '../../support/ledgerbee.js';

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
const NUMBERS = [
  '1e999',
  '-1e999',
  '-0',
  '9'.repeat(400),
  '1e-999',
  '0.1e+5',
  '01',
  '0x10',
  'NaN',
  'Infinity',
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

/** `usual` five times in six: what is wrong everywhere is refused at the first door. */
function mostly<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
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

/** With one field in ten left out or of another type. */
function record(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<string> {
  const doubtful = Object.fromEntries(
    Object.entries(fields).map(([name, good]) => [
      name,
      fc.oneof(
        { weight: 9, arbitrary: good },
        { weight: 1, arbitrary: fc.oneof(fc.jsonValue(), hostileText(), fc.constant(undefined)) },
      ),
    ]),
  );
  return fc.record(doubtful).map((value) => JSON.stringify(value));
}

/** The text as it is, cut off, said twice, with a raw number, a NUL, a prototype, in another encoding … */
function bytesOf(text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
  return fc.oneof(
    { weight: 8, arbitrary: text.map(encode) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([value, part]) => encode(value.slice(0, value.length * part))),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, fc.constantFrom(...NUMBERS))
        .map(([value, number]) => encode(value.replace(/:(?="|\{)/, `:${number},"x":`))),
    },
    {
      weight: 1,
      arbitrary: text.map((value) =>
        encode(value.replace('{', '{"type":"subscription.started","data":{},"v":2,')),
      ),
    },
    { weight: 1, arbitrary: text.map((value) => encode(`{"__proto__":${value},"constructor":${value}}`)) },
    { weight: 1, arbitrary: text.map((value) => encode(`\ufeff${value}`)) },
    { weight: 1, arbitrary: text.map((value) => Uint8Array.from(Buffer.from(value, 'utf16le'))) },
    {
      weight: 1,
      arbitrary: text.map((value) =>
        Uint8Array.from(Buffer.from(value.replace('"', '"\xff\xc0\0'), 'latin1')),
      ),
    },
  );
}

function anyBody(): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 8, arbitrary: fc.json().map((text) => new TextEncoder().encode(text)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('[', '{"a":', '{"data":[', '"\\u'), fc.integer({ min: 1, max: 4000 }))
        .map(([part, times]) => new TextEncoder().encode(part.repeat(times))),
    },
    // Over the bound of a page's call; over that of a delivery.
    { weight: 1, arbitrary: fc.constantFrom(17_000, 263_000).map((size) => new Uint8Array(size).fill(0x20)) },
  );
}

/** Names as JSON can hold them and a database, a URL or a log should not. */
function hostileText(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      '',
      '\0',
      'a\0b',
      '\ud800',
      'half \udfff',
      '../customers',
      "'; DROP TABLE orders; --",
      '__proto__',
      'x'.repeat(256),
      'ledgerbee:sub-1',
      '\r\nx: y',
      '‮',
      '%2e%2e',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
}

function contentType(): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant({ 'content-type': 'application/json' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        {},
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/jsonp' },
        { 'content-type': 'application/json;charset=utf-16' },
        { 'content-type': 'multipart/form-data' },
        { 'content-encoding': 'gzip' },
      ),
    },
  );
}

function anyMethod(): fc.Arbitrary<string> {
  return fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND');
}

/** Whatever a header may carry: Latin-1 without control characters, but for the tab. */
function headerValue(): fc.Arbitrary<string> {
  const unit = fc
    .oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff }), fc.constant(9))
    .map((code) => String.fromCharCode(code));
  return fc.string({ unit, maxLength: 60 });
}
