/** Hosted checkout sessions: opens one, and asks how one stands. */
import { DecodeError, readRecord, readRedirectUrl } from '../../../protocol/index.js';
import { ConfigurationError } from '../../errors.js';
import { callApi, unreadable, type ApiOptions } from './api.js';
import { LONGEST_NONCE, SESSION_UNKNOWN } from './assumed.js';
import type { ApiCall } from './call.js';
import { isPathId, presentText, readOptionalText, readOptionalTime, readPathId, readText } from './fields.js';
import { acceptReturnUrl } from './return-url.js';
import { readClaimedTerms, type ClaimedTerms, type Currency } from './terms.js';

const SESSIONS = '/sdrp/direct-payments/checkout-sessions';

/** What is to be paid, from the merchant's own order and the stored attempt. */
export interface CheckoutRequest {
  /** Minor units. */
  readonly amountMinor: number;
  readonly currency: Currency;
  /** As stored with the attempt; see `stableNonce`. */
  readonly nonce: string;
  /** Where the buyer comes back to. Proves nothing. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Goes out as `metadata`, for people who look at the session in Siglume's portal. */
  readonly orderRef: string;
  readonly attemptId: string;
}

/** What must be stored, in one conditional update, before the buyer is sent to `checkoutUrl`. */
export interface OpenedCheckout {
  readonly sessionId: string;
  /** https, or http on a loopback name. */
  readonly checkoutUrl: string;
  /** Joins the delivery to this attempt. */
  readonly challengeHash: string;
  /** Milliseconds since the epoch; `null` where Siglume names no end. */
  readonly expiresAtMs: number | null;
  readonly status: SessionStatus;
}

const SESSION_STATUSES = ['open', 'authenticated', 'paid', 'expired', 'cancelled', 'failed'] as const;
/** `unknown`: a word we were never told of. */
export type SessionStatus = (typeof SESSION_STATUSES)[number] | 'unknown';

/** How a session stands. For display and for the sweep: only a signed delivery fulfills. */
export interface CheckoutReading {
  readonly sessionId: string;
  readonly status: SessionStatus;
  readonly challengeHash: string | null;
  readonly expiresAtMs: number | null;
  readonly requirementId: string | null;
  readonly settlementStatus: string | null;
  readonly chainReceiptId: string | null;
  readonly claimed: ClaimedTerms;
}

/**
 * `POST …/checkout-sessions`. Tried once: a repetition is the caller's, under the same nonce, which gives the
 * session that may have been made. What a failure means for the attempt, `fateOf` says.
 * @param returnOrigins Where the return URLs may lie.
 * @throws {ConfigurationError} `invalid-option` for a return URL elsewhere, or terms Siglume's own SDK would refuse.
 * @throws {VendorError} `checkout-unavailable` where only the merchant can mend it.
 */
export async function openCheckout(
  api: ApiOptions,
  merchant: string,
  returnOrigins: readonly string[],
  request: CheckoutRequest,
  signal: AbortSignal,
): Promise<OpenedCheckout> {
  const { amountMinor, currency, nonce, orderRef, attemptId } = request;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
    throw invalid('amountMinor must be a positive whole number of minor units');
  }
  if (nonce.trim() !== nonce || nonce === '' || nonce.includes(':') || nonce.length > LONGEST_NONCE) {
    throw invalid(`nonce must be text of 1 to ${LONGEST_NONCE} characters without a colon`);
  }
  const call: ApiCall = {
    method: 'POST',
    path: SESSIONS,
    token: 'merchantToken',
    opensCheckout: true,
    body: {
      merchant,
      amount_minor: amountMinor,
      currency,
      nonce,
      success_url: checkReturnUrl('successUrl', request.successUrl, returnOrigins),
      cancel_url: checkReturnUrl('cancelUrl', request.cancelUrl, returnOrigins),
      metadata: { order_id: orderRef, attempt_id: attemptId },
    },
  };
  const body = await callApi(api, call, signal);
  return decoded(call, () => {
    const session = readRecord(body, 'session');
    return {
      sessionId: readPathId(session, 'session_id'),
      checkoutUrl: readRedirectUrl(presentText(session, 'checkout_url') ?? '', 'checkout_url'),
      challengeHash: readText(session, 'challenge_hash'),
      expiresAtMs: readOptionalTime(session, 'expires_at'),
      status: readStatus(session['status']),
    };
  });
}

/**
 * `GET …/checkout-sessions/{session_id}`.
 * @returns `null` for a session Siglume does not know.
 * @throws {VendorError}
 */
export async function readCheckout(
  api: ApiOptions,
  sessionId: string,
  signal: AbortSignal,
): Promise<CheckoutReading | null> {
  if (!isPathId(sessionId)) return null;
  const call: ApiCall = {
    method: 'GET',
    path: `${SESSIONS}/${sessionId}`,
    name: `${SESSIONS}/{session_id}`,
    token: 'merchantToken',
    opensCheckout: true,
    unknownCode: SESSION_UNKNOWN,
  };
  const body = await callApi(api, call, signal);
  if (body === undefined) return null;
  return decoded(call, () => {
    const session = readRecord(body, 'session');
    if (readText(session, 'session_id') !== sessionId)
      throw new DecodeError('session_id', 'the one asked for');
    return {
      sessionId,
      status: readStatus(session['status']),
      challengeHash: readOptionalText(session, 'challenge_hash'),
      expiresAtMs: readOptionalTime(session, 'expires_at'),
      requirementId: readOptionalText(session, 'requirement_id'),
      settlementStatus: readOptionalText(session, 'settlement_status'),
      chainReceiptId: readOptionalText(session, 'chain_receipt_id'),
      claimed: readClaimedTerms(session),
    };
  });
}

function readStatus(value: unknown): SessionStatus {
  return SESSION_STATUSES.find((status) => status === value) ?? 'unknown';
}

function checkReturnUrl(name: string, value: string, origins: readonly string[]): string {
  const accepted = acceptReturnUrl(value, origins);
  if (accepted !== null) return accepted;
  throw invalid(
    `${name} must be an https URL (http on a loopback name only) on one of the returnOrigins: ${origins.join(', ')}`,
  );
}

function decoded<T>(call: ApiCall, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) throw unreadable(call, 200, error.message);
    throw error;
  }
}

function invalid(problem: string): ConfigurationError {
  return new ConfigurationError('invalid-option', `siglume: ${problem}`);
}
