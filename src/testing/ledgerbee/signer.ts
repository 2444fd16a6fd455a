/** Signs deliveries as Standard Webhooks 1.0.0 says: HMAC-SHA256 over `id.timestamp.body`, base64, `v1,`. */
import { createHmac, randomBytes } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A signing secret in the vendor's form. Random, and of no use anywhere else. */
export function createWebhookSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/**
 * @param timestampSeconds Send time in unix seconds.
 * @param body Bytes as sent.
 * @param secrets One entry is made with each: two while a rolled secret is still valid.
 * @returns The three headers of a delivery.
 */
export function signDelivery(
  id: string,
  timestampSeconds: number,
  body: string,
  secrets: readonly string[],
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const entries = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': entries.join(' '),
  };
}
