/** Is a delivery LedgerBee's, and of now? Standard Webhooks 1.0.0, symmetric scheme `v1`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigurationError, SignatureError } from '../../errors.js';
import type { DeliveryHeaders, VerifiedDelivery } from '../../ports.js';

const SECRET_PREFIX = 'whsec_';
/** Bytes a signing secret may hold, by the specification. */
const SECRET_MIN_BYTES = 24;
const SECRET_MAX_BYTES = 64;

/** Visible ASCII: the id becomes a key in the inbox. */
const MESSAGE_ID = /^[\x21-\x7e]{1,255}$/;
/** Seconds since the epoch, each in one spelling. `parseInt` would take `12abc`, and `NaN > 300` is false. */
const TIMESTAMP = /^(?:0|[1-9]\d*)$/;
/** Base64 of the 32 bytes of an HMAC-SHA256. Entries of other versions, such as `v1a`, are not ours to judge. */
const V1_ENTRY = /^v1,([A-Za-z0-9+/]{43}=)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export interface SignatureRules {
  /** All secrets that are valid now: two while one is rolled. */
  readonly keys: readonly Uint8Array[];
  /** How far the delivery's time may lie from ours, in seconds, either way. */
  readonly replayWindowSeconds: number;
}

/**
 * Verifies one delivery. Touches no store and parses nothing.
 * @param rawBody Bytes as received; a body that was parsed and written again will not match.
 * @param nowMs Milliseconds since the epoch.
 * @throws {SignatureError} `missing-header`, `malformed-header`, `outside-replay-window` or `no-match`.
 * @see Standard Webhooks 1.0.0, "Verifying webhook authenticity"
 */
export function verifyDelivery(
  rawBody: Uint8Array,
  headers: DeliveryHeaders,
  nowMs: number,
  rules: SignatureRules,
): VerifiedDelivery {
  const messageId = readHeader(headers, 'webhook-id', MESSAGE_ID);
  const timestamp = readHeader(headers, 'webhook-timestamp', TIMESTAMP);
  const signatures = readSignatures(headers);
  if (Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) > rules.replayWindowSeconds) {
    throw new SignatureError(
      'outside-replay-window',
      `The delivery's webhook-timestamp is more than ${rules.replayWindowSeconds} s from this clock`,
    );
  }
  const signedPrefix = `${messageId}.${timestamp}.`;
  for (const key of rules.keys) {
    const expected = Buffer.from(
      createHmac('sha256', key).update(signedPrefix).update(rawBody).digest('base64'),
      'latin1',
    );
    if (signatures.some((signature) => timingSafeEqual(signature, expected))) return { messageId, rawBody };
  }
  throw new SignatureError(
    'no-match',
    'No signature of the delivery matches: another secret, or a body that is not as it was sent',
  );
}

/**
 * The key inside a `whsec_…` secret.
 * @param name What to call the secret in an error: its content is never repeated.
 * @throws {ConfigurationError} `invalid-option`
 */
export function parseSigningSecret(secret: unknown, name: string): Uint8Array {
  const refuse = (problem: string): ConfigurationError =>
    new ConfigurationError(
      'invalid-option',
      `${name} ${problem}. Copy the whole whsec_… value that LedgerBee showed when the endpoint was made or its secret rolled`,
    );
  if (typeof secret !== 'string') throw refuse('must be a string');
  if (!secret.startsWith(SECRET_PREFIX)) throw refuse(`must start with ${SECRET_PREFIX}`);
  const encoded = secret.slice(SECRET_PREFIX.length);
  if (!BASE64.test(encoded)) throw refuse(`must be base64 after ${SECRET_PREFIX}`);
  const key = Buffer.from(encoded, 'base64');
  if (key.length < SECRET_MIN_BYTES || key.length > SECRET_MAX_BYTES) {
    throw refuse(`must hold ${SECRET_MIN_BYTES} to ${SECRET_MAX_BYTES} bytes, and holds ${key.length}`);
  }
  return key;
}

function readHeader(headers: DeliveryHeaders, name: string, shape: RegExp): string {
  const value = headers.get(name);
  if (value === null || value === '') {
    throw new SignatureError('missing-header', `The delivery has no ${name} header`);
  }
  if (!shape.test(value)) {
    throw new SignatureError('malformed-header', `The delivery's ${name} header is malformed`);
  }
  return value;
}

/** The well-formed `v1` entries, as ASCII of one length, so that each can be compared in constant time. */
function readSignatures(headers: DeliveryHeaders): readonly Buffer[] {
  const header = headers.get('webhook-signature');
  if (header === null || header === '') {
    throw new SignatureError('missing-header', 'The delivery has no webhook-signature header');
  }
  const signatures = header.split(' ').flatMap((entry) => {
    const signature = V1_ENTRY.exec(entry)?.[1];
    return signature === undefined ? [] : [Buffer.from(signature, 'latin1')];
  });
  if (signatures.length === 0) {
    throw new SignatureError(
      'malformed-header',
      "The delivery's webhook-signature header holds no v1 signature",
    );
  }
  return signatures;
}
