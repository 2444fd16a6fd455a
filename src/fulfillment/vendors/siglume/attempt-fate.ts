/** What becomes of an attempt, after what was heard of its session? Pure. */
import type { VendorError } from '../../errors.js';
import { NONCE_SPENT } from './assumed.js';
import type { CheckoutReading } from './checkout.js';

/**
 * - `keep`: go on under the same nonce. Whether a session was made may be unclear; the repetition gives it.
 * - `ask`: a session stands, or stood, under this nonce and cannot be had again by it. Read it, and retire the attempt only
 *   when it is dead. Where its id was lost before it was stored, it is dead once a session's whole life has passed.
 */
export type AttemptFate = 'keep' | 'ask';

/**
 * After a failed call. Time-outs, 5xx and 429 leave open whether there is a session, and a refusal for the
 * merchant's own reasons made none: in all these the nonce is still good, and a second one could become a second
 * payment. (Siglume's own template retires on any error, and two live sessions follow.)
 */
export function fateOf({ status, vendorCode }: VendorError): AttemptFate {
  return status === 409 && vendorCode === NONCE_SPENT ? 'ask' : 'keep';
}

/** How a session stands for us. */
export type SessionStanding =
  /** The buyer may still pay through it. */
  | 'live'
  /** The wallet took the payment; whether money moved is for the signed delivery to say. */
  | 'paid'
  /** No payment begins through it any more. One that began may still be confirmed, and is money. */
  | 'dead'
  /** Siglume has no such session. */
  | 'lost'
  /** A status we were never told of: a person looks, and no second session is opened. */
  | 'unclear';

/**
 * What was read of a session. A buyer who signed in before the end may still pay after it (U9), so the clock alone
 * ends only a session nobody signed in to.
 */
export function standingOfSession(reading: CheckoutReading | null, nowMs: number): SessionStanding {
  if (reading === null) return 'lost';
  switch (reading.status) {
    case 'open':
      return reading.expiresAtMs !== null && reading.expiresAtMs <= nowMs ? 'dead' : 'live';
    case 'authenticated':
      return 'live';
    case 'paid':
      return 'paid';
    case 'expired':
    case 'cancelled':
    case 'failed':
      return 'dead';
    case 'unknown':
      return 'unclear';
  }
}
