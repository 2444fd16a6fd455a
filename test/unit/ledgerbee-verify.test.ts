import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ledgerbee } from '../../src/fulfillment/vendors/ledgerbee/index.js';
import { anyText } from '../support/any-text.js';
import { LEDGERBEE_OPTIONS, newSecret, signed } from '../support/ledgerbee.js';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const NOW_SECONDS = NOW_MS / 1000;
const SECRET = newSecret();
const BODY = new TextEncoder().encode('{"type":"subscription.started"}');

afterEach(() => vi.useRealTimers());

describe('verify', () => {
  it('returns the message id and the bytes of a genuine delivery', () => {
    const delivery = verify(BODY, signed(BODY, { secret: SECRET, id: 'msg_1', atSeconds: NOW_SECONDS }));
    expect(delivery).toEqual({ messageId: 'msg_1', rawBody: BODY });
  });

  it('accepts a delivery signed outside this code', () => {
    // Made with standardwebhooks 1.1.1; the secret is the base64 of "not-a-real-secret-only-for-tests".
    const webhookSecrets = ['whsec_bm90LWEtcmVhbC1zZWNyZXQtb25seS1mb3ItdGVzdHM='];
    const headers = new Headers({
      'webhook-id': 'msg_fixed',
      'webhook-timestamp': '1780315200',
      'webhook-signature': 'v1,mvm6P5CN452decbSZT0A9tcq3J77ypquD3UqoZc5eUY=',
    });
    const body = new TextEncoder().encode('{"type":"subscription.started","data":{"subscriptionId":"æ"}}');
    const adapter = ledgerbee({ ...LEDGERBEE_OPTIONS, webhookSecrets });
    expect(adapter.verify(body, headers, 1_780_315_200_000).messageId).toBe('msg_fixed');
  });

  it('agrees with standardwebhooks on every valid UTF-8 body', () => {
    vi.useFakeTimers({ now: NOW_MS });
    const oracle = new Webhook(SECRET);
    fc.assert(
      fc.property(anyText(), fc.boolean(), (text, isTampered) => {
        const body = new TextEncoder().encode(text);
        const received = isTampered ? new TextEncoder().encode(`${text} `) : body;
        const headers = signed(body, { secret: SECRET, atSeconds: NOW_SECONDS });
        expect(headers.get('webhook-signature')).toBe(
          oracle.sign(headers.get('webhook-id') ?? '', new Date(NOW_MS), text),
        );
        const ours = outcome(() => verify(received, headers));
        const theirs = outcome(() =>
          oracle.verify(Buffer.from(received), Object.fromEntries(headers), { jsonParse: false }),
        );
        expect(ours).toBe(theirs);
      }),
    );
  });

  it('verifies bytes that are no UTF-8 as they are', () => {
    const body = Uint8Array.from([0x7b, 0xff, 0xfe, 0x80, 0x7d]);
    expect(verify(body, signed(body, { secret: SECRET, atSeconds: NOW_SECONDS })).rawBody).toEqual(body);
    // What a decoder would have made of them is another body.
    const replaced = new TextEncoder().encode(new TextDecoder().decode(body));
    expect(() => verify(replaced, signed(body, { secret: SECRET, atSeconds: NOW_SECONDS }))).toThrow(
      expect.objectContaining({ code: 'no-match' }),
    );
  });

  it('takes any of several secrets, so that one can be rolled', () => {
    const next = newSecret();
    const adapter = ledgerbee({ ...LEDGERBEE_OPTIONS, webhookSecrets: [SECRET, next] });
    for (const secret of [SECRET, next]) {
      const headers = signed(BODY, { secret, atSeconds: NOW_SECONDS });
      expect(adapter.verify(BODY, headers, NOW_MS).rawBody).toBe(BODY);
    }
  });

  it('takes any of several signatures, and passes over other versions', () => {
    const headers = signed(BODY, { secret: SECRET, atSeconds: NOW_SECONDS });
    const genuine = headers.get('webhook-signature') ?? '';
    const other =
      signed(BODY, { secret: newSecret(), atSeconds: NOW_SECONDS }).get('webhook-signature') ?? '';
    headers.set('webhook-signature', `v1a,${randomBytes(64).toString('base64')} ${other} junk ${genuine}`);
    expect(verify(BODY, headers).rawBody).toBe(BODY);
  });

  it.each([
    ['as another version', (signature: string) => signature.replace('v1,', 'v2,'), 'malformed-header'],
    ['cut short', (signature: string) => signature.slice(0, -2), 'malformed-header'],
    ['with something after it', (signature: string) => `${signature},x`, 'malformed-header'],
    ['without its version', (signature: string) => signature.slice(3), 'malformed-header'],
    ['of another secret', () => `v1,${createHmac('sha256', 'x').digest('base64')}`, 'no-match'],
  ])('refuses a signature %s', (_, change, code) => {
    const headers = signed(BODY, { secret: SECRET, atSeconds: NOW_SECONDS });
    headers.set('webhook-signature', change(headers.get('webhook-signature') ?? ''));
    expect(() => verify(BODY, headers)).toThrow(expect.objectContaining({ name: 'SignatureError', code }));
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'refuses a delivery without %s',
    (name) => {
      const headers = signed(BODY, { secret: SECRET, atSeconds: NOW_SECONDS });
      headers.delete(name);
      expect(() => verify(BODY, headers)).toThrow(expect.objectContaining({ code: 'missing-header' }));
    },
  );

  it.each(['NaN', '12abc', '-1', '1e9', '0x10', '1.5', '01780315200', 'Infinity'])(
    'refuses the timestamp %s before it is a number, though its signature matches',
    (timestamp) => {
      expect(() => verify(BODY, signedOver(timestamp))).toThrow(
        expect.objectContaining({ code: 'malformed-header' }),
      );
    },
  );

  it.each([
    ['of two words', 'two words'],
    ['with a tab', 'tab\there'],
    ['beyond ASCII', 'é'],
    ['of 256 characters', 'x'.repeat(256)],
  ])('refuses a message id %s', (_, id) => {
    const headers = signed(BODY, { secret: SECRET, atSeconds: NOW_SECONDS });
    headers.set('webhook-id', id);
    expect(() => verify(BODY, headers)).toThrow(expect.objectContaining({ code: 'malformed-header' }));
  });

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])('accepts a delivery %i s from now: %s', (seconds, isAccepted) => {
    const headers = signed(BODY, { secret: SECRET, atSeconds: NOW_SECONDS + seconds });
    if (isAccepted) expect(verify(BODY, headers).rawBody).toBe(BODY);
    else
      expect(() => verify(BODY, headers)).toThrow(expect.objectContaining({ code: 'outside-replay-window' }));
  });

  it('keeps another replay window when one is set', () => {
    const adapter = ledgerbee({ ...LEDGERBEE_OPTIONS, webhookSecrets: [SECRET], replayWindowSeconds: 10 });
    const late = signed(BODY, { secret: SECRET, atSeconds: NOW_SECONDS - 11 });
    expect(() => adapter.verify(BODY, late, NOW_MS)).toThrow(
      expect.objectContaining({ code: 'outside-replay-window' }),
    );
  });

  it('refuses a time so far away that it is no safe number', () => {
    expect(() => verify(BODY, signedOver('9'.repeat(400)))).toThrow(
      expect.objectContaining({ code: 'outside-replay-window' }),
    );
  });

  it('repeats neither secret nor body in an error', () => {
    const headers = signed(BODY, { secret: newSecret(), atSeconds: NOW_SECONDS });
    const error = caught(() => verify(BODY, headers));
    expect(error.message).not.toContain('subscription');
    expect(error.message).not.toContain('whsec_');
  });
});

function verify(body: Uint8Array, headers: Headers) {
  return ledgerbee({ ...LEDGERBEE_OPTIONS, webhookSecrets: [SECRET] }).verify(body, headers, NOW_MS);
}

/** A delivery whose signature covers exactly this timestamp. */
function signedOver(timestamp: string): Headers {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(BODY).digest('base64');
  return new Headers({
    'webhook-id': 'msg_1',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  });
}

function outcome(check: () => unknown): 'accepted' | 'refused' {
  try {
    check();
    return 'accepted';
  } catch {
    return 'refused';
  }
}

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
