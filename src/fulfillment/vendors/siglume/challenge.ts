/**
 * Challenges: how Siglume binds merchant, amount, currency and nonce. Its server writes them for a hosted
 * checkout; with the challenge secret we can tell the hash, and so the order, before it has answered.
 */
import { createHash, createHmac } from 'node:crypto';

const SCHEME = 'siglume-external-402-v1';

/** What one payment is for. */
export interface ChallengeTerms {
  /** The merchant key, in any case. */
  readonly merchant: string;
  /** Minor units. */
  readonly amountMinor: number;
  /** In any case. */
  readonly currency: string;
  /** Without a colon. */
  readonly nonce: string;
}

/**
 * `scheme:nonce:signature`. Says who may pay what to whom; whoever holds it may pay it, so it belongs on a server.
 * @throws {RangeError} for a nonce with a colon, or none: the parts could be read in two ways.
 */
export function signChallenge(challengeSecret: string, terms: ChallengeTerms): string {
  const { merchant, amountMinor, currency, nonce } = normalize(terms);
  if (nonce === '' || nonce.includes(':')) throw new RangeError('a nonce is text without a colon');
  const signature = createHmac('sha256', challengeSecret.trim())
    .update(`${merchant}:${amountMinor}:${currency}:${nonce}`)
    .digest('hex');
  return `${SCHEME}:${nonce}:${signature}`;
}

/** What joins a delivery to an order. */
export function hashChallenge(challenge: string): string {
  return sha256(challenge);
}

/** Hash of the challenge that Siglume's server will write for these terms, if it builds it as its SDK does (U23). */
export function expectChallengeHash(challengeSecret: string, terms: ChallengeTerms): string {
  return hashChallenge(signChallenge(challengeSecret, terms));
}

/** The historic hash of a payment request; ambiguous by construction, kept for deliveries that still carry it. */
export function hashRequest(terms: ChallengeTerms, challenge: string): string {
  const { merchant, amountMinor, currency } = normalize(terms);
  return sha256(`${merchant}${amountMinor}${currency}${challenge}`);
}

/** `request_hash_v2`: compact JSON with its keys in this order. */
export function hashRequestV2(terms: ChallengeTerms, challenge: string): string {
  const { merchant, amountMinor, currency } = normalize(terms);
  return sha256(JSON.stringify({ amount_minor: amountMinor, challenge, currency, merchant, version: 2 }));
}

function normalize({ merchant, amountMinor, currency, nonce }: ChallengeTerms): ChallengeTerms {
  return {
    merchant: merchant.trim().toLowerCase(),
    amountMinor,
    currency: currency.trim().toUpperCase(),
    nonce: nonce.trim(),
  };
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
