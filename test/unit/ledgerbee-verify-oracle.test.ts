/** Our own verification against the reference library's, over everything a header and a body can be. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ledgerbee } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { anyText } from '../support/any-text.js';
import { LEDGERBEE_OPTIONS, signed } from '../support/ledgerbee.js';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const NOW_SECONDS = NOW_MS / 1000;

beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => vi.useRealTimers());

/** A delivery as it is received, and the secrets that are valid here. */
interface Case {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

describe('verify, against standardwebhooks', () => {
  it('agrees on every well-formed delivery in valid UTF-8: genuine, tampered, rotated, early and late', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(wellFormed(), (one) => {
        const ours = judged(one);
        seen[ours] += 1;
        expect(ours).toBe(judgedByOracle(one));
      }),
      { numRuns: 1000 },
    );
    // A property that only ever saw one of both would prove nothing.
    expect(seen.accepted).toBeGreaterThan(50);
    expect(seen.refused).toBeGreaterThan(50);
  });

  it('accepts nothing that it refuses, whatever stands in the headers, though the signature covers it', () => {
    let accepted = 0;
    // Half of them in the form of an id: hardly one of the others has it.
    const ids = fc.oneof(header(), fc.constant('msg_1'));
    const times = fc.oneof(
      header(),
      fc.constantFrom(
        `${NOW_SECONDS}`,
        `0${NOW_SECONDS}`,
        `${NOW_SECONDS}.5`,
        `${NOW_SECONDS}abc`,
        '1e9',
        'NaN',
      ),
    );
    fc.assert(
      fc.property(secret(), ids, times, header(), (key, id, at, more) => {
        // What HTTP takes off a header's ends is not signed.
        const content = `${id.trim()}.${at.trim()}.{}`;
        const signature = createHmac('sha256', keyOf(key)).update(content, 'latin1').digest('base64');
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': at,
          'webhook-signature': `${more} v1,${signature}`,
        };
        const one = { body: new TextEncoder().encode('{}'), headers, secrets: [key] };
        if (judged(one) === 'refused') return;
        accepted += 1;
        expect(judgedByOracle(one)).toBe('accepted');
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('is right about bytes that no text can hold, where the library is not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), secret(), fc.nat(), (body, key, at) => {
        const headers = Object.fromEntries(signed(body, { secret: key, atSeconds: NOW_SECONDS }));
        expect(judged({ body, headers, secrets: [key] })).toBe('accepted');
        // Every other body is refused, also one that a decoder would take for the same.
        const replaced = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body));
        const flipped = body.map((byte, index) => (index === at % body.length ? byte ^ 1 : byte));
        for (const other of [replaced, flipped, Uint8Array.of(...body, 0)]) {
          const isSame = Buffer.from(other).equals(body);
          expect(judged({ body: other, headers, secrets: [key] })).toBe(isSame ? 'accepted' : 'refused');
        }
      }),
      { numRuns: 1000 },
    );
    const latin1 = Buffer.from('{"name":"Søren"}', 'latin1');
    const [key = ''] = fc.sample(secret(), 1);
    const headers = Object.fromEntries(signed(latin1, { secret: key, atSeconds: NOW_SECONDS }));
    expect(judged({ body: latin1, headers, secrets: [key] })).toBe('accepted');
    expect(judgedByOracle({ body: latin1, headers, secrets: [key] })).toBe('refused');
  });
});

/** Each header in its own shape; whether the signatures are of this body, this time and these secrets is open. */
function wellFormed(): fc.Arbitrary<Case> {
  const text = fc.oneof(anyText(), fc.json(), fc.constant('\ufeff{}'), fc.constant(''));
  return fc
    .record({
      text,
      other: text,
      secrets: fc.array(secret(), { minLength: 1, maxLength: 3 }),
      stranger: secret(),
      id: fc.string({
        unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
        minLength: 1,
        maxLength: 255,
      }),
      at: fc
        .oneof(
          { weight: 6, arbitrary: fc.integer({ min: -302, max: 302 }) },
          { weight: 1, arbitrary: fc.constantFrom(-301, -300, 300, 301) },
          { weight: 1, arbitrary: fc.integer({ min: -NOW_SECONDS, max: 1e9 }) },
        )
        .map((seconds) => NOW_SECONDS + seconds),
      entries: fc.array(
        fc.record({
          by: fc.constantFrom('valid', 'valid', 'valid', 'stranger'),
          version: fc.constantFrom('v1', 'v1', 'v1', 'v1', 'v1', 'v1a', 'v2', 'V1', ''),
          over: fc.constantFrom('text', 'text', 'text', 'text', 'other', 'id', 'time'),
          form: fc.constantFrom('whole', 'whole', 'whole', 'whole', 'cut', 'url'),
          which: fc.nat(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    })
    .map(({ text, other, secrets, stranger, id, at, entries }) => {
      const signatures = entries.map(({ by, version, over, form, which }) => {
        const key = by === 'valid' ? secrets[which % secrets.length]! : stranger;
        const content = [
          over === 'id' ? `${id}x` : id,
          over === 'time' ? at + 1 : at,
          over === 'other' ? other : text,
        ];
        const whole = createHmac('sha256', keyOf(key)).update(content.join('.')).digest('base64');
        const signature = {
          whole,
          cut: whole.slice(0, -1),
          url: whole.replaceAll('+', '-').replaceAll('/', '_'),
        }[form];
        return `${version},${signature}`;
      });
      return {
        body: new TextEncoder().encode(text),
        secrets,
        headers: {
          'webhook-id': id,
          'webhook-timestamp': String(at),
          'webhook-signature': signatures.join(' '),
        },
      };
    });
}

/** 24 to 64 bytes, as the specification says. */
function secret(): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: 24, maxLength: 64 })
    .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
}

function keyOf(whsec: string): Buffer {
  return Buffer.from(whsec.slice('whsec_'.length), 'base64');
}

/** Whatever a header may carry. */
function header(): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff }));
  return fc.string({ unit: unit.map((code) => String.fromCharCode(code)), maxLength: 80 });
}

function judged({ body, headers, secrets }: Case): 'accepted' | 'refused' {
  const adapter = ledgerbee({ ...LEDGERBEE_OPTIONS, webhookSecrets: secrets });
  return outcome(() => adapter.verify(body, new Headers(headers), NOW_MS));
}

/** With several secrets, as the specification has it: any may match. */
function judgedByOracle({ body, headers, secrets }: Case): 'accepted' | 'refused' {
  // As HTTP hands them on: without the space around them.
  const received = Object.fromEntries(new Headers(headers));
  const judgments = secrets.map((one) =>
    outcome(() => new Webhook(one).verify(Buffer.from(body), received, { jsonParse: false })),
  );
  return judgments.includes('accepted') ? 'accepted' : 'refused';
}

function outcome(check: () => unknown): 'accepted' | 'refused' {
  try {
    check();
    return 'accepted';
  } catch {
    return 'refused';
  }
}
