/** Is a delivery Siglume's, and of now? */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { DecodeError } from '../../../protocol/index.js';
import { ConfigurationError, SignatureError } from '../../errors.js';
import type { DeliveryHeaders, VerifiedDelivery } from '../../ports.js';
import { EVENT_ID_HEADER, EVENT_TYPE_HEADER } from './assumed.js';
import { readEvent, type SiglumeEvent } from './envelope.js';

const HEADER = 'siglume-signature';
const SECRET_PREFIX = 'whsec_';

/** Unix seconds. The vendor's `parseInt` takes `12abc`; a leading zero would be signed over as another text. */
const TIMESTAMP = /^(?:0|[1-9]\d*)$/;
/** An HMAC-SHA256 in hex. The vendor emits lowercase and takes both. */
const HEX_MAC = /^[0-9a-fA-F]{64}$/;

export interface SignatureRules {
  /** All secrets that are valid now, each as the bytes of the whole `whsec_…` text: two while one is changed. */
  readonly keys: readonly Uint8Array[];
  /** How far the delivery's time may lie from ours, in whole seconds, either way. */
  readonly replayWindowSeconds: number;
}

/**
 * Verifies one delivery over its raw bytes: `t=<seconds>,v1=<hex>`, where `v1` is the HMAC-SHA256 of
 * `<seconds>.<body>`. Touches no store.
 *
 * More strict than Siglume's own library: one `t`, of digits alone. More lenient in one point, for the time a
 * secret is changed: any of several `v1` may match, where the library takes the last.
 *
 * A delivery is signed anew each time it is sent, so a late one passes; what was recorded within the window
 * passes too, and is stopped by its id.
 * @param rawBody Bytes as received; a body that was parsed and written again will not match.
 * @param nowMs Milliseconds since the epoch.
 * @throws {SignatureError} `missing-header`, `malformed-header`, `outside-replay-window` or `no-match`.
 */
export function verifyDelivery(
  rawBody: Uint8Array,
  headers: DeliveryHeaders,
  nowMs: number,
  rules: SignatureRules,
): VerifiedDelivery {
  const { timestamp, macs } = readSignature(headers.get(HEADER));
  if (Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) > rules.replayWindowSeconds) {
    throw new SignatureError(
      'outside-replay-window',
      `The delivery's time is more than ${rules.replayWindowSeconds} s from this clock`,
    );
  }
  if (!rules.keys.some((key) => isSignedWith(key, timestamp, rawBody, macs))) {
    throw new SignatureError(
      'no-match',
      'No signature of the delivery matches: another secret, or a body that is not as it was sent',
    );
  }
  const event = readIfEvent(rawBody);
  checkCopies(headers, event);
  return { messageId: event?.id ?? idOfBytes(rawBody), rawBody };
}

/**
 * The key that a webhook secret is: all of it, as text. Space around it, which copying leaves, is cut once here.
 * @param name What to call the secret in an error: its content is never repeated.
 * @throws {ConfigurationError} `invalid-option`
 */
export function parseWebhookSecret(secret: unknown, name: string): Uint8Array {
  const text = typeof secret === 'string' ? secret.trim() : '';
  if (!text.startsWith(SECRET_PREFIX) || text.length === SECRET_PREFIX.length) {
    throw new ConfigurationError(
      'invalid-option',
      `${name} must be the whole whsec_… value that Siglume showed when the webhook subscription was made or its secret rotated`,
    );
  }
  return Buffer.from(text, 'utf8');
}

/** Pairs in any order, with space around them; names that are not ours to judge are passed over. */
function readSignature(header: string | null): {
  readonly timestamp: string;
  readonly macs: readonly Uint8Array[];
} {
  if (header === null || header.trim() === '') {
    throw new SignatureError('missing-header', 'The delivery has no Siglume-Signature header');
  }
  const values = (name: string): readonly string[] =>
    header.split(',').flatMap((pair) => {
      const [key, ...rest] = pair.trim().split('=');
      return key === name ? [rest.join('=')] : [];
    });
  const [timestamp, ...moreTimes] = values('t');
  const macs = values('v1')
    .filter((mac) => HEX_MAC.test(mac))
    .map((mac) => Buffer.from(mac, 'hex'));
  if (timestamp === undefined || moreTimes.length > 0 || !TIMESTAMP.test(timestamp) || macs.length === 0) {
    throw new SignatureError(
      'malformed-header',
      "The delivery's Siglume-Signature header must have one t of digits and a v1 of 64 hex digits",
    );
  }
  return { timestamp, macs };
}

function isSignedWith(
  key: Uint8Array,
  timestamp: string,
  rawBody: Uint8Array,
  macs: readonly Uint8Array[],
): boolean {
  const expected = createHmac('sha256', key).update(`${timestamp}.`).update(rawBody).digest();
  return macs.some((mac) => timingSafeEqual(mac, expected));
}

/** `null` for a genuine body that is no event: it is kept all the same, and a person looks. */
function readIfEvent(rawBody: Uint8Array): SiglumeEvent | null {
  try {
    return readEvent(rawBody);
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

/** Where the unsigned copies of id and type are sent, they must say what the signed body says. */
function checkCopies(headers: DeliveryHeaders, event: SiglumeEvent | null): void {
  const copies = [
    [EVENT_ID_HEADER, event?.id],
    [EVENT_TYPE_HEADER, event?.type],
  ] as const;
  for (const [name, signed] of copies) {
    const copy = headers.get(name);
    if (copy !== null && signed !== undefined && copy !== signed) {
      throw new SignatureError('malformed-header', `The delivery's ${name} header is not what its body says`);
    }
  }
}

/** The same bytes are the same message. */
function idOfBytes(rawBody: Uint8Array): string {
  return `body-${createHash('sha256').update(rawBody).digest('hex')}`;
}
