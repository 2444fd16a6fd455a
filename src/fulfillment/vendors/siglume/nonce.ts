import { createHash } from 'node:crypto';

/**
 * The nonce of one payment attempt. The API has no idempotency key: this is it. It follows from what is stored
 * before the call, so that a repetition after a time-out, a 5xx or a crash is the same payment.
 * @param attemptId What tells this order's attempts apart. Another one only once the earlier attempt's session
 * is known to have expired, been cancelled or failed: two live sessions are two payments.
 */
export function stableNonce(orderRef: string, attemptId: string): string {
  const material = JSON.stringify([orderRef, attemptId]);
  return `sdrp-${createHash('sha256').update(material).digest('hex').slice(0, 32)}`;
}
