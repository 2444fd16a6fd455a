import { msOf } from './time.js';

/** An attempt's hosted checkout, as far as it is known. */
export interface RedirectSession {
  readonly attemptId: string;
  readonly nonce: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** With {@link checkoutUrl}; `null` until the vendor answered. */
  readonly sessionId: string | null;
  readonly checkoutUrl: string | null;
  readonly expiresAtMs: number | null;
  readonly checkedAtMs: number | null;
  readonly paidSeenAtMs: number | null;
  /** The last call that may have made a session. */
  readonly calledAtMs: number | null;
}

export interface RedirectSessionColumns {
  readonly attempt_id: string;
  readonly nonce: string;
  readonly success_url: string;
  readonly cancel_url: string;
  readonly session_id: string | null;
  readonly checkout_url: string | null;
  readonly expires_at: number | null;
  readonly checked_at: number | null;
  readonly paid_seen_at: number | null;
  readonly called_at: number | null;
}

/** Of the row `s`. */
export const REDIRECT_SESSION_COLUMNS = `s.attempt_id, s.nonce, s.success_url, s.cancel_url, s.session_id, s.checkout_url,
  ${msOf('s.expires_at')} AS expires_at, ${msOf('s.checked_at')} AS checked_at,
  ${msOf('s.paid_seen_at')} AS paid_seen_at, ${msOf('s.called_at')} AS called_at`;

export function toRedirectSession(row: RedirectSessionColumns): RedirectSession {
  return {
    attemptId: row.attempt_id,
    nonce: row.nonce,
    successUrl: row.success_url,
    cancelUrl: row.cancel_url,
    sessionId: row.session_id,
    checkoutUrl: row.checkout_url,
    expiresAtMs: row.expires_at,
    checkedAtMs: row.checked_at,
    paidSeenAtMs: row.paid_seen_at,
    calledAtMs: row.called_at,
  };
}
