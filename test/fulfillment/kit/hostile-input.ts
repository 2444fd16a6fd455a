/** Bytes, names and headers as nobody should send them. */
import fc from 'fast-check';
import { anyText } from '../../support/any-text.js';

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

/** `usual` five times in six: what is wrong everywhere is refused at the first door. */
export function mostly<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}

/** With one field in ten left out or of another type. */
export function record(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<string> {
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
export function bytesOf(text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
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

export function anyBody(): fc.Arbitrary<Uint8Array> {
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
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(17_000, 17_000, 17_000, 263_000)
        .map((size) => new Uint8Array(size).fill(0x20)),
    },
  );
}

/** Names as JSON can hold them and a database, a URL or a log should not. */
export function hostileText(): fc.Arbitrary<string> {
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
    anyText(),
  );
}

export function contentType(): fc.Arbitrary<Readonly<Record<string, string>>> {
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

export function anyMethod(): fc.Arbitrary<string> {
  return fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND');
}

/** Whatever a header may carry: Latin-1 without control characters, but for the tab. */
export function headerValue(): fc.Arbitrary<string> {
  const unit = fc
    .oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff }), fc.constant(9))
    .map((code) => String.fromCharCode(code));
  return fc.string({ unit, maxLength: 60 });
}
