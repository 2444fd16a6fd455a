/** `…/checkout-sessions`: makes a session, and says how one stands. */
import type { Reply } from '../../ledgerbee/http.js';
import { ASSUMED } from '../assumptions.js';
import type { CheckoutSession, NewCheckoutSession } from '../checkout-sessions.js';
import { ApiFailure, data, invalidField } from '../failure.js';
import { CREATED_FAULTS, type CreatedFault } from '../faults.js';
import { CADENCE, decimal, isCurrency, TOKEN } from '../money.js';
import type { SiglumePayment } from '../payments.js';
import type { SiglumeVendor } from '../vendor.js';
import { html, notReady, type ApiCall } from './guard.js';

/** Stands in for the buyer of a session that is paid before anyone could have opened it. */
const QUICK_BUYER = 'quick@buyer.example';

export async function createSession(vendor: SiglumeVendor, { body }: ApiCall): Promise<Reply> {
  const { merchant, sessions, faults } = vendor;
  const wanted = readNewSession(vendor, body);
  const missing = merchant.missing();
  if (missing.length > 0) throw notReady(vendor, missing);
  const { session, isNew } = sessions.create(wanted);
  if (faults.take('webhook-before-answer')) await payAtOnce(vendor, session);
  const fault = faults.takeOneOf(CREATED_FAULTS);
  if (fault !== null) return spoiled(fault);
  const { id, challengeHash, status, expiresAt } = session;
  return data(
    {
      checkout_url: `${vendor.checkoutOrigin()}/pay/${id}`,
      session_id: id,
      challenge_hash: challengeHash,
      status,
      expires_at: expiresAt,
    },
    isNew ? 201 : 200,
  );
}

export function readSession(vendor: SiglumeVendor, { params }: ApiCall): Reply {
  const session = vendor.sessions.get(params['id'] ?? '');
  // The code is ASSUMED (U10).
  if (session === null) throw new ApiFailure(404, 'CHECKOUT_SESSION_NOT_FOUND', 'No such checkout session');
  const payment = vendor.payments.of(session);
  return data({
    session_id: session.id,
    merchant: session.merchant,
    currency: session.currency,
    token_symbol: TOKEN[session.currency],
    amount_minor: session.amountMinor,
    status: session.status,
    challenge_hash: session.challengeHash,
    success_url: session.successUrl,
    cancel_url: session.cancelUrl,
    metadata_jsonb: session.metadata,
    created_at: session.createdAt,
    expires_at: session.expiresAt,
    authenticated_at: session.authenticatedAt,
    paid_at: session.paidAt,
    cancelled_at: session.cancelledAt,
    requirement_id: session.requirementId,
    pricing_band: payment?.band ?? null,
    settlement_cadence: payment === null ? null : CADENCE[payment.band],
    finality: payment === null ? null : finalityOf(payment.band),
    protocol_fee_minor: payment === null ? null : decimal(payment.feeTenths),
    settlement_status: payment === null ? null : settlementOf(vendor, payment),
    chain_receipt_id: payment?.chainReceiptId ?? null,
  });
}

function settlementOf({ assumptions }: SiglumeVendor, { settlementStatus }: SiglumePayment): string {
  return settlementStatus === 'pending_payment' ? assumptions.current.beforeSettled : settlementStatus;
}

function finalityOf(band: string): string {
  return band === 'standard' ? 'per_payment_onchain' : 'aggregated_onchain_settlement';
}

/** Signed in, approved, paid and announced, in no time at all. */
async function payAtOnce(
  { sessions, payments, inFlight }: SiglumeVendor,
  { id }: CheckoutSession,
): Promise<void> {
  sessions.signIn(id, QUICK_BUYER);
  sessions.approve(id);
  payments.confirm(payments.pay(id).requirementId);
  await inFlight.idle();
}

function spoiled(fault: CreatedFault): Reply {
  switch (fault) {
    case 'hangs-after-creating':
      return { ...html(201), instead: 'silence' };
    case 'cut-off-after-creating':
      return { ...html(201), instead: 'end' };
    case 'error-after-creating':
      throw new ApiFailure(500, 'INTERNAL_ERROR', 'Something broke');
    case 'not-json-after-creating':
      return html(201);
  }
}

function readNewSession(vendor: SiglumeVendor, body: ApiCall['body']): NewCheckoutSession {
  const { merchant } = vendor;
  const key = typeof body['merchant'] === 'string' ? body['merchant'].trim().toLowerCase() : '';
  if (key === '') throw invalidField('merchant', 'is required');
  if (key !== merchant.key) throw new ApiFailure(404, 'EXTERNAL_402_MERCHANT_NOT_FOUND', 'No such merchant');
  const { amount_minor: amountMinor, metadata } = body;
  if (typeof amountMinor !== 'number' || !Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
    throw invalidField('amount_minor', 'must be a positive whole number');
  }
  const currency = typeof body['currency'] === 'string' ? body['currency'].trim().toUpperCase() : '';
  if (!isCurrency(currency)) throw invalidField('currency', 'must be JPY or USD');
  const nonce = typeof body['nonce'] === 'string' ? body['nonce'].trim() : '';
  if (nonce === '' || nonce.includes(':') || nonce.length > ASSUMED.longestNonce) {
    throw invalidField('nonce', `must be text of 1 to ${ASSUMED.longestNonce} characters without a colon`);
  }
  return {
    amountMinor,
    currency,
    nonce,
    successUrl: readReturnUrl(vendor, body, 'success_url'),
    cancelUrl: readReturnUrl(vendor, body, 'cancel_url'),
    metadata: readMetadata(metadata),
  };
}

/** On a listed origin, or on the webhook's; status and code ASSUMED (U7). */
function readReturnUrl({ merchant }: SiglumeVendor, body: ApiCall['body'], field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || !merchant.allowsReturnTo(value)) {
    throw invalidField(field, 'must lie on an allowed origin of the merchant');
  }
  return new URL(value).href;
}

function readMetadata(value: unknown): NewCheckoutSession['metadata'] {
  if (value === undefined || value === null) return null;
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (!isObject || JSON.stringify(value).length > ASSUMED.largestMetadataBytes) {
    throw invalidField('metadata', `must be an object of at most ${ASSUMED.largestMetadataBytes} bytes`);
  }
  return value as Readonly<Record<string, unknown>>;
}
