/** The challenge that the vendor's server writes for a session, by its SDK's published rules. */
import { createHash, createHmac } from 'node:crypto';

export interface Challenge {
  readonly hash: string;
  /** `request_hash_v2`. */
  readonly requestHash: string;
}

export function writeChallenge(
  secret: string,
  terms: { readonly merchant: string; readonly amountMinor: number; readonly currency: string },
  nonce: string,
): Challenge {
  const { merchant, amountMinor, currency } = terms;
  const signature = createHmac('sha256', secret)
    .update(`${merchant}:${amountMinor}:${currency}:${nonce}`)
    .digest('hex');
  const challenge = `siglume-external-402-v1:${nonce}:${signature}`;
  const request = { amount_minor: amountMinor, challenge, currency, merchant, version: 2 };
  return { hash: sha256(challenge), requestHash: sha256(JSON.stringify(request)) };
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
