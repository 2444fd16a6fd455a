/** Signs deliveries: HMAC-SHA256 over `<unix seconds>.<body>`, in hex, under the whole secret as text. */
import { createHmac, randomBytes } from 'node:crypto';

/** A signing secret in the vendor's form. Random, and of no use anywhere else. */
export function createSiglumeWebhookSecret(): string {
  return `whsec_${randomBytes(24).toString('base64url')}`;
}

/**
 * @param timestampSeconds Send time in unix seconds.
 * @param secrets One `v1` is made with each: two while a rotated secret is still valid.
 * @returns The value of the `Siglume-Signature` header.
 */
export function signSiglumeDelivery(
  timestampSeconds: number,
  body: string | Uint8Array,
  secrets: readonly string[],
): string {
  const macs = secrets.map(
    (secret) =>
      `v1=${createHmac('sha256', secret).update(`${timestampSeconds}.`).update(body).digest('hex')}`,
  );
  return [`t=${timestampSeconds}`, ...macs].join(',');
}
